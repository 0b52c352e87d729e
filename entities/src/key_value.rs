//! The pairs.

use sea_orm::entity::prelude::*;

/// A pair, live or expired. Exactly one of `json` and `bytes` is set.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "key_value")]
pub struct Model {
    /// Kept for the pair's life.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[sea_orm(unique_key = "address")]
    pub tenant_id: Uuid,
    /// The namespace's dotted name.
    #[sea_orm(unique_key = "address")]
    pub namespace: String,
    /// The key's UTF-8 bytes: every text fits, NUL included, and compares in code point order.
    #[sea_orm(unique_key = "address", column_type = "VarBinary(StringLen::None)")]
    pub key: Vec<u8>,
    /// `STRING`, `NUMBER`, `BOOLEAN`, `DATETIME`, `DATE`, `DURATION`, `JSON` or `BINARY`.
    pub kind: String,
    /// The value's compact JSON text.
    #[sea_orm(column_type = "Text", nullable)]
    pub json: Option<String>,
    /// The value's bytes, for `BINARY`.
    #[sea_orm(column_type = "VarBinary(StringLen::None)", nullable)]
    pub bytes: Option<Vec<u8>>,
    /// Free text for people.
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    /// The pair's own counter of writes, from 1.
    pub version: i64,
    /// The tenant's revision at the last write.
    pub revision: i64,
    /// From this instant on the pair counts as absent.
    pub expires_at: Option<i64>,
    /// When the pair came to life.
    pub created: i64,
    /// When it was last written.
    pub updated: i64,
}

impl ActiveModelBehavior for ActiveModel {}
