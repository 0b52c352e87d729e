//! How many requests a tenant made in a minute, of all servers together.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, uuid},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("request_count")
                    .col(uuid("tenant_id"))
                    .col(big_integer("minute"))
                    .col(big_integer("requests"))
                    .primary_key(Index::create().col("tenant_id").col("minute"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("request_count").to_owned()).await
    }
}
