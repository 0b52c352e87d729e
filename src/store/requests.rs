//! How many requests tenants made in a minute, of all servers together.

use entities::request_count;
use sea_orm::{
    ActiveValue::Set,
    EntityTrait, ExprTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};

use super::{Store, fault};
use crate::domain::{KvError, TenantId};

/// Minutes for which counts are kept.
const KEPT: i64 = 5;

impl Store {
    /// Adds `requests` to a tenant's count of a minute, and gives the count of all servers.
    ///
    /// # Errors
    /// [`KvError::Unavailable`] and [`KvError::Internal`].
    pub async fn add_requests(&self, tenant_id: TenantId, minute: i64, requests: u64) -> Result<u64, KvError> {
        use request_count::Column as C;
        let _turn = self.turn().await;
        let requests = i64::try_from(requests).unwrap_or(i64::MAX);
        let row =
            request_count::ActiveModel { tenant_id: Set(tenant_id.0), minute: Set(minute), requests: Set(requests) };
        let sum = Expr::col((request_count::Entity, C::Requests)).add(requests);
        let add = OnConflict::columns([C::TenantId, C::Minute]).value(C::Requests, sum).to_owned();
        let total = request_count::Entity::insert(row).on_conflict(add).exec_with_returning(&self.db).await;
        let total = total.map_err(fault::classify)?.requests;
        if total == requests {
            // The first of a new minute takes away what nobody asks for any more.
            request_count::Entity::delete_many()
                .filter(request_count::COLUMN.minute.lt(minute - KEPT))
                .exec(&self.db)
                .await
                .map_err(fault::classify)?;
        }
        Ok(total.unsigned_abs())
    }
}
