//! Others that a user might pick instead, each doing the nearest to what Highwater does.

mod etcd;
pub(crate) mod pgbench;
mod postgraphile;
mod prefect;

use std::{
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use sea_orm::ConnectionTrait;
use tempfile::TempDir;

use crate::{
    fill::{Sql, TEXT, connect, settle},
    postgres::Postgres,
    process::{Cores, Process},
    server::{Server, Start, first_answer},
    subject::Subject,
    workload::Workload,
};

/// Something to hold Highwater against.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peer {
    /// Nothing.
    None,
    /// etcd's JSON gateway.
    Etcd,
    /// `PostGraphile` over a table in PostgreSQL.
    Postgraphile,
    /// Variables of Prefect 3's server, over its SQLite.
    Prefect,
    /// PostgreSQL itself, by prepared statements without HTTP.
    Pgbench,
}

impl Peer {
    /// All there are.
    pub(crate) const EVERY: [Self; 4] = [Self::Etcd, Self::Postgraphile, Self::Prefect, Self::Pgbench];

    /// Whether it works on PostgreSQL.
    pub(crate) fn needs_postgres(self) -> bool {
        matches!(self, Self::Postgraphile | Self::Pgbench)
    }

    /// Its name for `bench/peers.sh`; none where nothing has to be installed.
    fn installed_as(self) -> Option<&'static str> {
        match self {
            Self::None | Self::Pgbench => None,
            Self::Etcd => Some("etcd"),
            Self::Postgraphile => Some("postgraphile"),
            Self::Prefect => Some("prefect"),
        }
    }
}

/// A database for those that need one.
pub(crate) type Table<'a> = Option<(&'a Postgres, String)>;

/// Starts `peer` with as many pairs as Highwater has.
pub(crate) async fn start<'a>(peer: Peer, cores: &Cores, pairs: u32, table: &Table<'a>) -> Result<Option<Subject<'a>>> {
    let program = peer.installed_as().map(install).transpose()?.unwrap_or_default();
    let postgres = || table.clone().context("this peer needs PostgreSQL");
    Ok(Some(match peer {
        Peer::None => return Ok(None),
        Peer::Etcd => etcd::start(cores, &program, pairs).await?,
        Peer::Postgraphile => postgraphile::start(cores, &program, pairs, postgres()?).await?,
        Peer::Prefect => prefect::start(cores, &program, pairs).await?,
        Peer::Pgbench => pgbench::subject(postgres()?.0)?,
    }))
}

/// Makes the table of those on PostgreSQL, with as many pairs as Highwater has.
pub(crate) async fn table(postgres: &Postgres, pairs: u32) -> Result<Table<'_>> {
    let url = postgres.database(DATABASE)?;
    let db = connect(&url).await?;
    let numbers = Sql::of(&db).numbers(pairs, "n");
    let key = "'flow-' || substr('' || (10000000 + i), 2)";
    db.execute_unprepared("CREATE TABLE kv (key text PRIMARY KEY, value jsonb NOT NULL)").await?;
    let filled = format!("INSERT INTO kv (key, value) WITH {numbers} SELECT {key}, ({TEXT})::jsonb FROM numbers");
    db.execute_unprepared(&filled).await?;
    settle(&db).await?;
    db.close().await?;
    Ok(Some((postgres, url)))
}

/// The database of [`table`].
const DATABASE: &str = "peers";

/// Installs a peer where it is missing, and says where its program is.
fn install(name: &str) -> Result<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers.sh");
    let output = Command::new(script).arg(name).stderr(Stdio::inherit()).output();
    let output = output.with_context(|| format!("{script} does not run"))?;
    let program = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let installed = output.status.success() && Path::new(&program).exists();
    ensure!(installed, "{name} cannot be installed; --peers none, or a list without it, measures the others");
    Ok(program)
}

/// What `program` says of its version: the last word of the first line.
fn version(program: &str) -> Result<String> {
    let output = Command::new(program).arg("--version").output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let word = text.lines().next().and_then(|line| line.rsplit(' ').next());
    Ok(word.unwrap_or_default().to_owned())
}

/// Runs `command` in `folder` until it answers `probe` on `port`.
async fn serve(
    cores: &Cores,
    folder: TempDir,
    port: u16,
    command: &[&str],
    probe: Workload,
) -> Result<(Server, Start)> {
    let began = Instant::now();
    let process = Process::start(cores, folder, "TERM", command)?;
    let address = format!("127.0.0.1:{port}");
    let server = Server { process, address, token: String::new(), database_url: String::new() };
    let start = first_answer(&server, probe, began).await?;
    Ok((server, start))
}

/// A port that nobody listens on at the moment.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
