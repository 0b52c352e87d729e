//! PostgreSQL's indexes for the times of pairs, made so that sets are light and point reads never take them.

use sea_orm_migration::{prelude::*, schema::big_integer, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const CREATED: &str = "key_value_created";
const UPDATED: &str = "key_value_updated";

/// Ten minutes in microseconds. What asks for pairs by this column counts on it (`store/filter/periods.rs`): another
/// length is another column.
const PERIOD: i64 = 600_000_000;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        // Before the table is written anew, and its indexes with it.
        drop(manager, CREATED).await?;
        drop(manager, UPDATED).await?;
        // An index on a column that every write changes has PostgreSQL add an entry to each of the other indexes too; one
        // on a column that mostly stays does not.
        let mut period = big_integer("updated_period");
        period.generated(Expr::col("updated").sub(Expr::col("updated").modulo(PERIOD)), true);
        manager.alter_table(Table::alter().table("key_value").add_column(period).to_owned()).await?;
        // Without the namespace: where tenants have namespaces of their own, PostgreSQL expects one pair in each, and
        // would look for a key in these indexes, which are smaller than that of addresses.
        create(manager, CREATED, &["tenant_id", "created"]).await?;
        create(manager, UPDATED, &["tenant_id", "updated_period"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        drop(manager, CREATED).await?;
        drop(manager, UPDATED).await?;
        manager.alter_table(Table::alter().table("key_value").drop_column("updated_period").to_owned()).await?;
        create(manager, CREATED, &["tenant_id", "namespace", "created"]).await?;
        create(manager, UPDATED, &["tenant_id", "namespace", "updated"]).await
    }
}

async fn drop(manager: &SchemaManager<'_>, index: &'static str) -> Result<(), DbErr> {
    manager.drop_index(Index::drop().name(index).table("key_value").to_owned()).await
}

async fn create(manager: &SchemaManager<'_>, name: &'static str, columns: &[&'static str]) -> Result<(), DbErr> {
    let mut index = Index::create();
    index.name(name).table("key_value");
    for column in columns {
        index.col(*column);
    }
    manager.create_index(index).await
}
