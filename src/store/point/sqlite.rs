//! Reads in this thread: a page or two of SQLite's cache, mostly, and no other thread to wake.

use std::{
    fmt,
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use entities::key_value;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};
use sea_orm::prelude::Uuid;

use super::gather::{Place, Row as Found, Source};
use crate::{
    domain::{Address, KvError, TenantId},
    store::connect::sqlite_file,
};

/// The columns of the entity, in its order.
pub(in crate::store) const READ: &str = "SELECT id, tenant_id, namespace, key, kind, json, bytes, description, \
    version, revision, expires_at, created, updated FROM key_value \
    WHERE tenant_id = ?1 AND namespace = ?2 AND key = ?3";

/// Connections that only read. There are as many as threads that have read at the same time.
pub(in crate::store) struct Readers {
    file: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readers").field("file", &self.file).finish_non_exhaustive()
    }
}

impl Readers {
    /// Readers of the file that `url` names.
    pub(super) fn of(url: &str) -> Result<Self, KvError> {
        Ok(Self { file: sqlite_file(url)?, idle: Mutex::default() })
    }

    /// The rows at `places`, in one snapshot. A connection that fails is not used again.
    fn rows(&self, places: &[Place]) -> rusqlite::Result<Vec<Found>> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = idle.map_or_else(|| self.open(), Ok)?;
        // One lock of the file for all of them; a statement alone is a transaction by itself.
        let snapshot = (places.len() > 1).then(|| connection.unchecked_transaction()).transpose()?;
        let mut statement = connection.prepare_cached(READ)?;
        let mut read = |(tenant_id, address): &Place| {
            let place = params![tenant_id.0.as_bytes(), address.namespace.as_str(), address.key.as_str().as_bytes()];
            statement.query_row(place, model).optional()
        };
        let rows = places.iter().map(&mut read).collect::<rusqlite::Result<_>>()?;
        drop(statement);
        snapshot.map(rusqlite::Transaction::commit).transpose()?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        Ok(rows)
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.file, flags)?;
        // Where another process has the file to itself for a moment, the pool waits, and not this thread.
        connection.busy_timeout(Duration::ZERO)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    }
}

impl Source for Readers {
    async fn read(&self, places: &[Place]) -> Result<Vec<Found>, KvError> {
        self.rows(places).map_err(KvError::internal)
    }
}

/// The statement for one place, its operands in their places.
pub(super) fn statement(tenant_id: TenantId, address: &Address) -> String {
    let key = super::hex(address.key.as_str().as_bytes());
    READ.replace("?1", &format!("x'{}'", tenant_id.0.simple()))
        .replace("?2", &format!("'{}'", address.namespace))
        .replace("?3", &format!("x'{key}'"))
}

pub(in crate::store) fn model(row: &Row<'_>) -> rusqlite::Result<key_value::Model> {
    Ok(key_value::Model {
        id: Uuid::from_bytes(row.get(0)?),
        tenant_id: Uuid::from_bytes(row.get(1)?),
        namespace: row.get(2)?,
        key: row.get(3)?,
        kind: row.get(4)?,
        json: row.get(5)?,
        bytes: row.get(6)?,
        description: row.get(7)?,
        version: row.get(8)?,
        revision: row.get(9)?,
        expires_at: row.get(10)?,
        created: row.get(11)?,
        updated: row.get(12)?,
    })
}
