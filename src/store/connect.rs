//! Opening the database.

use std::{path::PathBuf, str::FromStr, time::Duration};

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection,
    sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
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

/// Pages of SQLite's write-ahead log after which they go into the database: a page that many writes change goes there
/// once. The log's index has blocks of some 4,000 pages, and a read looks into each; so there is one.
pub(super) const CHECKPOINT: i64 = 4_000;

/// The file of a SQLite database. There has to be one: what is in memory is gone with the server, and a second
/// connection does not see it.
pub(super) fn sqlite_file(url: &str) -> Result<PathBuf, KvError> {
    let refused = || KvError::Invalid("database_url must name a file, as in sqlite://highwater.db?mode=rwc".to_owned());
    let file = SqliteConnectOptions::from_str(url).map_err(|_| refused())?.get_filename().to_path_buf();
    let in_memory = file.as_os_str().is_empty() || url.contains(":memory:") || url.contains("mode=memory");
    if in_memory { Err(refused()) } else { Ok(file) }
}

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
                .pragma("wal_autocheckpoint", CHECKPOINT.to_string())
        })
        .map_sqlx_postgres_opts(|postgres| {
            postgres.application_name("highwater").options([("synchronous_commit", "on")])
        });
    Database::connect(connect).await.map_err(fault::unavailable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sqlite_database_is_a_file() {
        assert_eq!(sqlite_file("sqlite://a/b.db?mode=rwc").unwrap(), PathBuf::from("a/b.db"));
        for url in ["sqlite::memory:", "sqlite://:memory:", "sqlite://a.db?mode=memory", "sqlite:"] {
            assert!(matches!(sqlite_file(url), Err(KvError::Invalid(_))), "{url}");
        }
    }
}
