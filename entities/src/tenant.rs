//! Isolated teams.

use sea_orm::entity::prelude::*;

/// A tenant; its row is the lock that orders the tenant's writes.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tenant")]
pub struct Model {
    /// The tenant's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Short name for URLs and command lines.
    #[sea_orm(unique)]
    pub slug: String,
    /// Name for people.
    pub name: String,
    /// Name of the licence tier, as the configuration spells it.
    pub tier: String,
    /// The number of the last committed write.
    pub revision: i64,
    /// Rows in `key_value`, expired ones included.
    pub pairs: i64,
    /// When the tenant was made.
    pub created: i64,
    /// The tenant under whose licence it was made; none where the operator made it.
    pub sponsor_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
