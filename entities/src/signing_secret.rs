//! The secrets that sign tokens, shared by every server of one database.

use sea_orm::entity::prelude::*;

/// A signing secret.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_secret")]
pub struct Model {
    /// 1 for the first, then counting up; the newest signs.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// The secret's bytes.
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub secret: Vec<u8>,
    /// When it was made.
    pub created: i64,
    /// Until when tokens it signed are taken; none while it signs.
    pub retires_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
