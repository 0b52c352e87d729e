//! A batch on PostgreSQL: a few statements, whatever its size, their rows in arrays.

use std::collections::BTreeSet;

use sea_orm::{
    DbErr, RuntimeErr,
    prelude::Uuid,
    sqlx::{self, PgConnection, PgPool, Row},
};

use super::{
    About, Task,
    batch::Committed,
    failure::Failure,
    ledger::{Delta, Ledger, Tenancy, Turned},
    writer::pruned,
};
use crate::{
    domain::{Change, Clock, Namespace, Operation, Pair, TenantId, Timestamp, Value},
    store::{pairs::from_row, point::postgres},
};

/// The plans of the statements below do not depend on how many rows come along; PostgreSQL, which thinks they
/// might, would make them anew each time.
const BEGIN: &str = "BEGIN; SET LOCAL plan_cache_mode = force_generic_plan";

/// In the order of ids, so that two batches of several tenants wait for each other and do not deadlock.
const TENANTS: &str = "SELECT id, tier, revision, pairs FROM tenant WHERE id = ANY($1) ORDER BY id FOR UPDATE";

const EXPIRED: &str = "SELECT COUNT(*) FROM key_value WHERE tenant_id = $1 AND expires_at <= $2";

const DELETE: &str = "DELETE FROM key_value WHERE id = ANY($1)";

const NAMESPACES: &str = "INSERT INTO namespace (tenant_id, name, description, created) \
    SELECT tenant_id, name, NULL, $3 FROM unnest($1::uuid[], $2::text[]) AS new (tenant_id, name) \
    ON CONFLICT (tenant_id, name) DO NOTHING";

/// All that a tenant's batch leaves, since each statement is a round trip: the pairs, of which those that are there take
/// over everything that a write may change; the log; and the tenant's counters.
const SAVE: &str = "WITH put AS (\
    INSERT INTO key_value (tenant_id, id, namespace, key, kind, json, bytes, description, version, revision, \
    expires_at, created, updated) \
    SELECT $1::uuid, * FROM unnest($2::uuid[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::bytea[], \
    $8::text[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[]) \
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, json = excluded.json, bytes = excluded.bytes, \
    description = excluded.description, version = excluded.version, revision = excluded.revision, \
    expires_at = excluded.expires_at, updated = excluded.updated), \
    logged AS (\
    INSERT INTO key_value_change (tenant_id, revision, deleted, key_value_id, namespace, key, version, at) \
    SELECT $1, * FROM unnest($14::bigint[], $15::boolean[], $16::uuid[], $17::text[], $18::bytea[], \
    $19::bigint[], $20::bigint[])) \
    UPDATE tenant SET revision = $21, pairs = $22 WHERE id = $1";

const PRUNE: &str = "DELETE FROM key_value_change WHERE tenant_id = $1 AND revision <= $2";

/// Runs a batch. A transaction that is dropped is undone.
pub(super) async fn transact(pool: &PgPool, tasks: &[Task], clock: &dyn Clock) -> Result<Committed, Failure> {
    let mut txn = pool.begin_with(BEGIN).await?;
    let mut ledger = open(&mut txn, tasks, clock).await?;
    let committed = Committed::by(&mut ledger, tasks);
    match ledger.close() {
        Some(delta) => {
            save(&mut txn, &delta).await?;
            let failed = |error: sqlx::Error| Failure::at_commit(DbErr::Exec(RuntimeErr::SqlxError(error.into())));
            txn.commit().await.map_err(failed)?;
        }
        None => txn.rollback().await?,
    }
    Ok(committed)
}

/// What `tasks` are about, as it is under the lock.
async fn open(txn: &mut PgConnection, tasks: &[Task], clock: &dyn Clock) -> Result<Ledger, Failure> {
    let ids: BTreeSet<Uuid> = tasks.iter().map(|task| task.tenant_id().0).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let rows = sqlx::query(TENANTS).bind(ids).fetch_all(&mut *txn).await?;
    // After the lock, so that instants follow revisions.
    let now = clock.now();
    let tenancy = |row: sqlx::postgres::PgRow| {
        Ok::<_, sqlx::Error>(Tenancy {
            id: TenantId(row.try_get(0)?),
            tier: row.try_get(1)?,
            revision: row.try_get(2)?,
            pairs: row.try_get(3)?,
        })
    };
    let mut ledger = Ledger::open(rows.into_iter().map(tenancy).collect::<Result<Vec<_>, _>>()?, now);
    let (mut places, mut ids) = (BTreeSet::new(), BTreeSet::new());
    for task in tasks {
        let whose = task.tenant_id().0;
        for about in task.about() {
            match about {
                About::Address(at) => _ = places.insert((whose, at.namespace.as_str(), at.key.as_str().as_bytes())),
                About::Id(id) => _ = ids.insert((whose, id)),
            }
        }
    }
    for row in postgres::rows_at(&mut *txn, places).await? {
        ledger.found(from_row(row)?);
    }
    for row in postgres::rows_of(&mut *txn, ids).await? {
        ledger.found(from_row(row)?);
    }
    for tenant_id in ledger.near_limit(tasks) {
        let expired = sqlx::query_scalar(EXPIRED).bind(tenant_id.0).bind(ledger.now().micros());
        ledger.expired(tenant_id, expired.fetch_one(&mut *txn).await?);
    }
    Ok(ledger)
}

async fn save(txn: &mut PgConnection, delta: &Delta) -> sqlx::Result<()> {
    if !delta.gone.is_empty() {
        sqlx::query(DELETE).bind(&delta.gone).execute(&mut *txn).await?;
    }
    if !delta.namespaces.is_empty() {
        let (tenants, names): (Vec<Uuid>, Vec<&str>) =
            delta.namespaces.iter().map(|(tenant_id, name): &(_, Namespace)| (tenant_id.0, name.as_str())).unzip();
        sqlx::query(NAMESPACES).bind(tenants).bind(names).bind(delta.now.micros()).execute(&mut *txn).await?;
    }
    for turned in &delta.turned {
        save_tenant(txn, delta, turned).await?;
        if let Some(last) = pruned(turned.before, turned.revision) {
            sqlx::query(PRUNE).bind(turned.tenant_id.0).bind(last).execute(&mut *txn).await?;
        }
    }
    Ok(())
}

async fn save_tenant(txn: &mut PgConnection, delta: &Delta, turned: &Turned) -> sqlx::Result<()> {
    let pairs = delta.added.iter().chain(delta.changed.iter().map(|changed| &changed.pair));
    let pairs: Vec<&Pair> = pairs.filter(|pair| pair.tenant_id == turned.tenant_id).collect();
    let changes: Vec<&Change> = delta.changes.iter().filter(|change| change.tenant_id == turned.tenant_id).collect();
    sqlx::query(SAVE)
        .bind(turned.tenant_id.0)
        .bind(column(&pairs, |pair| pair.id))
        .bind(column(&pairs, |pair| pair.address.namespace.as_str()))
        .bind(column(&pairs, |pair| pair.address.key.as_str().as_bytes()))
        .bind(column(&pairs, |pair| pair.value.kind().name()))
        .bind(column(&pairs, |pair| match &pair.value {
            Value::Json { text, .. } => Some(text.as_str()),
            Value::Bytes(_) => None,
        }))
        .bind(column(&pairs, |pair| match &pair.value {
            Value::Json { .. } => None,
            Value::Bytes(bytes) => Some(bytes.as_slice()),
        }))
        .bind(column(&pairs, |pair| pair.description.as_deref()))
        .bind(column(&pairs, |pair| pair.version))
        .bind(column(&pairs, |pair| pair.revision))
        .bind(column(&pairs, |pair| pair.expires_at.map(Timestamp::micros)))
        .bind(column(&pairs, |pair| pair.created.micros()))
        .bind(column(&pairs, |pair| pair.updated.micros()))
        .bind(column(&changes, |change| change.revision))
        .bind(column(&changes, |change| change.operation == Operation::Delete))
        .bind(column(&changes, |change| change.pair_id))
        .bind(column(&changes, |change| change.address.namespace.as_str()))
        .bind(column(&changes, |change| change.address.key.as_str().as_bytes()))
        .bind(column(&changes, |change| change.version))
        .bind(column(&changes, |change| change.at.micros()))
        .bind(turned.revision)
        .bind(turned.pairs)
        .execute(txn)
        .await?;
    Ok(())
}

fn column<'a, T, C>(rows: &[&'a T], of: impl Fn(&'a T) -> C) -> Vec<C> {
    rows.iter().map(|row| of(row)).collect()
}
