//! Many addresses in one statement.

use std::str::FromStr;

use entities::key_value;
use sea_orm::{
    DbErr, RuntimeErr,
    prelude::Uuid,
    sqlx::{
        self, Connection, PgConnection, PgPool, Row,
        postgres::{PgConnectOptions, PgPoolOptions, PgRow},
    },
};

use super::gather::{FLYING, Place, Row as Found, Source};
use crate::{
    domain::{Address, KvError, TenantId},
    store::{
        connect::{IDLE, Options},
        retry,
    },
};

/// The subquery's LIMIT keeps the planner from joining by a scan of the table.
const READ: &str = "SELECT asked.at, found.* \
    FROM unnest($1::uuid[], $2::text[], $3::bytea[]) WITH ORDINALITY AS asked (tenant_id, namespace, key, at), \
    LATERAL (SELECT id, tenant_id, namespace, key, kind, json, bytes, description, version, revision, expires_at, \
    created, updated FROM key_value WHERE tenant_id = asked.tenant_id AND namespace = asked.namespace \
    AND key = asked.key LIMIT 1) AS found";

/// As [`READ`], by tenant and id.
const READ_BY_ID: &str = "SELECT asked.at, found.* \
    FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS asked (tenant_id, id, at), \
    LATERAL (SELECT id, tenant_id, namespace, key, kind, json, bytes, description, version, revision, expires_at, \
    created, updated FROM key_value WHERE tenant_id = asked.tenant_id AND id = asked.id LIMIT 1) AS found";

impl Source for PgPool {
    async fn read(&self, places: &[Place]) -> Result<Vec<Found>, KvError> {
        retry::read(|| read(self, places)).await
    }
}

/// Connections for [`read`] alone. Their plans are made once for any number of places: PostgreSQL would make
/// one for each, which takes longer than the read.
pub(super) fn pool(options: &Options) -> sqlx::Result<PgPool> {
    let connect = PgConnectOptions::from_str(&options.url)?
        .application_name("highwater")
        .options([("plan_cache_mode", "force_generic_plan")]);
    let pool = PgPoolOptions::new()
        .max_connections(u32::try_from(FLYING).unwrap_or(u32::MAX))
        .acquire_timeout(options.wait)
        .test_before_acquire(false)
        .before_acquire(|connection, about| {
            Box::pin(async move {
                if about.idle_for > IDLE {
                    connection.ping().await?;
                }
                Ok(true)
            })
        });
    Ok(pool.connect_lazy_with(connect))
}

async fn read(pool: &PgPool, places: &[Place]) -> Result<Vec<Found>, DbErr> {
    let tenants: Vec<Uuid> = places.iter().map(|(tenant_id, _)| tenant_id.0).collect();
    let namespaces: Vec<&str> = places.iter().map(|(_, address)| address.namespace.as_str()).collect();
    let keys: Vec<&[u8]> = places.iter().map(|(_, address)| address.key.as_str().as_bytes()).collect();
    let query = sqlx::query(READ).bind(tenants).bind(namespaces).bind(keys);
    let rows = query.fetch_all(pool).await.map_err(failed)?;
    let mut found = vec![None; places.len()];
    for row in rows {
        let at: i64 = row.try_get(0).map_err(failed)?;
        let place = usize::try_from(at - 1).ok().and_then(|at| found.get_mut(at));
        if let Some(place) = place {
            *place = Some(model(&row).map_err(failed)?);
        }
    }
    Ok(found)
}

/// The rows at places whose parts come apart, in a transaction of others. A list of keys would leave the planner a
/// choice, which it makes badly over a table that it knows little of yet.
pub(in crate::store) async fn rows_at(
    txn: &mut PgConnection,
    places: impl IntoIterator<Item = (Uuid, &str, &[u8])>,
) -> sqlx::Result<Vec<key_value::Model>> {
    let (mut tenants, mut namespaces, mut keys) = (Vec::new(), Vec::new(), Vec::new());
    for (tenant_id, namespace, key) in places {
        tenants.push(tenant_id);
        namespaces.push(namespace);
        keys.push(key);
    }
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query(READ).bind(tenants).bind(namespaces).bind(keys).fetch_all(txn).await?;
    rows.iter().map(model).collect()
}

/// The rows with these ids, in a transaction of others.
pub(in crate::store) async fn rows_of(
    txn: &mut PgConnection,
    ids: impl IntoIterator<Item = (Uuid, Uuid)>,
) -> sqlx::Result<Vec<key_value::Model>> {
    let (tenants, ids): (Vec<_>, Vec<_>) = ids.into_iter().unzip();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query(READ_BY_ID).bind(tenants).bind(ids).fetch_all(txn).await?;
    rows.iter().map(model).collect()
}

/// The statement for one place, its operands in their places.
pub(super) fn statement(tenant_id: TenantId, address: &Address) -> String {
    let key = super::hex(address.key.as_str().as_bytes());
    READ.replace("$1", &format!("ARRAY['{}']", tenant_id.0))
        .replace("$2", &format!("ARRAY['{}']", address.namespace))
        .replace("$3", &format!("ARRAY['\\x{key}']"))
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

/// The columns after the place. Their types are the statement's; to compare them takes longer than to read them.
fn model(row: &PgRow) -> sqlx::Result<key_value::Model> {
    Ok(key_value::Model {
        id: row.try_get_unchecked(1)?,
        tenant_id: row.try_get_unchecked(2)?,
        namespace: row.try_get_unchecked(3)?,
        key: row.try_get_unchecked(4)?,
        kind: row.try_get_unchecked(5)?,
        json: row.try_get_unchecked(6)?,
        bytes: row.try_get_unchecked(7)?,
        description: row.try_get_unchecked(8)?,
        version: row.try_get_unchecked(9)?,
        revision: row.try_get_unchecked(10)?,
        expires_at: row.try_get_unchecked(11)?,
        created: row.try_get_unchecked(12)?,
        updated: row.try_get_unchecked(13)?,
    })
}
