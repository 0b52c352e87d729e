//! SQLite's index for when pairs were last written, made so that a pair that is written again soon keeps its place in it.

use sea_orm_migration::{prelude::*, schema::big_integer_null, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UPDATED: &str = "key_value_updated";
const PERIOD: &str = "updated_period";

/// As in `m20261122_000015`, ten minutes in microseconds.
const LENGTH: i64 = 600_000_000;

/// As in `m20261121_000005`: what SQLite chooses among indexes by, forgotten with the index. Few pairs to a
/// period, so that the items of a set, which SQLite takes for 25, are looked up.
const FIGURES: &str = "
    INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('key_value', 'key_value_updated', '1000000 200000 100000 50');
    ANALYZE sqlite_schema;
";

const FORMER: &str = "
    INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('key_value', 'key_value_updated', '1000000 200000 100000 2');
    ANALYZE sqlite_schema;
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::Sqlite {
            return Ok(());
        }
        // Not one that SQLite makes itself: whenever `updated` changed, it would write the index of that one too.
        // Nobody can write a period that is not the instant's. That there is one is the writer's care: a column is added
        // without values.
        let period = || Expr::col("updated").sub(Expr::col("updated").modulo(LENGTH));
        let column = big_integer_null(PERIOD).check(Expr::col(PERIOD).eq(period())).to_owned();
        manager.alter_table(Table::alter().table("key_value").add_column(column).to_owned()).await?;
        manager.execute(Query::update().table("key_value").value(PERIOD, period()).to_owned()).await?;
        index(manager, PERIOD, FIGURES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::Sqlite {
            return Ok(());
        }
        index(manager, "updated", FORMER).await?;
        manager.alter_table(Table::alter().table("key_value").drop_column(PERIOD).to_owned()).await
    }
}

/// Gives the index another last column.
async fn index(manager: &SchemaManager<'_>, last: &'static str, figures: &str) -> Result<(), DbErr> {
    manager.drop_index(Index::drop().name(UPDATED).table("key_value").to_owned()).await?;
    let mut index = Index::create();
    index.name(UPDATED).table("key_value").col("tenant_id").col("namespace").col(last);
    manager.create_index(index).await?;
    manager.get_connection().execute_unprepared(figures).await?;
    Ok(())
}
