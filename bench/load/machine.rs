//! What the numbers were taken on.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::Write as _,
    process::Command,
    time::Instant,
};

use anyhow::{Context, Result};
use highwater::domain::{Clock, SystemClock};

use crate::{
    postgres::Postgres,
    process::{Cores, folder},
    sample::median,
};

/// The server that cargo builds along with this program.
pub(crate) const OWN_BUILD: &str = env!("CARGO_BIN_EXE_highwater");

/// How often the disk is asked to keep a page.
const SYNCS: usize = 100;

/// A heading with date and what is measured, and a list of what else matters.
pub(crate) fn describe(cores: &Cores, server: &str) -> Result<String> {
    let date = SystemClock.now().to_string();
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

/// The commit of the server, which cargo has just built from this tree; or the file of another build,
/// whose commit nobody can tell from here.
fn measured(server: &str) -> String {
    if server != OWN_BUILD {
        return format!("another build: {server}");
    }
    let commit = git(&["rev-parse", "--short=12", "HEAD"]);
    let tested =
        ["src", "entities", "migration", "bench/load", "bench/peers", "bench/peers.sh", "Cargo.toml", "Cargo.lock"];
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
    let output = Command::new("git").args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}
