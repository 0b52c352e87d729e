//! Pairs by their times.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(index("key_value_created", "created")).await?;
        manager.create_index(index("key_value_updated", "updated")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("key_value_updated").table("key_value").to_owned()).await?;
        manager.drop_index(Index::drop().name("key_value_created").table("key_value").to_owned()).await
    }
}

fn index(name: &'static str, column: &'static str) -> IndexCreateStatement {
    Index::create().name(name).table("key_value").col("tenant_id").col("namespace").col(column).to_owned()
}
