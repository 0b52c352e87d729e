//! Who did what, when, from where, and whether it was allowed.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, pk_uuid, string, string_null, text, uuid, uuid_null},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("audit_log")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(big_integer("at"))
                    .col(uuid_null("token_id"))
                    .col(uuid_null("user_id"))
                    .col(text("subject"))
                    .col(string("operation"))
                    .col(string_null("namespace"))
                    .col(ColumnDef::new("key").blob().null())
                    .col(uuid_null("object_id"))
                    .col(boolean("allowed"))
                    .col(string_null("reason"))
                    .col(string_null("address"))
                    .col(big_integer("count"))
                    .to_owned(),
            )
            .await?;
        let place =
            Index::create().name("audit_log_place").table("audit_log").col("tenant_id").col("at").col("id").to_owned();
        manager.create_index(place).await?;
        manager.create_index(Index::create().name("audit_log_at").table("audit_log").col("at").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("audit_log").to_owned()).await
    }
}
