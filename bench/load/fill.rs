//! Pairs put in behind the server's back: a million through its door would take the whole run.

use anyhow::Result;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend};

/// What the values look like; either way 27 bytes of JSON.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Values {
    /// `"run-0000042 at 2026-11-20"`
    Text,
    /// `{"flow":1042,"rows":100042}`
    Objects,
}

/// Fills the one tenant there is with `pairs` pairs, `flow-0000000` and on, in no order.
///
/// `PostgreSQL` gets the VACUUM and ANALYZE that its autovacuum would do within a minute. SQLite
/// gets no ANALYZE, since nobody's server gets one.
pub(crate) async fn fill(database_url: &str, pairs: u32, values: Values) -> Result<()> {
    let mut options = ConnectOptions::new(database_url);
    // One connection, so that all is one transaction.
    options.max_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await?;
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    let json = match values {
        Values::Text => r#"'"run-' || substr('' || (10000000 + i), 2) || ' at 2026-11-20"'"#,
        Values::Objects => r#"'{"flow":' || (1000 + i % 9000) || ',"rows":' || (100000 + i % 900000) || '}'"#,
    };
    let kind = match values {
        Values::Text => "STRING",
        Values::Objects => "JSON",
    };
    let (numbers, id, key) = if postgres {
        let numbers = format!("SELECT n::bigint * 379721 % {pairs} FROM generate_series(0, {pairs} - 1) AS n");
        (numbers, "gen_random_uuid()", "convert_to('flow-' || substr('' || (10000000 + i), 2), 'UTF8')")
    } else {
        let numbers = format!(
            "WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n + 1 < {pairs}) \
             SELECT n * 379721 % {pairs} FROM c"
        );
        (numbers, "randomblob(16)", "CAST('flow-' || substr('' || (10000000 + i), 2) AS BLOB)")
    };
    let now = 1_795_000_000_000_000_i64;
    db.execute_unprepared("BEGIN").await?;
    db.execute_unprepared(&format!(
        "INSERT INTO key_value (id, tenant_id, namespace, key, kind, json, version, revision, created, updated) \
         WITH numbers(i) AS ({numbers}) \
         SELECT {id}, tenant.id, 'default', {key}, '{kind}', {json}, 1, i + 1, {now} + i, {now} + i \
         FROM numbers CROSS JOIN tenant"
    ))
    .await?;
    db.execute_unprepared(&format!(
        "INSERT INTO namespace (tenant_id, name, created) SELECT id, 'default', {now} FROM tenant"
    ))
    .await?;
    db.execute_unprepared(&format!("UPDATE tenant SET pairs = {pairs}, revision = {pairs}")).await?;
    db.execute_unprepared("COMMIT").await?;
    settle(&db, postgres).await?;
    db.close().await?;
    Ok(())
}

async fn settle(db: &DatabaseConnection, postgres: bool) -> Result<()> {
    let statements: &[&str] =
        if postgres { &["VACUUM ANALYZE", "CHECKPOINT"] } else { &["PRAGMA wal_checkpoint(TRUNCATE)"] };
    for statement in statements {
        db.execute_unprepared(statement).await?;
    }
    Ok(())
}
