//! What a set need not touch: an index entry for pairs that never end, and the tenant's row once more.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// As in `m20261121_000005`: SQLite chooses among indexes by figures, and would guess without.
const FIGURES: &str = "
    INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('key_value', 'key_value_expiry', '1000000 200000 2');
    ANALYZE sqlite_schema;
";

/// Those of the index before; SQLite forgets an index's figures with the index.
const FORMER: &str = "
    INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('key_value', 'key_value_expiry', '1000000 200000 200000');
    ANALYZE sqlite_schema;
";

/// Whoever writes to the log holds the lock on the tenant's row, so it is there; PostgreSQL would look it up again
/// by a trigger for every row. SQLite looks it up in passing, and would have to copy the table to stop.
const TRUST: &str = "ALTER TABLE key_value_change DROP CONSTRAINT key_value_change_tenant_id_fkey";

const CHECK: &str = "ALTER TABLE key_value_change ADD CONSTRAINT key_value_change_tenant_id_fkey \
    FOREIGN KEY (tenant_id) REFERENCES tenant (id)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("key_value_expiry").table("key_value").to_owned()).await?;
        let mut index = Index::create();
        index.name("key_value_expiry").table("key_value").col("tenant_id").col("expires_at");
        index.and_where(Expr::col("expires_at").is_not_null());
        manager.create_index(index).await?;
        each(manager, FIGURES, TRUST).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("key_value_expiry").table("key_value").to_owned()).await?;
        let mut index = Index::create();
        index.name("key_value_expiry").table("key_value").col("tenant_id").col("expires_at");
        manager.create_index(index).await?;
        each(manager, FORMER, CHECK).await
    }
}

async fn each(manager: &SchemaManager<'_>, sqlite: &str, postgres: &str) -> Result<(), DbErr> {
    let is_sqlite = manager.get_database_backend() == sea_orm::DatabaseBackend::Sqlite;
    manager.get_connection().execute_unprepared(if is_sqlite { sqlite } else { postgres }).await?;
    Ok(())
}
