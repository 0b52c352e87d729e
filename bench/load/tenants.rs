//! Ten thousand tenants, each with a person, a token and a pair; the first with a list of pairs.

use std::sync::Arc;

use anyhow::{Context, Result};
use jsonwebtoken::{EncodingKey, Header};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::json;
use uuid::Uuid;

use crate::{
    fill::{MADE, Sql, TEXT, connect, settle},
    workload::LISTED,
};

/// How many there are.
pub(crate) const TENANTS: u32 = 10_000;

/// When their tokens end: in 2096.
const END: i64 = 4_000_000_000;

/// Puts them in behind the server's back. Their tokens, the first of the one with the list.
pub(crate) async fn fill(database_url: &str) -> Result<Arc<[String]>> {
    let db = connect(database_url).await?;
    let sql = Sql::of(&db);
    let (id, random_id, key) = (sql.id, sql.random_id, sql.key());
    let (tenants, listed) = (sql.numbers(TENANTS, "n"), sql.numbers(LISTED, "n"));
    let end = END * 1_000_000;
    let pair = "INSERT INTO key_value (id, tenant_id, namespace, key, kind, json, version, revision, created, updated)";
    let first = format!("(SELECT {id} FROM (SELECT 0 AS i) AS first)");
    let zeroth = format!("(SELECT {key} FROM (SELECT 0 AS i) AS zeroth)");
    let statements = [
        "BEGIN".to_owned(),
        format!(
            "INSERT INTO tenant (id, slug, name, tier, revision, pairs, created) WITH {tenants} \
             SELECT {id}, 'team-' || i, 'Team ' || i, 'enterprise', 1, 1, {MADE} FROM numbers"
        ),
        format!(
            "INSERT INTO user_account (id, username, created, service) WITH {tenants} \
             SELECT {id}, 'person-' || i, {MADE}, false FROM numbers"
        ),
        format!(
            "INSERT INTO membership (id, user_id, tenant_id, role, created) WITH {tenants} \
             SELECT {id}, {id}, {id}, 'user', {MADE} FROM numbers"
        ),
        format!(
            "INSERT INTO token (id, tenant_id, user_id, name, created, expires_at, session) WITH {tenants} \
             SELECT {id}, {id}, {id}, 'flows', {MADE}, {end}, false FROM numbers"
        ),
        format!(
            "INSERT INTO namespace (tenant_id, name, created) WITH {tenants} SELECT {id}, 'default', {MADE} FROM numbers"
        ),
        format!(
            "{pair} WITH {tenants} SELECT {random_id}, {id}, 'default', {zeroth}, 'STRING', {TEXT}, 1, 1, {MADE}, {MADE} \
             FROM numbers WHERE i > 0"
        ),
        format!(
            "{pair} WITH {listed} SELECT {random_id}, {first}, 'default', {key}, 'STRING', {TEXT}, 1, i + 1, {MADE}, {MADE} \
             FROM numbers"
        ),
        format!("UPDATE tenant SET pairs = {LISTED}, revision = {LISTED} WHERE slug = 'team-0'"),
        sql.periods().to_owned(),
        "COMMIT".to_owned(),
    ];
    for statement in statements {
        db.execute_unprepared(&statement).await?;
    }
    settle(&db).await?;
    let secret = secret(&db).await?;
    db.close().await?;
    (1..=u128::from(TENANTS)).map(|number| sign(Uuid::from_u128(number), &secret)).collect()
}

/// What the server signs with.
async fn secret(db: &DatabaseConnection) -> Result<EncodingKey> {
    let query = "SELECT secret FROM signing_secret ORDER BY id DESC LIMIT 1";
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), query)).await?;
    let row = row.context("a server that has started has a secret")?;
    Ok(EncodingKey::from_secret(&row.try_get::<Vec<u8>>("", "secret")?))
}

/// The token `id` of the tenant and the person with the same id: what the server would have signed, to read pairs.
fn sign(id: Uuid, secret: &EncodingKey) -> Result<String> {
    let claims = json!({
        "iss": "highwater", "aud": "highwater", "sub": id, "tenant_id": id, "jti": id, "permissions": ["read:key-value"],
        "namespaces": ["*"], "namespace": "default", "iat": MADE / 1_000_000, "exp": END,
    });
    Ok(jsonwebtoken::encode(&Header::default(), &claims, secret)?)
}
