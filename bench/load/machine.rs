//! What the numbers were taken on.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::Write as _,
    process::Command,
    time::{Instant, SystemTime},
};

use anyhow::{Context, Result};

use crate::{
    postgres::Postgres,
    process::{Cores, folder},
    sample::median,
};

/// The root of the repository.
pub(crate) const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The server that `make bench` builds first, beside this program.
pub(crate) fn own_build() -> String {
    let folder = std::env::current_exe().unwrap_or_default();
    folder.with_file_name("highwater").display().to_string()
}

/// How often the disk is asked to keep a page.
const SYNCS: usize = 100;

/// A heading with date and what is measured, and a list of what else matters.
pub(crate) fn describe(cores: &Cores, server: &str) -> Result<String> {
    let date = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    let measured = measured(server);
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let mut models = processors.lines().filter_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = models.next().map_or("unknown", |(_, model)| model);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let mut text = String::new();
    writeln!(text, "## {} UTC, {measured}\n", date.get(..16).unwrap_or(&date).replace('T', " "))?;
    writeln!(text, "- {} cores of {model}, Linux {}", models.count() + 1, kernel.trim())?;
    writeln!(text, "- {}", cores.describe())?;
    let version = Postgres::version().unwrap_or_else(|_| "no PostgreSQL".to_owned());
    writeln!(text, "- {version}; fsync of a page in the folder of the databases: {:.0} µs", sync_time()?)?;
    writeln!(text, "- load average (1, 5, 15 minutes) at the start: {}", load_average()?)?;
    Ok(text)
}

/// The commit of the server, which `make` has just built from this tree; or the file of another build,
/// whose commit nobody can tell from here.
fn measured(server: &str) -> String {
    if server != own_build() {
        return format!("another build: {server}");
    }
    let commit = git(&["rev-parse", "--short=12", "HEAD"]);
    let tested = ["src", "entities", "migration", "scripts/order", "bench", ":!bench/*.md", "Cargo.toml", "Cargo.lock"];
    let changed = git(&[&["status", "--porcelain", "--"], &tested[..]].concat());
    let changed = if changed.is_empty() { "" } else { " with changes that were not committed" };
    format!("commit {commit}{changed}")
}

/// How busy the machine is.
pub(crate) fn load_average() -> Result<String> {
    let text = fs::read_to_string("/proc/loadavg").context("the benchmark runs on Linux")?;
    Ok(text.split(' ').take(3).collect::<Vec<_>>().join(", "))
}

/// What durability costs on this disk, in microseconds: the median of a page appended and synced.
fn sync_time() -> Result<f64> {
    let folder = folder()?;
    let mut file = File::create(folder.path().join("page"))?;
    let mut times = Vec::with_capacity(SYNCS);
    for _ in 0..SYNCS {
        let start = Instant::now();
        file.write_all(&[0; 4096])?;
        file.sync_data()?;
        times.push(start.elapsed().as_secs_f64() * 1e6);
    }
    Ok(median(times))
}

fn git(arguments: &[&str]) -> String {
    let output = Command::new("git").args(arguments).current_dir(ROOT).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}
