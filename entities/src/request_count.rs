//! How many requests a tenant made in a minute.

use sea_orm::entity::prelude::*;

/// The requests of all servers together.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "request_count")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    /// Minutes since 1970.
    #[sea_orm(primary_key, auto_increment = false)]
    pub minute: i64,
    /// How many.
    pub requests: i64,
}

impl ActiveModelBehavior for ActiveModel {}
