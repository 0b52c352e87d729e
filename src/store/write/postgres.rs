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

/// Rows that are there take over everything that a write may change.
const UPSERT: &str = "INSERT INTO key_value (id, tenant_id, namespace, key, kind, json, bytes, description, version, \
    revision, expires_at, created, updated) \
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::bytea[], \
    $8::text[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[]) \
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, json = excluded.json, bytes = excluded.bytes, \
    description = excluded.description, version = excluded.version, revision = excluded.revision, \
    expires_at = excluded.expires_at, updated = excluded.updated";

const LOG: &str = "INSERT INTO key_value_change (tenant_id, revision, deleted, key_value_id, namespace, key, version, \
    at) SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::boolean[], $4::uuid[], $5::text[], $6::bytea[], \
    $7::bigint[], $8::bigint[])";

const PRUNE: &str = "DELETE FROM key_value_change WHERE tenant_id = $1 AND revision <= $2";

const TURN: &str = "UPDATE tenant SET revision = $2, pairs = $3 WHERE id = $1";

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
    let pairs: Vec<&Pair> = delta.added.iter().chain(delta.changed.iter().map(|changed| &changed.pair)).collect();
    if !pairs.is_empty() {
        upsert(txn, &pairs).await?;
    }
    log(txn, &delta.changes).await?;
    for Turned { tenant_id, before, revision, pairs } in &delta.turned {
        if let Some(last) = pruned(*before, *revision) {
            sqlx::query(PRUNE).bind(tenant_id.0).bind(last).execute(&mut *txn).await?;
        }
        sqlx::query(TURN).bind(tenant_id.0).bind(revision).bind(pairs).execute(&mut *txn).await?;
    }
    Ok(())
}

async fn upsert(txn: &mut PgConnection, pairs: &[&Pair]) -> sqlx::Result<()> {
    let json = |pair: &Pair| match &pair.value {
        Value::Json { text, .. } => Some(text.as_str().to_owned()),
        Value::Bytes(_) => None,
    };
    let bytes = |pair: &Pair| match &pair.value {
        Value::Json { .. } => None,
        Value::Bytes(bytes) => Some(bytes.clone()),
    };
    let end = |pair: &Pair| pair.expires_at.map(Timestamp::micros);
    sqlx::query(UPSERT)
        .bind(column(pairs, |pair| pair.id))
        .bind(column(pairs, |pair| pair.tenant_id.0))
        .bind(column(pairs, |pair| pair.address.namespace.as_str().to_owned()))
        .bind(column(pairs, |pair| pair.address.key.as_str().as_bytes().to_vec()))
        .bind(column(pairs, |pair| pair.value.kind().name()))
        .bind(column(pairs, json))
        .bind(column(pairs, bytes))
        .bind(column(pairs, |pair| pair.description.clone()))
        .bind(column(pairs, |pair| pair.version))
        .bind(column(pairs, |pair| pair.revision))
        .bind(column(pairs, end))
        .bind(column(pairs, |pair| pair.created.micros()))
        .bind(column(pairs, |pair| pair.updated.micros()))
        .execute(txn)
        .await?;
    Ok(())
}

fn column<T>(pairs: &[&Pair], of: impl Fn(&Pair) -> T) -> Vec<T> {
    pairs.iter().map(|pair| of(pair)).collect()
}

async fn log(txn: &mut PgConnection, changes: &[Change]) -> sqlx::Result<()> {
    sqlx::query(LOG)
        .bind(changes.iter().map(|change| change.tenant_id.0).collect::<Vec<_>>())
        .bind(changes.iter().map(|change| change.revision).collect::<Vec<_>>())
        .bind(changes.iter().map(|change| change.operation == Operation::Delete).collect::<Vec<_>>())
        .bind(changes.iter().map(|change| change.pair_id).collect::<Vec<_>>())
        .bind(changes.iter().map(|change| change.address.namespace.as_str()).collect::<Vec<_>>())
        .bind(changes.iter().map(|change| change.address.key.as_str().as_bytes()).collect::<Vec<_>>())
        .bind(changes.iter().map(|change| change.version).collect::<Vec<_>>())
        .bind(changes.iter().map(|change| change.at.micros()).collect::<Vec<_>>())
        .execute(txn)
        .await?;
    Ok(())
}
