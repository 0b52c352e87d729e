//! Dotted names inside a tenant.

use sea_orm::entity::prelude::*;

/// A namespace; made by its first write or by hand.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "namespace")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    /// The dotted name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// Free text for people.
    pub description: Option<String>,
    /// When it was made.
    pub created: i64,
}

impl ActiveModelBehavior for ActiveModel {}
