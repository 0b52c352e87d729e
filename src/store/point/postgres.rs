//! Many addresses in one statement.

use std::str::FromStr;

use entities::key_value;
use sea_orm::{
    DbErr, RuntimeErr,
    prelude::Uuid,
    sqlx::{
        self, Connection, PgConnection, PgExecutor, PgPool, Row,
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

/// What is read of a row whose address is known, in the order of [`model`].
macro_rules! columns {
    () => {
        "id, kind, json, bytes, description, version, revision, expires_at, created, updated"
    };
}

/// Rows of one namespace, as most of those are that are asked for together. The subquery's LIMIT keeps the planner from
/// joining by a scan of the table.
const READ: &str = concat!(
    "SELECT asked.at, found.* FROM unnest($3::bytea[]) WITH ORDINALITY AS asked (key, at), LATERAL (SELECT ",
    columns!(),
    " FROM key_value WHERE tenant_id = $1 AND namespace = $2 AND key = asked.key LIMIT 1) AS found"
);

/// As [`READ`], of any.
const READ_ANYWHERE: &str = concat!(
    "SELECT asked.at, found.* FROM unnest($1::uuid[], $2::text[], $3::bytea[]) WITH ORDINALITY \
    AS asked (tenant_id, namespace, key, at), LATERAL (SELECT ",
    columns!(),
    " FROM key_value WHERE tenant_id = asked.tenant_id AND namespace = asked.namespace AND key = asked.key LIMIT 1) \
    AS found"
);

/// As [`READ`], by tenant and id.
const READ_BY_ID: &str = concat!(
    "SELECT asked.at, found.* FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS asked (tenant_id, id, at), \
    LATERAL (SELECT ",
    columns!(),
    ", tenant_id, namespace, key FROM key_value WHERE tenant_id = asked.tenant_id AND id = asked.id LIMIT 1) AS found"
);

/// Where a row is: its tenant, its namespace, and the bytes of its key.
type At<'a> = (Uuid, &'a str, &'a [u8]);

fn at((tenant_id, address): &Place) -> At<'_> {
    (tenant_id.0, address.namespace.as_str(), address.key.as_str().as_bytes())
}

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
    let asked: Vec<At<'_>> = places.iter().map(at).collect();
    let mut found = vec![None; places.len()];
    for (at, row) in fetch(pool, &asked).await.map_err(failed)? {
        found[at] = Some(row);
    }
    Ok(found)
}

/// The rows at places whose parts come apart, in a transaction of others. A list of keys would leave the planner a
/// choice, which it makes badly over a table that it knows little of yet.
pub(in crate::store) async fn rows_at<'a>(
    txn: &mut PgConnection,
    places: impl IntoIterator<Item = At<'a>>,
) -> sqlx::Result<Vec<key_value::Model>> {
    let places: Vec<At<'a>> = places.into_iter().collect();
    if places.is_empty() {
        return Ok(Vec::new());
    }
    Ok(fetch(txn, &places).await?.into_iter().map(|(_, row)| row).collect())
}

/// The rows at `places`, each with its place among them.
async fn fetch(on: impl PgExecutor<'_>, places: &[At<'_>]) -> sqlx::Result<Vec<(usize, key_value::Model)>> {
    let keys: Vec<&[u8]> = places.iter().map(|(.., key)| *key).collect();
    let first = places.first().map(|(tenant_id, namespace, _)| (*tenant_id, *namespace));
    let one = first.filter(|first| places.iter().all(|(tenant_id, namespace, _)| (*tenant_id, *namespace) == *first));
    let query = if let Some((tenant_id, namespace)) = one {
        sqlx::query(READ).bind(tenant_id).bind(namespace).bind(keys)
    } else {
        let (tenants, namespaces): (Vec<Uuid>, Vec<&str>) =
            places.iter().map(|(tenant, name, _)| (tenant, name)).unzip();
        sqlx::query(READ_ANYWHERE).bind(tenants).bind(namespaces).bind(keys)
    };
    let row = |row: &PgRow| {
        let at: i64 = row.try_get_unchecked(0)?;
        let at = usize::try_from(at - 1).unwrap_or(usize::MAX);
        let (tenant_id, namespace, key) = places.get(at).ok_or(sqlx::Error::RowNotFound)?;
        Ok((at, model(row, *tenant_id, (*namespace).to_owned(), key.to_vec())?))
    };
    query.fetch_all(on).await?.iter().map(row).collect()
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
    let row = |row: &PgRow| {
        let address = (row.try_get_unchecked(12)?, row.try_get_unchecked(13)?);
        model(row, row.try_get_unchecked(11)?, address.0, address.1)
    };
    rows.iter().map(row).collect()
}

/// The statement for one place, its operands in their places.
pub(super) fn statement(tenant_id: TenantId, address: &Address) -> String {
    let key = super::hex(address.key.as_str().as_bytes());
    READ.replace("$1", &format!("'{}'", tenant_id.0))
        .replace("$2", &format!("'{}'", address.namespace))
        .replace("$3", &format!("ARRAY['\\x{key}']"))
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

/// The row at an address, of its columns after the place. Their types are the statement's; to compare them takes longer
/// than to read them.
fn model(row: &PgRow, tenant_id: Uuid, namespace: String, key: Vec<u8>) -> sqlx::Result<key_value::Model> {
    Ok(key_value::Model {
        id: row.try_get_unchecked(1)?,
        tenant_id,
        namespace,
        key,
        kind: row.try_get_unchecked(2)?,
        json: row.try_get_unchecked(3)?,
        bytes: row.try_get_unchecked(4)?,
        description: row.try_get_unchecked(5)?,
        version: row.try_get_unchecked(6)?,
        revision: row.try_get_unchecked(7)?,
        expires_at: row.try_get_unchecked(8)?,
        created: row.try_get_unchecked(9)?,
        updated: row.try_get_unchecked(10)?,
    })
}
