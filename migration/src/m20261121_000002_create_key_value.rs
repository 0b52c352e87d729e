//! The pairs.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, pk_uuid, string, text_null, uuid},
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
                    .table("key_value")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(code_point_order(manager, string("namespace")))
                    .col(ColumnDef::new("key").blob().not_null())
                    .col(string("kind"))
                    .col(text_null("json"))
                    .col(ColumnDef::new("bytes").blob().null())
                    .col(text_null("description"))
                    .col(big_integer("version"))
                    .col(big_integer("revision"))
                    .col(big_integer_null("expires_at"))
                    .col(big_integer("created"))
                    .col(big_integer("updated"))
                    .foreign_key(ForeignKey::create().from("key_value", "tenant_id").to("tenant", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("key_value_address")
                    .table("key_value")
                    .col("tenant_id")
                    .col("namespace")
                    .col("key")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("key_value_expiry")
                    .table("key_value")
                    .col("tenant_id")
                    .col("expires_at")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("key_value").to_owned()).await
    }
}
