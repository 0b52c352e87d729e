//! Issued tokens, and the secrets that sign them.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, integer, pk_uuid, string, uuid},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("token")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("user_id"))
                    .col(string("name"))
                    .col(big_integer("created"))
                    .col(big_integer("expires_at"))
                    .col(big_integer_null("revoked_at"))
                    .foreign_key(ForeignKey::create().from("token", "tenant_id").to("tenant", "id"))
                    .foreign_key(ForeignKey::create().from("token", "user_id").to("user_account", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("signing_secret")
                    .col(integer("id").primary_key())
                    .col(ColumnDef::new("secret").blob().not_null())
                    .col(big_integer("created"))
                    .col(big_integer_null("retires_at"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("signing_secret").to_owned()).await?;
        manager.drop_table(Table::drop().table("token").to_owned()).await
    }
}
