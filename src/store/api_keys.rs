//! The tokens of a tenant that count, with the names of their holders.

use std::collections::HashMap;

use entities::{token, user};
use sea_orm::{EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{Store, TokenRow, fault, tokens::token_of};
use crate::domain::{KvError, TenantId};

/// A token, and who holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// The registry's row.
    pub row: TokenRow,
    /// The holder's name.
    pub username: String,
}

impl Store {
    /// The API keys of a tenant that were not revoked, oldest first.
    ///
    /// # Errors
    /// [`KvError::Unavailable`] and [`KvError::Internal`].
    pub async fn api_keys(&self, tenant_id: TenantId) -> Result<Vec<ApiKey>, KvError> {
        let rows = token::Entity::find()
            .filter(token::COLUMN.tenant_id.eq(tenant_id.0))
            .filter(token::COLUMN.session.eq(false))
            .filter(token::COLUMN.revoked_at.is_null())
            .order_by_asc(token::COLUMN.created)
            .order_by_asc(token::COLUMN.id)
            .all(&self.db)
            .await
            .map_err(fault::classify)?;
        let holders = user::Entity::find()
            .filter(user::COLUMN.id.is_in(rows.iter().map(|row| row.user_id)))
            .all(&self.db)
            .await
            .map_err(fault::classify)?;
        let usernames: HashMap<Uuid, String> = holders.into_iter().map(|user| (user.id, user.username)).collect();
        let key_of = |row: token::Model| {
            let username = usernames.get(&row.user_id).cloned().unwrap_or_default();
            ApiKey { row: token_of(row), username }
        };
        Ok(rows.into_iter().map(key_of).collect())
    }
}
