//! Connections to a SQLite file that only read, without sqlx's thread between.

use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rusqlite::{
    Connection, InterruptHandle, OpenFlags, Row, params_from_iter,
    types::{Value as Bound, Value::Null},
};
use sea_orm::{ConnAcquireErr, DbErr, Statement, Value};
use tokio::sync::{Semaphore, oneshot};

use super::connect::{Options, sqlite_file};
use crate::domain::KvError;

/// The pages that a connection keeps, in KiB (a negative number, as SQLite has it).
const CACHE: i64 = -1_024;

/// Connections that only read. There are as many as threads that have read at the same time.
pub(super) struct Readers {
    file: PathBuf,
    idle: Mutex<Vec<Connection>>,
    /// For those who read much, in threads of their own.
    turns: Arc<Semaphore>,
    /// How long they wait for one.
    wait: Duration,
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readers").field("file", &self.file).finish_non_exhaustive()
    }
}

impl Readers {
    /// Readers of the file that `options` name.
    pub(super) fn of(options: &Options) -> Result<Self, KvError> {
        let turns = Arc::new(Semaphore::new(options.connections as usize));
        Ok(Self { file: sqlite_file(&options.url)?, idle: Mutex::default(), turns, wait: options.wait })
    }

    /// What `read` reads, in this thread. A connection that fails is not used again.
    pub(super) fn with<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = idle.map_or_else(|| self.open(), Ok)?;
        let found = read(&connection)?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        Ok(found)
    }

    /// The rows that a statement of the ORM's reads, each as `row` takes it; none where the ORM has to read them.
    /// It ends where nobody waits for it any more.
    pub(super) async fn list<T: Send + 'static>(
        self: &Arc<Self>,
        statement: Statement,
        row: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<Vec<T>>, DbErr> {
        let Some(values) = statement.values.into_iter().flatten().map(bound).collect::<Option<Vec<_>>>() else {
            return Ok(None);
        };
        let turn = tokio::time::timeout(self.wait, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?;
        let running = Running::default();
        // After `running`, so that it is dropped before: who is not heard any more is interrupted, or does not begin.
        let (reply, rows) = oneshot::channel();
        let (readers, under_way) = (Arc::clone(self), Arc::clone(&running.0));
        tokio::task::spawn_blocking(move || {
            let rows = readers.with(|connection| {
                *under_way.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection.get_interrupt_handle());
                let rows = if reply.is_closed() {
                    Ok(Vec::new())
                } else {
                    let mut prepared = connection.prepare_cached(&statement.sql)?;
                    prepared.query_map(params_from_iter(values), row)?.collect()
                };
                under_way.lock().unwrap_or_else(PoisonError::into_inner).take();
                rows
            });
            drop(turn);
            _ = reply.send(rows);
        });
        match rows.await {
            Ok(Ok(rows)) => Ok(Some(rows)),
            // The file may be another process's for a moment; the pool waits for it.
            Ok(Err(error)) => {
                tracing::debug!(error = &error as &dyn std::error::Error, "read again by the pool");
                Ok(None)
            }
            Err(_) => Ok(None),
        }
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.file, flags)?;
        // Where another process has the file to itself for a moment, the pool waits, and not this thread.
        connection.busy_timeout(Duration::ZERO)?;
        connection.pragma_update(None, "query_only", true)?;
        connection.pragma_update(None, "cache_size", CACHE)?;
        Ok(connection)
    }
}

/// A statement in another thread, while that has it. It is interrupted where this is dropped.
#[derive(Default)]
struct Running(Arc<Mutex<Option<InterruptHandle>>>);

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(statement) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            statement.interrupt();
        }
    }
}

/// An operand as SQLite takes it, where it is of a kind that the statements have.
fn bound(value: Value) -> Option<Bound> {
    Some(match value {
        Value::Int(number) => number.map_or(Null, |number| Bound::Integer(number.into())),
        Value::BigInt(number) => number.map_or(Null, Bound::Integer),
        Value::BigUnsigned(Some(number)) => Bound::Integer(number.try_into().ok()?),
        Value::String(text) => text.map_or(Null, Bound::Text),
        Value::Bytes(bytes) => bytes.map_or(Null, Bound::Blob),
        Value::Uuid(id) => id.map_or(Null, |id| Bound::Blob(id.as_bytes().to_vec())),
        _ => return None,
    })
}
