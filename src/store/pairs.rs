//! Reading pairs: rows in, domain out, the tenant first.

use entities::key_value;
use sea_orm::{ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use super::{Store, filter, retry, rows::keys};
use crate::domain::{Address, JsonText, Key, KvError, Namespace, Pair, TenantId, Timestamp, Value};

impl Store {
    /// The live pair `id` of a tenant.
    ///
    /// # Errors
    /// [`KvError::Unavailable`] and [`KvError::Internal`], as every read.
    pub async fn pair(&self, tenant_id: TenantId, id: Uuid) -> Result<Option<Pair>, KvError> {
        let query = key_value::Entity::find_by_id(id).filter(live(tenant_id, self.clock.now()));
        retry::read(|| async { query.clone().one(&self.db).await?.map(from_row).transpose() }).await
    }

    /// Pairs of all tenants that had ended at the instant `by`, those that ended first, at most `limit`.
    ///
    /// # Errors
    /// As [`Self::pair`].
    pub async fn ended(&self, by: Timestamp, limit: u64) -> Result<Vec<(TenantId, Uuid)>, KvError> {
        let query = ended(by, limit);
        let rows = retry::read(|| async { query.clone().into_tuple::<(Uuid, Uuid)>().all(&self.db).await }).await?;
        Ok(rows.into_iter().map(|(tenant_id, id)| (TenantId(tenant_id), id)).collect())
    }

    /// The statement of [`Self::ended`]: what to hand to the database's EXPLAIN.
    #[must_use]
    pub fn ended_statement(&self, by: Timestamp, limit: u64) -> String {
        ended(by, limit).build(self.db.get_database_backend()).to_string()
    }

    /// The keys of a namespace's live pairs that start with `prefix`, in the order of their bytes, from after
    /// `after` on, at most `limit`. No value is read.
    ///
    /// # Errors
    /// As [`Self::pair`].
    pub async fn keys(
        &self,
        tenant_id: TenantId,
        namespace: &Namespace,
        prefix: &str,
        after: Option<&Key>,
        limit: Option<u64>,
    ) -> Result<Vec<Key>, KvError> {
        let beyond = after.map(|key| key_value::Column::Key.gt(key.as_str().as_bytes().to_vec()));
        let query = keys(key_value::Entity::find())
            .filter(live(tenant_id, self.clock.now()))
            .filter(key_value::COLUMN.namespace.eq(namespace.as_str()))
            .filter(filter::keys_from(prefix))
            .filter(Condition::all().add_option(beyond))
            .order_by_asc(key_value::COLUMN.key)
            .limit(limit);
        let rows = retry::read(|| self.rows(&query)).await?;
        rows.into_iter().map(key_of).collect::<Option<_>>().ok_or_else(|| KvError::internal("a key is broken"))
    }
}

fn ended(by: Timestamp, limit: u64) -> Select<key_value::Entity> {
    key_value::Entity::find()
        .select_only()
        .columns([key_value::Column::TenantId, key_value::Column::Id])
        .filter(key_value::COLUMN.expires_at.lte(by.micros()))
        .order_by_asc(key_value::COLUMN.expires_at)
        .limit(limit)
}

/// The address that two columns hold.
pub(super) fn address(namespace: String, key: Vec<u8>) -> Option<Address> {
    Some(Address { namespace: Namespace::new(namespace).ok()?, key: key_of(key)? })
}

/// The key that a column's bytes are.
pub(super) fn key_of(bytes: Vec<u8>) -> Option<Key> {
    String::from_utf8(bytes).ok().and_then(|text| Key::new(text).ok())
}

/// The rows of a tenant that exist at `now`: the first filter of every read.
pub(super) fn live(tenant_id: TenantId, now: Timestamp) -> Condition {
    let lasting =
        Condition::any().add(key_value::COLUMN.expires_at.is_null()).add(key_value::COLUMN.expires_at.gt(now.micros()));
    Condition::all().add(key_value::COLUMN.tenant_id.eq(tenant_id.0)).add(lasting)
}

/// The pair that `row` holds.
pub(super) fn from_row(row: key_value::Model) -> Result<Pair, DbErr> {
    let broken = |what: &str| DbErr::Type(format!("key_value {}: {what} is broken", row.id));
    let address = address(row.namespace, row.key).ok_or_else(|| broken("address"))?;
    let value = match (row.json, row.bytes) {
        (Some(text), None) => {
            let kind = row.kind.parse().map_err(|_| broken("kind"))?;
            Value::Json { kind, text: JsonText::stored(text) }
        }
        (None, Some(bytes)) => Value::Bytes(bytes),
        _ => return Err(broken("value")),
    };
    Ok(Pair {
        id: row.id,
        tenant_id: TenantId(row.tenant_id),
        address,
        value,
        description: row.description,
        version: row.version,
        revision: row.revision,
        expires_at: row.expires_at.map(Timestamp::from_micros),
        created: Timestamp::from_micros(row.created),
        updated: Timestamp::from_micros(row.updated),
    })
}
