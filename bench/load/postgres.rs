//! A temporary PostgreSQL cluster with its defaults, but for how many may connect: fsync and `synchronous_commit` are on.
//! Everyone reaches it by TCP, as servers reach the one database that they share.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Command, Output},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

use crate::process::{Cores, Process, folder};

/// How long the cluster may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Enough for every client of pgbench to have its own.
const MANY: &str = "max_connections=300";

/// PostgreSQL refuses to be root.
const DEMOTED: [&str; 4] = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"];

/// Where it listens.
pub(crate) const HOST: &str = "127.0.0.1";

/// A running cluster.
pub(crate) struct Postgres {
    pub(crate) process: Process,
    /// Where it listens, as text.
    pub(crate) port: String,
    bin: PathBuf,
}

impl Postgres {
    /// Makes a cluster and starts it.
    pub(crate) fn start(cores: &Cores) -> Result<Self> {
        let bin = binaries()?;
        let folder = folder()?;
        let path = folder.path().to_string_lossy().into_owned();
        let root = fs::metadata(folder.path())?.uid() == 0;
        let demoted: &[&str] = if root { &DEMOTED } else { &[] };
        if root {
            run("chown", &["postgres", &path])?;
        }
        let data = format!("{path}/data");
        let initdb = text(&bin.join("initdb"));
        let arguments = [initdb.as_str(), "-N", "-A", "trust", "-U", "postgres", "-E", "UTF8", "-D", &data];
        let command = [demoted, &arguments].concat();
        run(command[0], &command[1..])?;

        let postgres = text(&bin.join("postgres"));
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port().to_string();
        let arguments = [postgres.as_str(), "-D", &data, "-h", HOST, "-p", &port, "-k", "", "-c", MANY];
        let process = Process::start(cores, folder, "QUIT", &[demoted, &arguments].concat())?;
        let this = Self { process, port, bin };
        let ready = text(&this.bin.join("pg_isready"));
        let deadline = Instant::now() + PATIENCE;
        while run(&ready, &["-q", "-h", HOST, "-p", &this.port]).is_err() {
            ensure!(Instant::now() < deadline, "PostgreSQL did not start:\n{}", this.process.log());
            thread::sleep(Duration::from_millis(50));
        }
        Ok(this)
    }

    /// A new, empty database, as a URL.
    pub(crate) fn database(&self, name: &str) -> Result<String> {
        run(&text(&self.bin.join("createdb")), &["-h", HOST, "-p", &self.port, "-U", "postgres", name])?;
        Ok(format!("postgres://postgres@{HOST}:{}/{name}", self.port))
    }

    /// One of PostgreSQL's own programs.
    pub(crate) fn program(&self, name: &str) -> String {
        text(&self.bin.join(name))
    }

    /// `postgres (PostgreSQL) 17.2`, say.
    pub(crate) fn version() -> Result<String> {
        let output = run(&text(&binaries()?.join("postgres")), &["--version"])?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

/// The folder of `initdb` and `postgres`: outside the PATH on Debian.
fn binaries() -> Result<PathBuf> {
    let mut versions: Vec<_> = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().collect();
    versions.sort_by_key(|version| version.file_name().to_string_lossy().parse::<u32>().unwrap_or_default());
    let bins = versions.iter().rev().map(|version| version.path().join("bin"));
    let configured = Command::new("pg_config").arg("--bindir").output().ok();
    let configured = configured.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    let found = bins.chain(configured).find(|bin| bin.join("initdb").is_file());
    found.context("no PostgreSQL server binaries found: run scripts/setup.sh, or pass --databases sqlite")
}

/// Runs a program to its end.
pub(crate) fn run(program: &str, arguments: &[&str]) -> Result<Output> {
    let output = Command::new(program).args(arguments).env("LC_ALL", "C").current_dir("/").output();
    let output = output.with_context(|| format!("{program} does not run"))?;
    ensure!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(output)
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
