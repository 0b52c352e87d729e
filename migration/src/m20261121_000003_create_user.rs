//! People, and the tenants they belong to.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, pk_uuid, string, string_uniq, uuid},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("user_account")
                    .col(pk_uuid("id"))
                    .col(string_uniq("username"))
                    .col(big_integer("created"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("membership")
                    .col(pk_uuid("id"))
                    .col(uuid("user_id"))
                    .col(uuid("tenant_id"))
                    .col(string("role"))
                    .col(big_integer("created"))
                    .foreign_key(ForeignKey::create().from("membership", "user_id").to("user_account", "id"))
                    .foreign_key(ForeignKey::create().from("membership", "tenant_id").to("tenant", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("membership_place")
                    .table("membership")
                    .col("user_id")
                    .col("tenant_id")
                    .unique()
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("membership").to_owned()).await?;
        manager.drop_table(Table::drop().table("user_account").to_owned()).await
    }
}
