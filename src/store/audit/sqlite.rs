//! Entries one by one, by a statement that is prepared once: the ORM would write one with an operand for every field of
//! every entry.

use rusqlite::{Connection, TransactionBehavior, params};
use uuid::Uuid;

use crate::domain::audit::AuditEntry;

const ADD: &str = "INSERT INTO audit_log (id, tenant_id, at, token_id, user_id, subject, operation, namespace, key, \
    object_id, allowed, reason, address, count) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) \
    ON CONFLICT (id) DO NOTHING";

pub(super) fn add(connection: &mut Connection, entries: &[AuditEntry]) -> rusqlite::Result<()> {
    let txn = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut add = txn.prepare_cached(ADD)?;
    for entry in entries {
        add.execute(params![
            entry.id.as_bytes(),
            entry.tenant_id.0.as_bytes(),
            entry.at.micros(),
            entry.token_id.as_ref().map(Uuid::as_bytes),
            entry.user_id.as_ref().map(Uuid::as_bytes),
            super::subject(entry),
            entry.operation,
            entry.namespace,
            entry.key.as_deref().map(str::as_bytes),
            entry.object_id.as_ref().map(Uuid::as_bytes),
            entry.reason.is_none(),
            entry.reason,
            entry.address,
            entry.count,
        ])?;
    }
    drop(add);
    txn.commit()
}
