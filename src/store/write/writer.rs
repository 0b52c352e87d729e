//! Who runs the transactions of batches, on either database.
//!
//! These leave the ORM: it writes and plans a statement anew for every size of a batch, and on SQLite hands every
//! row to another thread and back. The statements here are prepared once. A test holds what they leave against
//! what the ORM reads.

use std::sync::Arc;

use sea_orm::{DatabaseConnection, DbBackend, sqlx::PgPool};

use super::{Task, batch::Committed, failure::Failure, postgres, sqlite::SqliteWriter};
use crate::{
    domain::{Clock, KvError},
    store::connect::Options,
};

/// Changes kept in a tenant's log, at least.
const CHANGES_KEPT: i64 = 10_000;

/// How many revisions pass between two prunings of a tenant's log.
const PRUNE_EVERY: i64 = 1_000;

/// The database as batches are written to it.
#[derive(Clone)]
pub(in crate::store) enum Writer {
    /// By one connection, in a thread that may wait for the disk.
    Sqlite(Arc<SqliteWriter>),
    /// By the pool's.
    Postgres(PgPool),
}

impl Writer {
    pub(in crate::store) fn of(db: &DatabaseConnection, options: &Options) -> Result<Self, KvError> {
        Ok(match db.get_database_backend() {
            DbBackend::Sqlite => Self::Sqlite(Arc::new(SqliteWriter::of(options)?)),
            _ => Self::Postgres(db.get_postgres_connection_pool().clone()),
        })
    }

    /// Locks the tenants of `tasks`, in order, lets the tasks decide on what is there, and commits that.
    pub(super) async fn transact(&self, tasks: &Arc<[Task]>, clock: &Arc<dyn Clock>) -> Result<Committed, Failure> {
        match self {
            Self::Sqlite(writer) => {
                let (writer, tasks, clock) = (Arc::clone(writer), Arc::clone(tasks), Arc::clone(clock));
                let transacted = tokio::task::spawn_blocking(move || writer.transact(&tasks, &*clock));
                transacted.await.map_err(Failure::lost)?
            }
            Self::Postgres(pool) => postgres::transact(pool, tasks, &**clock).await,
        }
    }

    /// Lets go of the database.
    pub(in crate::store) fn close(&self) {
        if let Self::Sqlite(writer) = self {
            writer.close();
        }
    }
}

/// The last revision that the log need not keep, where a tenant's moves from `before` to `revision`: once in a while.
pub(super) fn pruned(before: i64, revision: i64) -> Option<i64> {
    let crossed = revision / PRUNE_EVERY != before / PRUNE_EVERY;
    (crossed && revision > CHANGES_KEPT).then(|| revision - CHANGES_KEPT)
}
