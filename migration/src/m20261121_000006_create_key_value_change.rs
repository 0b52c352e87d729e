//! The log of committed writes.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, string, uuid},
};

use crate::m20261121_000001_create_tenant::code_point_order;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("key_value_change")
                    .col(uuid("tenant_id"))
                    .col(big_integer("revision"))
                    .col(boolean("deleted"))
                    .col(uuid("key_value_id"))
                    .col(code_point_order(manager, string("namespace")))
                    .col(ColumnDef::new("key").blob().not_null())
                    .col(big_integer("version"))
                    .col(big_integer("at"))
                    .primary_key(Index::create().col("tenant_id").col("revision"))
                    .foreign_key(ForeignKey::create().from("key_value_change", "tenant_id").to("tenant", "id"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("key_value_change").to_owned()).await
    }
}
