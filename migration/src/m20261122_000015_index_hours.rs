//! On PostgreSQL, pairs by the hour in which they were last written. An index on a column that every write changes has
//! PostgreSQL add an entry to each of the other indexes too; one on a column that stays lets it write the row in place.

use sea_orm_migration::{prelude::*, schema::big_integer, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const INDEX: &str = "key_value_updated";

/// An hour in microseconds.
const HOUR: i64 = 3_600_000_000;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        let mut hour = big_integer("updated_hour");
        hour.generated(Expr::col("updated").div(HOUR), true);
        manager.alter_table(Table::alter().table("key_value").add_column(hour).to_owned()).await?;
        index(manager, "updated_hour").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        index(manager, "updated").await?;
        manager.alter_table(Table::alter().table("key_value").drop_column("updated_hour").to_owned()).await
    }
}

/// Has the index end in `column`.
async fn index(manager: &SchemaManager<'_>, column: &'static str) -> Result<(), DbErr> {
    manager.drop_index(Index::drop().name(INDEX).table("key_value").to_owned()).await?;
    let columns = ["tenant_id", "namespace", column];
    let mut index = Index::create();
    index.name(INDEX).table("key_value");
    manager.create_index(columns.into_iter().fold(index, |mut index, column| index.col(column).to_owned())).await
}
