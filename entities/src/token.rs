//! The registry of issued tokens.

use sea_orm::entity::prelude::*;

/// An issued token. The token itself is never stored.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "token")]
pub struct Model {
    /// The token's `jti`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The tenant it is for.
    pub tenant_id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// Name for people.
    pub name: String,
    /// When it was issued.
    pub created: i64,
    /// When it ends.
    pub expires_at: i64,
    /// Since when it is refused.
    pub revoked_at: Option<i64>,
    /// Whether it is a session, which short-lived tokens share; API keys are not.
    pub session: bool,
    /// The API key that the session grew from.
    pub parent_id: Option<Uuid>,
    /// When it was last used, to some seconds.
    pub last_used_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
