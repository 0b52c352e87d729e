//! The rows, on SQLite or PostgreSQL: the only place that knows SeaORM and the entities.

mod api_keys;
mod audit;
mod changes;
mod company;
mod connect;
mod fault;
mod filter;
mod identity;
mod leases;
mod migrate;
mod namespaces;
mod pairs;
mod people;
mod point;
mod readers;
mod requests;
mod retry;
mod rows;
mod secrets;
mod select;
mod tenants;
mod tokens;
mod write;

use std::{fmt, sync::Arc};

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, TransactionOptions, TransactionTrait};

pub use api_keys::ApiKey;
pub use connect::Options;
pub use people::{Member, User};
pub use secrets::Secret;
pub use tenants::Usage;
pub use tokens::{Standing as TokenStanding, TokenRow};
pub use write::{Applied, Decide, Doomed, Effect, Move, Removed, Standing, Target, Write};

use crate::domain::{Clock, KvError};

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Store {
    db: DatabaseConnection,
    clock: Arc<dyn Clock>,
    lanes: Arc<write::Lanes>,
    wakers: Arc<changes::Wakers>,
    points: point::Points,
    writer: write::Writer,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("backend", &self.db.get_database_backend()).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database that `options` names; it is not migrated yet.
    ///
    /// # Errors
    /// [`KvError::Unavailable`] where it does not answer, [`KvError::Invalid`] for a URL of no known kind.
    pub async fn connect(options: &Options, clock: Arc<dyn Clock>) -> Result<Self, KvError> {
        let db = connect::open(options).await?;
        let points = point::Points::of(&db, options)?;
        let writer = write::Writer::of(&db, options)?;
        Ok(Self { db, clock, lanes: Arc::default(), wakers: Arc::default(), points, writer })
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// [`KvError::Unavailable`].
    pub async fn ping(&self) -> Result<(), KvError> {
        self.db.execute_unprepared("SELECT 1").await.map_err(fault::unavailable)?;
        Ok(())
    }

    /// Closes the connections once the last handle's work is done.
    ///
    /// # Errors
    /// [`KvError::Internal`].
    pub async fn close(self) -> Result<(), KvError> {
        self.points.close().await;
        self.writer.close();
        self.db.close().await.map_err(fault::classify)
    }

    /// A transaction that will write: on SQLite it takes the one write lock at once.
    async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(sea_orm::SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.db.begin_with_options(options).await
    }
}
