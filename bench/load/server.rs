//! The real binary, as a user starts it.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::{
    client::{Client, Target},
    postgres::Postgres,
    process::{Cores, Process, folder},
    workload::Workload,
};

/// A server that answers.
pub(crate) struct Server {
    pub(crate) process: Process,
    /// `HOST:PORT`.
    pub(crate) address: String,
    pub(crate) token: String,
    pub(crate) database_url: String,
}

impl Server {
    /// Where requests to it go, over `postgres`.
    pub(crate) fn target<'a>(&'a self, postgres: Option<&'a Postgres>) -> Target<'a> {
        Target { address: &self.address, process: &self.process, postgres }
    }
}

/// Starts `binary serve` on an empty database: the one that `postgres` names, or SQLite in its own folder.
pub(crate) fn start(cores: &Cores, binary: &str, postgres: Option<String>) -> Result<Server> {
    let folder = folder()?;
    let database_url =
        postgres.unwrap_or_else(|| format!("sqlite://{}/highwater.db?mode=rwc", folder.path().display()));
    let command = [binary, "serve", "--listen", "127.0.0.1:0", "--database-url", &database_url];
    let mut process = Process::start(cores, folder, "TERM", &command)?;
    let token = process.printed("export PREFECT__CLOUD__API_KEY=")?;
    let address = process.printed(" is ready on http://")?;
    Ok(Server { process, address, token, database_url })
}

/// Starts another `binary serve` on the database of `other`.
pub(crate) fn join(cores: &Cores, binary: &str, other: &Server) -> Result<Server> {
    let (token, database_url) = (other.token.clone(), other.database_url.clone());
    let command = [binary, "serve", "--listen", "127.0.0.1:0", "--database-url", &database_url];
    let mut process = Process::start(cores, folder()?, "TERM", &command)?;
    let address = process.printed(" is ready on http://")?;
    Ok(Server { process, address, token, database_url })
}

/// What it took to the first right answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start {
    /// Seconds since the program was started.
    pub(crate) wall: f64,
    /// Seconds of its processor time.
    pub(crate) processor: f64,
}

/// How long a server may take to its first answer.
const PATIENCE: Duration = Duration::from_mins(2);

/// How long to wait before asking again.
const PAUSE: Duration = Duration::from_millis(5);

/// Asks `workload` of `server`, which was started at `began`, until it is answered rightly.
pub(crate) async fn first_answer(server: &Server, workload: Workload, began: Instant) -> Result<Start> {
    loop {
        let asked = async { Client::connect(&server.address, workload.clone(), 0).await?.ask().await };
        let asked = asked.await;
        if asked.is_ok() {
            return Ok(Start { wall: began.elapsed().as_secs_f64(), processor: server.process.processor_time()? });
        }
        let log = || format!("no right answer: {asked:?}\n{}", server.process.log());
        ensure!(server.process.memory().is_ok() && began.elapsed() < PATIENCE, log());
        tokio::time::sleep(PAUSE).await;
    }
}
