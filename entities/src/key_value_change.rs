//! The log of committed writes, by revision.

use sea_orm::entity::prelude::*;

/// One committed set or delete. A tenant's revisions follow each other without gaps.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "key_value_change")]
pub struct Model {
    /// Whose pair it was.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    /// The revision that the write got.
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i64,
    /// Whether the pair was deleted; else it was set.
    pub deleted: bool,
    /// The pair's id.
    pub key_value_id: Uuid,
    /// The pair's namespace.
    pub namespace: String,
    /// The pair's key, as UTF-8 bytes.
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub key: Vec<u8>,
    /// The pair's version after a set, or at its deletion.
    pub version: i64,
    /// When it was committed.
    pub at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
