//! Who belongs to which tenant.

use sea_orm::entity::prelude::*;

/// A user's place in a tenant.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "membership")]
pub struct Model {
    /// The membership's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who.
    #[sea_orm(unique_key = "place")]
    pub user_id: Uuid,
    /// Where.
    #[sea_orm(unique_key = "place")]
    pub tenant_id: Uuid,
    /// `admin`, `user` or `read-only`.
    pub role: String,
    /// When the membership began.
    pub created: i64,
    /// Who.
    #[sea_orm(belongs_to, from = "user_id", to = "id")]
    pub user: BelongsTo<super::user::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
