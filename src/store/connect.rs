//! Opening the database.

use std::time::Duration;

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};

use super::fault;
use crate::domain::KvError;

/// How to reach the database.
#[derive(Debug, Clone)]
pub struct Options {
    /// `sqlite://FILE?mode=rwc` or `postgres://USER:PASSWORD@HOST:PORT/NAME`.
    pub url: String,
    /// Most connections held at once.
    pub connections: u32,
    /// How long a request waits for a free connection, and a SQLite writer for another process's.
    pub wait: Duration,
}

/// A connection that lay unused for this long is asked for a sign of life before it is used; asking
/// each time would cost a round trip for every statement.
pub(super) const IDLE: Duration = Duration::from_secs(1);

/// A pool on the database; its settings make an answered write durable (design.md, "What must hold", 5).
pub(super) async fn open(options: &Options) -> Result<DatabaseConnection, KvError> {
    if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| options.url.starts_with(scheme)) {
        return Err(KvError::Invalid(
            "database_url must start with sqlite:// (as in sqlite://highwater.db?mode=rwc) or postgres:// \
             (as in postgres://user:password@host:5432/highwater)"
                .to_owned(),
        ));
    }
    let wait = options.wait;
    let mut connect = ConnectOptions::new(&options.url);
    connect
        .max_connections(options.connections)
        .min_connections(1)
        .acquire_timeout(wait)
        .connect_timeout(wait)
        .test_before_acquire_if_idle_for(IDLE)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(wait)
                .foreign_keys(true)
        })
        .map_sqlx_postgres_opts(|postgres| {
            postgres.application_name("highwater").options([("synchronous_commit", "on")])
        });
    Database::connect(connect).await.map_err(fault::unavailable)
}
