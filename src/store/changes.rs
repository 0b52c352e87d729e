//! The log of committed writes: read by revision, and who is woken when it grows.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use entities::{key_value_change, tenant};
use sea_orm::{DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use tokio::sync::Notify;

use super::{Store, fault, retry};
use crate::domain::{Address, Change, Key, KvError, Namespace, Operation, TenantId, Timestamp};

/// Who waits for a tenant's next write in this process.
#[derive(Default)]
pub(super) struct Wakers(Mutex<HashMap<TenantId, Arc<Notify>>>);

impl Wakers {
    /// Tells those who wait for `tenant_id` that its log grew.
    pub(super) fn wake(&self, tenant_id: TenantId) {
        if let Some(waker) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&tenant_id) {
            waker.notify_one();
        }
    }
}

impl Store {
    /// Something that is notified after each write of this process to a tenant. One waits at a time.
    #[must_use]
    pub fn waker(&self, tenant_id: TenantId) -> Arc<Notify> {
        let mut wakers = self.wakers.0.lock().unwrap_or_else(PoisonError::into_inner);
        wakers.entry(tenant_id).or_default().clone()
    }

    /// Forgets [`Self::waker`].
    pub fn forget_waker(&self, tenant_id: TenantId) {
        self.wakers.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&tenant_id);
    }

    /// The revision of a tenant's last committed write.
    ///
    /// # Errors
    /// [`KvError::NoSuchId`], [`KvError::Unavailable`] and [`KvError::Internal`].
    pub async fn revision(&self, tenant_id: TenantId) -> Result<i64, KvError> {
        let query = tenant::Entity::find_by_id(tenant_id.0).select_only().column(tenant::Column::Revision);
        let revision = retry::read(|| query.clone().into_tuple::<i64>().one(&self.db)).await?;
        revision.ok_or(KvError::NoSuchId { what: "tenant" })
    }

    /// At most `limit` changes of a tenant after a revision, in order.
    ///
    /// # Errors
    /// [`KvError::Unavailable`] and [`KvError::Internal`].
    pub async fn changes(&self, tenant_id: TenantId, after: i64, limit: u64) -> Result<Vec<Change>, KvError> {
        let query = key_value_change::Entity::find()
            .filter(key_value_change::COLUMN.tenant_id.eq(tenant_id.0))
            .filter(key_value_change::COLUMN.revision.gt(after))
            .order_by_asc(key_value_change::COLUMN.revision)
            .limit(limit);
        let rows = retry::read(|| query.clone().all(&self.db)).await?;
        rows.into_iter().map(from_row).collect::<Result<_, _>>().map_err(fault::classify)
    }
}

fn from_row(row: key_value_change::Model) -> Result<Change, DbErr> {
    let broken = |what: &str| DbErr::Type(format!("key_value_change {}: {what} is broken", row.revision));
    let key = String::from_utf8(row.key).ok().and_then(|key| Key::new(key).ok()).ok_or_else(|| broken("key"))?;
    let namespace = Namespace::new(row.namespace).map_err(|_| broken("namespace"))?;
    Ok(Change {
        tenant_id: TenantId(row.tenant_id),
        revision: row.revision,
        operation: if row.deleted { Operation::Delete } else { Operation::Set },
        pair_id: row.key_value_id,
        address: Address { namespace, key },
        version: row.version,
        at: Timestamp::from_micros(row.at),
    })
}
