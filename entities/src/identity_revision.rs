//! The counter by which servers hear that tokens, members or licences changed.

use sea_orm::entity::prelude::*;

/// The one row: every change of identities counts it up, in the change's own transaction.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_revision")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// How many changes there were.
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
