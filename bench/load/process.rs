//! Processes under test: started on their core, watched, and gone when this one is.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

/// Runs a command until its own standard input, a pipe from this process, closes; then ends it and
/// removes its folder, however this process ended.
const GUARD: &str = r#"
signal=$1 folder=$2; shift 2
"$@" </dev/null 2>>"$folder/log" &
pid=$!
echo "$pid"
exec >/dev/null 2>&1
cat
kill -s "$signal" "$pid"
# It may be halted.
kill -s CONT "$pid"
wait "$pid"
rm -rf "$folder"
"#;

/// `sysconf(_SC_CLK_TCK)` of every Linux there is.
const TICKS_PER_SECOND: f64 = 100.0;

/// Which cores do what; none where they cannot be told apart.
pub(crate) struct Cores(Option<(String, String)>);

impl Cores {
    /// Takes the last core for this process, and leaves the first to those under test.
    pub(crate) fn claim() -> Result<Self> {
        let status = fs::read_to_string("/proc/self/status").context("the benchmark runs on Linux")?;
        let allowed = field(&status, "Cpus_allowed_list:").unwrap_or_default();
        let (first, last) = (allowed.split(['-', ',']).next(), allowed.rsplit(['-', ',']).next());
        let (Some(first), Some(last)) = (first, last.filter(|last| Some(*last) != first)) else {
            return Ok(Self(None));
        };
        let me = std::process::id().to_string();
        // A thousand subscribers are a thousand files, here and in the server.
        let mut files = Command::new("prlimit");
        let _or_later = files.args(["--nofile=8192:", "--pid", &me]).stderr(Stdio::null()).status();
        let mut pin = Command::new("taskset");
        pin.args(["-acp", last, &me]).stdout(Stdio::null());
        let pinned = pin.status().is_ok_and(|status| status.success());
        Ok(Self(pinned.then(|| (first.to_owned(), last.to_owned()))))
    }

    /// Who is where, for people.
    pub(crate) fn describe(&self) -> String {
        match &self.0 {
            Some((server, load)) => format!("servers and PostgreSQL on core {server}, load on core {load} (taskset)"),
            None => "NOT pinned: taskset or a second core is missing".to_owned(),
        }
    }

    fn prefix(&self) -> Vec<&str> {
        self.0.as_ref().map_or_else(Vec::new, |(server, _)| vec!["taskset", "-c", server])
    }
}

/// A running process, in a folder of its own.
pub(crate) struct Process {
    folder: PathBuf,
    pid: u32,
    guard: Child,
    stdout: BufReader<ChildStdout>,
}

impl Process {
    /// Starts `command` with `folder` as its working folder, which goes when it goes.
    pub(crate) fn start(cores: &Cores, folder: TempDir, signal: &str, command: &[&str]) -> Result<Self> {
        let mut guard = Command::new("sh");
        guard.args(["-c", GUARD, "sh", signal]).arg(folder.path()).args(cores.prefix()).args(command);
        guard.current_dir(folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut guard = guard.spawn().context("sh does not run")?;
        let mut stdout = BufReader::new(guard.stdout.take().context("a pipe was asked for")?);
        let mut pid = String::new();
        stdout.read_line(&mut pid)?;
        Ok(Self { folder: folder.keep(), pid: pid.trim().parse()?, guard, stdout })
    }

    /// What follows `label` in what the process prints; waits for it.
    pub(crate) fn printed(&mut self, label: &str) -> Result<String> {
        let mut line = String::new();
        while self.stdout.read_line(&mut line)? > 0 {
            if let Some((_, value)) = line.split_once(label) {
                return Ok(value.trim().to_owned());
            }
            line.clear();
        }
        bail!("the process ended before it was ready; it wrote:\n{}", self.log())
    }

    /// What it wrote to standard error.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// Processor time that it and its children have used, in seconds.
    pub(crate) fn processor_time(&self) -> Result<f64> {
        let mut seconds = 0.0;
        for entry in fs::read_dir("/proc")?.flatten() {
            let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else { continue };
            // The name may hold spaces and brackets; what follows its end does not.
            let Some((_, rest)) = stat.rsplit_once(") ") else { continue };
            let fields: Vec<&str> = rest.split(' ').collect();
            let mine = |pid: &str| pid.parse() == Ok(self.pid);
            if mine(&entry.file_name().to_string_lossy()) {
                seconds += (fields[11].parse::<f64>()? + fields[12].parse::<f64>()?) / TICKS_PER_SECOND;
            } else if mine(fields[1]) {
                // PostgreSQL's have one thread each, and too little to do to be counted in ticks.
                let schedstat = fs::read_to_string(entry.path().join("schedstat")).unwrap_or_default();
                seconds += schedstat.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0.0) / 1e9;
            }
        }
        Ok(seconds)
    }

    /// Its resident memory now, and the most it was since that was forgotten, in MiB.
    pub(crate) fn memory(&self) -> Result<(f64, f64)> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let mib = |name: &str| -> Result<f64> {
            let text = field(&status, name).context("a process has a size")?;
            Ok(text.trim_end_matches(" kB").parse::<f64>()? / 1024.0)
        };
        Ok((mib("VmRSS:")?, mib("VmHWM:")?))
    }

    /// From now on the most memory counts anew, where the kernel lets us.
    pub(crate) fn forget_peak(&self) {
        let _best_effort = fs::write(format!("/proc/{}/clear_refs", self.pid), "5");
    }

    /// Stops it where it stands, so that what it does by itself disturbs nobody; or lets it go on.
    pub(crate) fn halt(&self, halted: bool) -> Result<()> {
        let signal = if halted { "STOP" } else { "CONT" };
        let status = Command::new("kill").args(["-s", signal, &self.pid.to_string()]).status()?;
        ensure!(status.success(), "kill -s {signal} {}: {status}", self.pid);
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        drop(self.guard.wait());
    }
}

fn field<'t>(status: &'t str, name: &str) -> Option<&'t str> {
    status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim)
}

/// A folder for a process under test.
pub(crate) fn folder() -> Result<TempDir> {
    tempfile::Builder::new().prefix("highwater-bench-").tempdir().context("no temporary folder")
}
