//! pgbench: what PostgreSQL itself does with single prepared statements, without HTTP.

use std::{
    fs,
    process::{Command, Stdio},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, ensure};

use crate::{
    client::WARM_UP,
    options::Work,
    peers::DATABASE,
    postgres::{HOST, Postgres},
    process::folder,
    sample::{Cost, Sample},
    subject::{Kind, Load, Subject},
};

const READ: &str = "\\set n random(0, 9999)\nSELECT value FROM kv WHERE key = 'flow-' || lpad(:n, 7, '0');\n";

const SET: &str = "\\set n random(0, 9999)\n\
    INSERT INTO kv (key, value)\n\
    VALUES ('flow-' || lpad(:n, 7, '0'), ('\"run-' || lpad(:n, 7, '0') || ' at 2026-11-20\"')::jsonb)\n\
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;\n";

/// How long one connection may take to be made.
const CONNECT: Duration = Duration::from_millis(10);

pub(super) fn subject(postgres: &Postgres) -> Result<Subject<'_>> {
    let works = [Work::Read, Work::Set, Work::Mixed].map(|work| (work, Load::Pgbench(work)));
    let version = Command::new(postgres.program("pgbench")).arg("--version").output()?.stdout;
    let version = String::from_utf8_lossy(&version).split(' ').nth(2).unwrap_or_default().to_owned();
    let name = format!("pgbench {version}");
    Ok(Subject {
        name,
        kind: Kind::Peer,
        server: None,
        postgres: Some(postgres),
        works: works.into(),
        start: None,
        idle: None,
    })
}

/// Lets `connections` clients do `work` for `window`, after a warm-up.
pub(crate) async fn measure(postgres: &Postgres, work: Work, connections: usize, window: Duration) -> Result<Sample> {
    let folder = folder()?;
    let path = |name: &str| folder.path().join(name).display().to_string();
    fs::write(path("read"), READ)?;
    fs::write(path("set"), SET)?;
    let (read, set) = (format!("{}@9", path("read")), format!("{}@1", path("set")));
    let scripts: &[&str] = match work {
        Work::Set => &["-f", &set],
        Work::Mixed => &["-f", &read, "-f", &set],
        _ => &["-f", &read],
    };
    let connecting = CONNECT * u32::try_from(connections)?;
    let seconds = (WARM_UP + connecting + window).as_secs() + 1;
    let (connections, seconds, prefix) = (connections.to_string(), seconds.to_string(), path("log"));
    let mut pgbench = Command::new(postgres.program("pgbench"));
    pgbench.args(["-h", HOST, "-p", &postgres.port, "-U", "postgres", "-n", "-M", "prepared", "-j", "1"]);
    pgbench.args(["-c", &connections, "-T", &seconds, "-l", "--log-prefix", &prefix]).args(scripts).arg(DATABASE);
    pgbench.current_dir(folder.path()).stdout(Stdio::null()).stderr(Stdio::piped());
    let pgbench = pgbench.spawn().context("pgbench does not run")?;
    tokio::time::sleep(WARM_UP + connecting).await;
    let (start, before) = (SystemTime::now(), postgres.process.processor_time()?);
    tokio::time::sleep(window).await;
    let (end, after) = (SystemTime::now(), postgres.process.processor_time()?);
    let output = pgbench.wait_with_output()?;
    ensure!(output.status.success(), "pgbench: {}", String::from_utf8_lossy(&output.stderr));
    let mut latencies = Vec::new();
    for entry in fs::read_dir(folder.path())?.flatten() {
        if entry.file_name().to_string_lossy().starts_with("log") {
            latencies.extend(read_log(&fs::read_to_string(entry.path())?, start, end)?);
        }
    }
    Ok(Sample::new(latencies, end.duration_since(start)?, Cost { server: 0.0, postgres: after - before }, f64::NAN))
}

/// The latencies, in nanoseconds, of what ended between `start` and `end`.
fn read_log(log: &str, start: SystemTime, end: SystemTime) -> Result<Vec<u32>> {
    let (start, end) = (start.duration_since(UNIX_EPOCH)?, end.duration_since(UNIX_EPOCH)?);
    let mut latencies = Vec::new();
    for line in log.lines() {
        // Client, transaction, microseconds, script, and when: seconds and microseconds.
        let fields = line.split(' ').map(str::parse).collect::<Result<Vec<u64>, _>>()?;
        let [_, _, micros, _, seconds, rest, ..] = fields[..] else { continue };
        let at = Duration::from_secs(seconds) + Duration::from_micros(rest);
        if at >= start && at <= end {
            latencies.push(u32::try_from(micros * 1_000).unwrap_or(u32::MAX));
        }
    }
    Ok(latencies)
}
