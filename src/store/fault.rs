//! What the database's errors mean.

use rusqlite::ErrorCode;
use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

use crate::domain::KvError;

/// SQLSTATEs of a database that is going away or coming back: administrator shutdown, crash
/// shutdown, cannot connect now, and read-only (a standby during fail-over).
const PASSING: [&str; 4] = ["57P01", "57P02", "57P03", "25006"];

/// SQLSTATEs of transactions that gave way to others: serialization failure, deadlock.
const ABORTED: [&str; 2] = ["40001", "40P01"];

/// SQLite's primary result codes for "another process holds the lock".
const BUSY: u32 = 5;
const LOCKED: u32 = 6;

/// The store's error for a failed statement.
pub(super) fn classify(error: DbErr) -> KvError {
    if is_passing(&error) { unavailable(error) } else { KvError::internal(error) }
}

/// The store's error for a failed statement of SQLite's own.
pub(super) fn classify_sqlite(error: rusqlite::Error) -> KvError {
    if is_busy(&error) { KvError::Unavailable(std::sync::Arc::new(error)) } else { KvError::internal(error) }
}

/// Whether another process holds SQLite's lock.
pub(super) fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// The database does not answer.
pub(super) fn unavailable(error: DbErr) -> KvError {
    KvError::Unavailable(std::sync::Arc::new(error))
}

/// Whether a unique index refused the row.
pub(super) fn is_duplicate(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// Whether the same work may succeed later: the connection was lost, or the database gave way.
pub(super) fn is_passing(error: &DbErr) -> bool {
    match source(error) {
        Some(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed) => true,
        Some(sqlx::Error::Database(refusal)) => {
            is_aborted(error) || refusal.code().is_some_and(|code| PASSING.contains(&code.as_ref()))
        }
        Some(_) => false,
        None => matches!(error, DbErr::ConnectionAcquire(_)),
    }
}

/// Whether the database itself says that it undid the transaction, so that not even a COMMIT took effect.
pub(super) fn is_aborted(error: &DbErr) -> bool {
    let Some(sqlx::Error::Database(refusal)) = source(error) else { return false };
    refusal.code().is_some_and(|code| {
        // SQLite's extended result codes carry the primary one in the low byte; SQLSTATEs have five characters.
        let sqlite = if code.len() < 5 { code.parse::<u32>().ok() } else { None };
        ABORTED.contains(&code.as_ref()) || sqlite.is_some_and(|code| matches!(code & 0xFF, BUSY | LOCKED))
    })
}

fn source(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(source))
        | DbErr::Exec(RuntimeErr::SqlxError(source))
        | DbErr::Query(RuntimeErr::SqlxError(source)) => Some(source),
        _ => None,
    }
}
