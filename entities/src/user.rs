//! People and service accounts.

use sea_orm::entity::prelude::*;

/// Someone who holds tokens.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_account")]
pub struct Model {
    /// The user's id; the `sub` of the user's tokens.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Unique name.
    #[sea_orm(unique)]
    pub username: String,
    /// When the user was made.
    pub created: i64,
    /// Whether it is a machine.
    pub service: bool,
    /// The tenants the user belongs to.
    #[sea_orm(has_many)]
    pub memberships: HasMany<super::membership::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
