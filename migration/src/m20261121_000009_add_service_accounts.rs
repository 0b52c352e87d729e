//! Who is a machine among the users, and under whose licence a tenant was made.

use sea_orm_migration::{
    prelude::*,
    schema::{boolean, uuid_null},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let service = boolean("service").default(false).take();
        manager.alter_table(Table::alter().table("user_account").add_column(service).to_owned()).await?;
        manager.alter_table(Table::alter().table("tenant").add_column(uuid_null("sponsor_id")).to_owned()).await?;
        manager
            .create_index(Index::create().name("tenant_sponsor").table("tenant").col("sponsor_id").to_owned())
            .await?;
        let members = Index::create().name("membership_tenant").table("membership").col("tenant_id").to_owned();
        manager.create_index(members).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("membership_tenant").table("membership").to_owned()).await?;
        manager.drop_index(Index::drop().name("tenant_sponsor").table("tenant").to_owned()).await?;
        manager.alter_table(Table::alter().table("tenant").drop_column("sponsor_id").to_owned()).await?;
        manager.alter_table(Table::alter().table("user_account").drop_column("service").to_owned()).await
    }
}
