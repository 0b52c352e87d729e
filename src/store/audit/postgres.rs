//! Entries in arrays: the ORM would write, and PostgreSQL read, a statement with an operand for every field of every
//! entry.

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{self, PgPool},
};

use crate::{domain::audit::AuditEntry, store::fault};

macro_rules! add {
    ($otherwise:literal) => {
        concat!(
            "INSERT INTO audit_log (id, tenant_id, at, token_id, user_id, subject, operation, namespace, key, \
            object_id, allowed, reason, address, count) \
            SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], \
            $8::text[], $9::bytea[], $10::uuid[], $11::boolean[], $12::text[], $13::text[], $14::bigint[])",
            $otherwise
        )
    };
}

const ADD: &str = add!("");

/// To look for each entry first takes a third longer, and only what is added again can be there.
const ADD_MISSING: &str = add!(" ON CONFLICT (id) DO NOTHING");

pub(super) async fn add(pool: &PgPool, entries: &[AuditEntry]) -> Result<(), DbErr> {
    match add_by(ADD, pool, entries).await {
        Err(error) if fault::is_duplicate(&error) => add_by(ADD_MISSING, pool, entries).await,
        added => added,
    }
}

async fn add_by(statement: &'static str, pool: &PgPool, entries: &[AuditEntry]) -> Result<(), DbErr> {
    let added = sqlx::query(statement)
        .bind(column(entries, |entry| entry.id))
        .bind(column(entries, |entry| entry.tenant_id.0))
        .bind(column(entries, |entry| entry.at.micros()))
        .bind(column(entries, |entry| entry.token_id))
        .bind(column(entries, |entry| entry.user_id))
        .bind(column(entries, |entry| super::subject(entry).into_owned()))
        .bind(column(entries, |entry| &*entry.operation))
        .bind(column(entries, |entry| entry.namespace.as_deref()))
        .bind(column(entries, |entry| entry.key.as_deref().map(str::as_bytes)))
        .bind(column(entries, |entry| entry.object_id))
        .bind(column(entries, |entry| entry.reason.is_none()))
        .bind(column(entries, |entry| entry.reason.as_deref()))
        .bind(column(entries, |entry| entry.address.as_deref()))
        .bind(column(entries, |entry| entry.count))
        .execute(pool)
        .await;
    added.map(drop).map_err(|error| DbErr::Exec(RuntimeErr::SqlxError(error.into())))
}

fn column<'a, T>(entries: &'a [AuditEntry], of: impl Fn(&'a AuditEntry) -> T) -> Vec<T> {
    entries.iter().map(of).collect()
}
