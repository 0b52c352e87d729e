//! Sessions beside keys, the key that a session grew from, and when a token was last used.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer_null, boolean, uuid_null},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const COLUMNS: [&str; 3] = ["session", "parent_id", "last_used_at"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let session = boolean("session").default(false).take();
        for column in [session, uuid_null("parent_id"), big_integer_null("last_used_at")] {
            // One at a time: SQLite adds no two columns at once.
            manager.alter_table(Table::alter().table("token").add_column(column).to_owned()).await?;
        }
        for (name, column) in [("token_parent", "parent_id"), ("token_user", "user_id")] {
            manager.create_index(Index::create().name(name).table("token").col(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["token_parent", "token_user"] {
            manager.drop_index(Index::drop().name(name).table("token").to_owned()).await?;
        }
        for column in COLUMNS {
            manager.alter_table(Table::alter().table("token").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
