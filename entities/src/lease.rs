//! Who does what only one server does at a time.

use sea_orm::entity::prelude::*;

/// A task, and the server that has it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lease")]
pub struct Model {
    /// The task.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// The server, by an id of its own making.
    pub holder: Uuid,
    /// From this instant on another server may take it.
    pub ends_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
