//! Reads in this thread: a page or two of SQLite's cache, mostly, and no other thread to wake.

use std::sync::Arc;

use entities::key_value;
use rusqlite::{Connection, OptionalExtension, Row, params};
use sea_orm::prelude::Uuid;

use super::gather::{Place, Row as Found, Source};
use crate::{
    domain::{Address, KvError, TenantId},
    store::readers::Readers,
};

/// The columns of the entity, in its order, and the number by which SQLite finds the row again.
pub(in crate::store) const READ: &str = "SELECT id, tenant_id, namespace, key, kind, json, bytes, description, \
    version, revision, expires_at, created, updated, rowid FROM key_value \
    WHERE tenant_id = ?1 AND namespace = ?2 AND key = ?3";

impl Source for Arc<Readers> {
    async fn read(&self, places: &[Place]) -> Result<Vec<Found>, KvError> {
        self.with(|connection| rows(connection, places)).map_err(KvError::internal)
    }
}

/// The rows at `places`, in one snapshot.
fn rows(connection: &Connection, places: &[Place]) -> rusqlite::Result<Vec<Found>> {
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
    Ok(rows)
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
