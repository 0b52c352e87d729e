//! The real binary, running: `highwater serve` as a user starts it, and the other commands beside it.

use std::{
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{self, Child, ExitStatus, Output, Stdio},
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
    time::Duration,
};

use tempfile::TempDir;

use super::wait;

/// The default database, in the server's working folder.
pub const SQLITE: &str = "sqlite://highwater.db?mode=rwc";

/// How long a start or a stop may take; it takes well under a second on an idle machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// Kills the process whose number it gets once its standard input, a pipe from this process, closes.
const WATCHER: &str = r#"read -r _; kill -KILL "$1" 2>/dev/null"#;

/// A running server. Dropping it kills it.
pub struct Server {
    /// `http://127.0.0.1:PORT`, as the ready line said.
    pub url: String,
    /// Printed at the very first start of a database, so only the first server on it knows.
    pub admin_token: Option<String>,
    database_url: String,
    folder: Arc<TempDir>,
    child: Child,
    watcher: Child,
    stdout: Stream,
    stderr: Stream,
}

impl Server {
    /// Starts the binary on `database_url`, in a working folder of its own, and waits until it is ready.
    ///
    /// # Panics
    /// When it does not get ready, with what it wrote.
    pub fn start(database_url: &str) -> Self {
        Self::start_in(Arc::new(tempfile::tempdir().expect("a temporary folder")), database_url, &[])
    }

    /// As [`Self::start`], on SQLite, with settings in the environment.
    pub fn with(settings: &[(&str, &str)]) -> Self {
        Self::with_on(SQLITE, settings)
    }

    /// As [`Self::start`], with settings in the environment.
    pub fn with_on(database_url: &str, settings: &[(&str, &str)]) -> Self {
        Self::start_in(Arc::new(tempfile::tempdir().expect("a temporary folder")), database_url, settings)
    }

    /// As [`Self::start`], on SQLite, with these settings in `highwater.toml`.
    pub fn in_file(settings: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("highwater.toml"), settings).expect("the folder takes files");
        Self::start_in(Arc::new(folder), SQLITE, &[])
    }

    /// The file of the default database.
    pub fn database_file(&self) -> PathBuf {
        self.folder.path().join("highwater.db")
    }

    /// One more server on the same database, in the same working folder.
    pub fn another(&self) -> Self {
        Self::start_in(Arc::clone(&self.folder), &self.database_url, &[])
    }

    fn start_in(folder: Arc<TempDir>, database_url: &str, settings: &[(&str, &str)]) -> Self {
        let mut command = highwater(&folder);
        command.envs(settings.iter().copied());
        command.args(["serve", "--listen", "127.0.0.1:0", "--database-url", database_url]);
        let mut child = command.stdin(Stdio::null()).spawn().expect("the binary runs");
        let watch = ["-c", WATCHER, "sh", &child.id().to_string()];
        let watcher = process::Command::new("sh").args(watch).stdin(Stdio::piped()).spawn().expect("sh runs");
        let stdout = Stream::of(child.stdout.take().expect("a pipe"));
        let stderr = Stream::of(child.stderr.take().expect("a pipe"));

        let answers = wait::until(PATIENCE, || stdout.value(" is ready on ").is_some() || stdout.ended());
        let mut server = Self {
            url: stdout.value(" is ready on ").unwrap_or_default(),
            admin_token: stdout.value("export PREFECT__CLOUD__API_KEY="),
            database_url: database_url.to_owned(),
            folder,
            child,
            watcher,
            stdout,
            stderr,
        };
        if !answers || server.url.is_empty() {
            server.kill();
            panic!("the server did not get ready; it wrote:\n{}{}", server.stdout(), server.stderr());
        }
        server
    }

    /// The most memory that the process has ever held, in bytes.
    pub fn peak_memory(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it is running");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux says so");
        line.trim().trim_end_matches(" kB").parse::<usize>().expect("a number") * 1024
    }

    /// The token that the first start printed.
    ///
    /// # Panics
    /// Where this was not the first start.
    pub fn admin_token(&self) -> &str {
        self.admin_token.as_deref().expect("the first server on a database prints a token")
    }

    /// Runs another of the binary's commands beside the server, on the same database.
    pub fn cli(&self, arguments: &[&str]) -> Output {
        self.cli_with(arguments, &[])
    }

    /// As [`Self::cli`], with more in the environment.
    pub fn cli_with(&self, arguments: &[&str], environment: &[(&str, &Path)]) -> Output {
        let mut command = highwater(&self.folder);
        command.args(arguments).env("HIGHWATER_DATABASE_URL", &self.database_url);
        command.envs(environment.iter().copied()).output().expect("the binary runs")
    }

    /// A new token, made by `token create` with these further arguments.
    pub fn token(&self, arguments: &[&str]) -> String {
        let output = self.cli(&[&["token", "create"], arguments].concat());
        assert!(output.status.success(), "token create: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("a token is text").trim_end().to_owned()
    }

    /// Asks the server to end, with SIGTERM, and waits for it.
    ///
    /// # Panics
    /// When it has not ended in time.
    pub fn stop(mut self) -> ExitStatus {
        let kill = ["-c", r#"kill -TERM "$1""#, "sh", &self.child.id().to_string()];
        assert!(process::Command::new("sh").args(kill).status().expect("sh runs").success());
        let mut ended = None;
        let stopped = wait::until(PATIENCE, || {
            ended = self.child.try_wait().expect("the server is our child");
            ended.is_some()
        });
        assert!(stopped, "the server did not stop; it wrote:\n{}", self.stderr());
        ended.expect("it ended")
    }

    /// Ends the server at once, as `kill -9` does.
    pub fn kill(&mut self) {
        // The watcher first: once the server is waited for, its number may be another's.
        for process in [&mut self.watcher, &mut self.child] {
            drop(process.kill());
            drop(process.wait());
        }
    }

    /// What it has written to standard output so far.
    pub fn stdout(&self) -> String {
        self.stdout.text()
    }

    /// Its log so far.
    pub fn stderr(&self) -> String {
        self.stderr.text()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        if thread::panicking() {
            eprintln!("log of the server at {}:\n{}", self.url, self.stderr());
        }
    }
}

/// The binary's commands in a working folder of their own, without a server.
pub struct Command {
    folder: TempDir,
    environment: Vec<(&'static str, String)>,
}

impl Command {
    /// Commands on this database.
    pub fn on(database_url: &str) -> Self {
        let environment = vec![("HIGHWATER_DATABASE_URL", database_url.to_owned())];
        Self { folder: tempfile::tempdir().expect("a temporary folder"), environment }
    }

    /// Sets a variable for the commands to come.
    pub fn env(&mut self, name: &'static str, value: &str) {
        self.environment.push((name, value.to_owned()));
    }

    /// Writes a file into the working folder.
    pub fn file(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).expect("the folder takes files");
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        let mut command = highwater(&self.folder);
        command.args(arguments).envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.output().expect("the binary runs")
    }
}

/// The binary, in `folder`, with nothing of this process's environment that could change what it does.
fn highwater(folder: &TempDir) -> process::Command {
    let mut command = process::Command::new(env!("CARGO_BIN_EXE_highwater"));
    command.current_dir(folder).env_clear().env("RUST_BACKTRACE", "1");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Lines that a thread reads as they come, so that the writer never waits for a full pipe.
struct Stream {
    lines: Arc<Mutex<Vec<String>>>,
    reader: JoinHandle<()>,
}

impl Stream {
    fn of(pipe: impl Read + Send + 'static) -> Self {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let written = Arc::clone(&lines);
        let reader = thread::spawn(move || {
            for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
                written.lock().expect("no reader panics").push(String::from_utf8_lossy(&line).into_owned());
            }
        });
        Self { lines, reader }
    }

    /// What follows `label` on the first line that has it.
    fn value(&self, label: &str) -> Option<String> {
        let lines = self.lines.lock().expect("no reader panics");
        lines.iter().find_map(|line| line.split_once(label)).map(|(_, value)| value.trim().to_owned())
    }

    fn ended(&self) -> bool {
        self.reader.is_finished()
    }

    fn text(&self) -> String {
        self.lines.lock().expect("no reader panics").iter().flat_map(|line| [line, "\n"]).collect()
    }
}
