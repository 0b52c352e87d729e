//! Tenants and their namespaces.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, pk_uuid, string, string_uniq, text_null, uuid},
    sea_orm::DbBackend,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("tenant")
                    .col(pk_uuid("id"))
                    .col(string_uniq("slug"))
                    .col(string("name"))
                    .col(string("tier"))
                    .col(big_integer("revision"))
                    .col(big_integer("pairs"))
                    .col(big_integer("created"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("namespace")
                    .col(uuid("tenant_id"))
                    .col(code_point_order(manager, string("name")))
                    .col(text_null("description"))
                    .col(big_integer("created"))
                    .primary_key(Index::create().col("tenant_id").col("name"))
                    .foreign_key(ForeignKey::create().from("namespace", "tenant_id").to("tenant", "id"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("namespace").to_owned()).await?;
        manager.drop_table(Table::drop().table("tenant").to_owned()).await
    }
}

/// SQLite compares text by bytes; PostgreSQL does so only when told.
pub(crate) fn code_point_order(manager: &SchemaManager, mut column: ColumnDef) -> ColumnDef {
    if manager.get_database_backend() == DbBackend::Postgres {
        column.extra(r#"COLLATE "C""#);
    }
    column
}
