//! Pairs that end, of all tenants, by when they do.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// As in `m20261121_000005`: SQLite chooses among indexes by figures, and would guess without.
const FIGURES: &str = "
    INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('key_value', 'key_value_end', '1000000 2');
    ANALYZE sqlite_schema;
";

const FORGET: &str = "DELETE FROM sqlite_stat1 WHERE idx = 'key_value_end'";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut index = Index::create();
        index.name("key_value_end").table("key_value").col("expires_at");
        // Most pairs do not end, and writing them should not cost an entry here.
        index.and_where(Expr::col("expires_at").is_not_null());
        manager.create_index(index).await?;
        sqlite(manager, FIGURES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("key_value_end").table("key_value").to_owned()).await?;
        sqlite(manager, FORGET).await
    }
}

async fn sqlite(manager: &SchemaManager<'_>, statements: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == sea_orm::DatabaseBackend::Sqlite {
        manager.get_connection().execute_unprepared(statements).await?;
    }
    Ok(())
}
