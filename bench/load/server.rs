//! The real binary, as a user starts it.

use anyhow::Result;

use crate::process::{Cores, Process, folder};

/// A server that answers.
pub(crate) struct Server {
    pub(crate) process: Process,
    /// `HOST:PORT`.
    pub(crate) address: String,
    pub(crate) token: String,
    pub(crate) database_url: String,
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
