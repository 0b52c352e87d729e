//! Where a transaction failed.

use sea_orm::{DbErr, RuntimeErr, sqlx};

use crate::{
    domain::KvError,
    store::{fault, retry::Tries},
};

/// Why a transaction failed, and whether it may be run again: once COMMIT is sent and no answer comes, nobody
/// knows what became of it.
#[derive(Debug)]
pub(super) struct Failure {
    error: KvError,
    again: bool,
}

impl Failure {
    /// COMMIT failed.
    pub(super) fn at_commit(error: DbErr) -> Self {
        Self { again: fault::is_aborted(&error), error: fault::classify(error) }
    }

    /// Whoever ran the transaction is gone.
    pub(super) fn lost(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self { again: false, error: KvError::internal(error) }
    }

    /// Waits until the transaction may be run again.
    ///
    /// # Errors
    /// The failure itself, where another run could do harm or would be one too many.
    pub(super) async fn again(self, tries: &mut Tries) -> Result<(), KvError> {
        if self.again { tries.again(self.error).await } else { Err(self.error) }
    }
}

/// Before COMMIT was sent.
impl From<DbErr> for Failure {
    fn from(error: DbErr) -> Self {
        Self { again: fault::is_passing(&error), error: fault::classify(error) }
    }
}

/// Before COMMIT was sent.
impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        DbErr::Query(RuntimeErr::SqlxError(error.into())).into()
    }
}

/// At any time: SQLite says what became of a COMMIT.
impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self { again: fault::is_busy(&error), error: fault::classify_sqlite(error) }
    }
}
