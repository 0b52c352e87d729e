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

/// When all of it was made, in microseconds.
pub(crate) const MADE: i64 = 1_795_000_000_000_000;

/// Fills the one tenant there is with `pairs` pairs, `flow-0000000` and on, in no order.
pub(crate) async fn fill(database_url: &str, pairs: u32, values: Values) -> Result<()> {
    let db = connect(database_url).await?;
    let sql = Sql::of(&db);
    let json = match values {
        Values::Text => TEXT,
        Values::Objects => r#"'{"flow":' || (1000 + i % 9000) || ',"rows":' || (100000 + i % 900000) || '}'"#,
    };
    let kind = match values {
        Values::Text => "STRING",
        Values::Objects => "JSON",
    };
    let numbers = sql.numbers(pairs, &format!("n * 379721 % {pairs}"));
    let (id, key) = (sql.random_id, sql.key());
    db.execute_unprepared("BEGIN").await?;
    db.execute_unprepared(&format!(
        "INSERT INTO key_value (id, tenant_id, namespace, key, kind, json, version, revision, created, updated) \
         WITH {numbers} \
         SELECT {id}, tenant.id, 'default', {key}, '{kind}', {json}, 1, i + 1, {MADE} + i, {MADE} + i \
         FROM numbers CROSS JOIN tenant"
    ))
    .await?;
    db.execute_unprepared(sql.periods()).await?;
    db.execute_unprepared(&format!(
        "INSERT INTO namespace (tenant_id, name, created) SELECT id, 'default', {MADE} FROM tenant"
    ))
    .await?;
    db.execute_unprepared(&format!("UPDATE tenant SET pairs = {pairs}, revision = {pairs}")).await?;
    db.execute_unprepared("COMMIT").await?;
    settle(&db).await?;
    db.close().await?;
    Ok(())
}

/// The JSON of text number `i`.
pub(crate) const TEXT: &str = r#"'"run-' || substr('' || (10000000 + i), 2) || ' at 2026-11-20"'"#;

/// What the two databases spell differently.
pub(crate) struct Sql {
    postgres: bool,
    /// A new random id.
    pub(crate) random_id: &'static str,
    /// The id with the number `i + 1`.
    pub(crate) id: &'static str,
}

impl Sql {
    /// As `db` spells it.
    pub(crate) fn of(db: &DatabaseConnection) -> Self {
        if db.get_database_backend() == DbBackend::Postgres {
            let id = "CAST(lpad(to_hex(i + 1), 32, '0') AS uuid)";
            Self { postgres: true, random_id: "gen_random_uuid()", id }
        } else {
            Self { postgres: false, random_id: "randomblob(16)", id: "unhex(printf('%032x', i + 1))" }
        }
    }

    /// A common table `numbers` of `i`, which is `expression` of every `n` below `count`.
    pub(crate) fn numbers(&self, count: u32, expression: &str) -> String {
        if self.postgres {
            let n = format!("(SELECT generate_series(0, {count} - 1)::bigint AS n) AS c");
            return format!("numbers(i) AS (SELECT {expression} FROM {n})");
        }
        let n = format!("SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n + 1 < {count}");
        format!("RECURSIVE c(n) AS ({n}), numbers(i) AS (SELECT {expression} FROM c)")
    }

    /// Gives pairs what the server's writer on SQLite would have written as well; PostgreSQL writes it itself.
    pub(crate) fn periods(&self) -> &'static str {
        if self.postgres { "" } else { "UPDATE key_value SET updated_period = updated - updated % 600000000" }
    }

    /// The key of pair number `i`.
    pub(crate) fn key(&self) -> &'static str {
        if self.postgres {
            "convert_to('flow-' || substr('' || (10000000 + i), 2), 'UTF8')"
        } else {
            "CAST('flow-' || substr('' || (10000000 + i), 2) AS BLOB)"
        }
    }
}

/// One connection, so that all can be one transaction.
pub(crate) async fn connect(database_url: &str) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(database_url);
    options.max_connections(1).sqlx_logging(false);
    Ok(Database::connect(options).await?)
}

/// `PostgreSQL` gets the VACUUM and ANALYZE that its autovacuum would do within a minute. SQLite
/// gets no ANALYZE, since nobody's server gets one.
pub(crate) async fn settle(db: &DatabaseConnection) -> Result<()> {
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    let statements: &[&str] =
        if postgres { &["VACUUM ANALYZE", "CHECKPOINT"] } else { &["PRAGMA wal_checkpoint(TRUNCATE)"] };
    for statement in statements {
        db.execute_unprepared(statement).await?;
    }
    Ok(())
}
