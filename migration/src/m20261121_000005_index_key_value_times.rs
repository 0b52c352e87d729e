//! Pairs by their times; and what SQLite has to know to choose among the indexes of pairs.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Without figures SQLite takes a namespace for 9 rows, and reads all of it rather than look up 10
/// ids. So it is given the figures of a large tenant, as SQLite's documentation of ANALYZE proposes:
/// rows in all, then to each value of the index's first column, of its first two, and so on.
///
/// Raw: there is no other way to write these.
const FIGURES: &str = "
    ANALYZE sqlite_schema;
    DELETE FROM sqlite_stat1 WHERE tbl = 'key_value';
    INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
        ('key_value', 'sqlite_autoindex_key_value_1', '1000000 1'),
        ('key_value', 'key_value_address', '1000000 200000 100000 1'),
        ('key_value', 'key_value_created', '1000000 200000 100000 2'),
        ('key_value', 'key_value_updated', '1000000 200000 100000 2'),
        ('key_value', 'key_value_expiry', '1000000 200000 200000');
";

/// Has this connection read the figures; the others do when they see that the schema changed.
const READ: &str = "ANALYZE sqlite_schema";

const FORGET: &str = "DELETE FROM sqlite_stat1 WHERE tbl = 'key_value'";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sqlite(manager, FIGURES).await?;
        manager.create_index(index("key_value_created", "created")).await?;
        manager.create_index(index("key_value_updated", "updated")).await?;
        sqlite(manager, READ).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("key_value_updated").table("key_value").to_owned()).await?;
        manager.drop_index(Index::drop().name("key_value_created").table("key_value").to_owned()).await?;
        sqlite(manager, FORGET).await
    }
}

fn index(name: &'static str, column: &'static str) -> IndexCreateStatement {
    Index::create().name(name).table("key_value").col("tenant_id").col("namespace").col(column).to_owned()
}

async fn sqlite(manager: &SchemaManager<'_>, statements: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == sea_orm::DatabaseBackend::Sqlite {
        manager.get_connection().execute_unprepared(statements).await?;
    }
    Ok(())
}
