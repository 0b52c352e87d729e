//! Who is let in: every way a token can be wrong, each with its own clear refusal.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use highwater::domain::Role;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::support::{
    app::{SECRET, TestApp, namespace, on_both},
    server::{SQLITE, Server},
};

/// 2026-01-01T00:00:00Z, where the tests' clock starts.
const NOW: i64 = 1_767_225_600;

/// Claims that are good, for a tenant.
fn claims(tenant_id: &str) -> Value {
    json!({
        "sub": "someone", "tenant_id": tenant_id, "permissions": ["read:key-value", "create:key-value"],
        "namespaces": ["*"], "namespace": "default", "iss": "highwater", "aud": "highwater", "exp": NOW + 60,
    })
}

fn forge(claims: &Value, secret: &[u8]) -> String {
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(secret)).unwrap()
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    claims[name] = value;
    claims
}

async fn refusal(app: &TestApp, token: &str) -> String {
    let reply = app.anyone(Some(token)).ask("{ hello }").await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (401, "UNAUTHENTICATED"), "{reply:?}");
    assert!(!reply.text.contains(token), "{reply:?}");
    reply.message()
}

#[tokio::test]
async fn each_wrong_token_gets_its_own_refusal() {
    let app = TestApp::start().await;
    let good = claims(&app.acme().await.tenant_id);
    app.anyone(Some(&forge(&good, SECRET))).ask("{ hello }").await.data();
    let signed = |claims: Value| forge(&claims, SECRET);
    let cases = [
        (forge(&good, b"another secret, also long enough for HS256"), "the API token is not valid"),
        (signed(with(good.clone(), "iss", json!("someone else"))), "the API token was issued for another server"),
        (signed(with(good.clone(), "aud", json!(["someone else"]))), "the API token was issued for another server"),
        (signed(with(good.clone(), "exp", json!(NOW))), "the API token has expired"),
        (signed(with(good.clone(), "nbf", json!(NOW + 1))), "the API token is not valid yet"),
        (signed(with(good.clone(), "tenant_id", json!("nope"))), "the API token is not valid"),
        (signed(with(good.clone(), "permissions", json!("all"))), "the API token is not valid"),
        (signed(with(good.clone(), "namespaces", json!(["a b"]))), "the API token names a namespace that cannot exist"),
        (signed(with(good.clone(), "tier", json!("gold"))), "the API token's licence tier is unknown to this server"),
        (
            signed(with(good.clone(), "tenant_id", json!("00000000-0000-0000-0000-000000000000"))),
            "the API token is for a tenant that is gone",
        ),
        ("not.a.token".to_owned(), "the API token is not valid"),
    ];
    for (token, reason) in cases {
        assert_eq!(refusal(&app, &token).await, reason, "{token}");
    }
}

#[tokio::test]
async fn an_unsigned_token_and_one_of_another_algorithm_are_refused() {
    let app = TestApp::start().await;
    let good = claims(&app.acme().await.tenant_id);
    let token = forge(&good, SECRET);
    let body = token.split('.').nth(1).unwrap();
    for header in
        [r#"{"alg":"none"}"#, r#"{"alg":"None","typ":"JWT"}"#, r#"{"alg":"HS512"}"#, r#"{"alg":"RS256"}"#, "{}"]
    {
        let header = URL_SAFE_NO_PAD.encode(header);
        for signature in ["", token.split('.').nth(2).unwrap()] {
            assert_eq!(refusal(&app, &format!("{header}.{body}.{signature}")).await, "the API token is not valid");
        }
    }
    let hs512 = jsonwebtoken::encode(&Header::new(Algorithm::HS512), &good, &EncodingKey::from_secret(SECRET)).unwrap();
    assert_eq!(refusal(&app, &hs512).await, "the API token is not valid");
}

#[tokio::test]
async fn a_missing_and_a_malformed_header_are_told_apart() {
    let app = TestApp::start().await;
    let ask = async |header: Option<&str>| {
        let mut request = app.anyone(None).post("/graphql").header("content-type", "application/json");
        if let Some(header) = header {
            request = request.header("authorization", header);
        }
        crate::support::actor::Reply::of(request.body(r#"{"query": "{ hello }"}"#)).await
    };
    assert_eq!(ask(None).await.message(), "no API token: send the header Authorization: Bearer TOKEN");
    for header in ["Bearer", "Bearer ", "Basic abc", "abc", ""] {
        assert!(ask(Some(header)).await.message().starts_with("Malformed Authorization header"), "{header:?}");
    }
    let token = app.acme().await.token.unwrap();
    for scheme in ["Bearer", "bearer", "BEARER"] {
        ask(Some(&format!("{scheme} {token}"))).await.data();
    }
}

#[tokio::test]
async fn an_issued_token_ends_and_can_be_revoked_before() {
    on_both(async |app| {
        app.acme().await;
        let day = app.grant("acme", |grant| grant.life = Duration::from_hours(24)).await;
        let other = app.grant("acme", |grant| grant.name = "other".to_owned()).await;
        day.put("foo", "1").await;
        let rows = app.service.tokens().await.unwrap();
        let row = rows.iter().find(|row| row.name == "other").unwrap();
        app.service.revoke_token(row.id).await.unwrap();
        assert_eq!(other.ask("{ hello }").await.message(), "the API token has been revoked");
        day.ask("{ hello }").await.data();
        app.clock.advance(Duration::from_hours(24));
        assert_eq!(day.ask("{ hello }").await.message(), "the API token has expired");
    })
    .await;
}

#[tokio::test]
async fn a_token_does_what_its_role_allows_and_no_more() {
    on_both(async |app| {
        let admin = app.acme().await;
        let id = admin.put("foo", "1").await;
        let reader = app.grant("acme", |grant| grant.role = Role::ReadOnly).await;
        assert_eq!(reader.keys("{}").await, ["foo"]);
        let delete = "mutation($id: UUID!) { delete_key_value(input: {key_value_id: $id}) { success } }";
        for reply in [
            reader.set("foo", "2").await,
            reader.set("bar", "1").await,
            reader.graphql(delete, json!({"id": id})).await,
        ] {
            assert_eq!((reply.status.as_u16(), reply.code().as_str()), (403, "FORBIDDEN"), "{reply:?}");
        }
        let user = app.grant("acme", |grant| grant.role = Role::User).await;
        user.put("bar", "1").await;
        user.graphql(delete, json!({"id": id})).await.data();
        assert_eq!(admin.keys("{}").await, ["bar"]);
    })
    .await;
}

#[tokio::test]
async fn creating_and_overwriting_are_permissions_of_their_own() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    acme.put("old", "1").await;
    let creator = app.anyone(Some(&forge(&claims(&acme.tenant_id), SECRET)));
    creator.put("new", "1").await;
    assert_eq!(creator.set("old", "2").await.message(), "the token lacks the permission update:key-value");
    let permissions = json!(["update:key-value", "fly:to-the-moon"]);
    let updater = app.anyone(Some(&forge(&with(claims(&acme.tenant_id), "permissions", permissions), SECRET)));
    updater.put("old", "2").await;
    assert_eq!(updater.set("newer", "1").await.message(), "the token lacks the permission create:key-value");
    assert_eq!(updater.ask("{ key_value { key } }").await.message(), "the token lacks the permission read:key-value");
}

#[tokio::test]
async fn a_token_of_one_namespace_reaches_no_other() {
    on_both(async |app| {
        let admin = app.acme().await;
        let team = app.grant("acme", |grant| grant.namespace = Some(namespace("company.team"))).await;
        let id = admin.put("foo", "\"default's\"").await;
        team.put("foo", "\"team's\"").await;
        assert_eq!(
            team.ask("{ key_value { value namespace } }").await.data()["key_value"],
            json!([
                {"value": "team's", "namespace": "company.team"}
            ])
        );
        let everywhere = "{ key_value(namespace: \"*\", order_by: {namespace: asc}) { namespace } }";
        assert_eq!(team.ask(everywhere).await.column("namespace"), ["company.team"]);
        assert_eq!(admin.ask(everywhere).await.column("namespace"), ["company.team", "default"]);
        assert_eq!(team.ask("{ key_value(namespace: \"default\") { key } }").await.code(), "FORBIDDEN");
        let set =
            "mutation { set_key_value(input: {key: \"x\", value: \"1\", namespace: \"company.team.sub\"}) { id } }";
        assert_eq!(team.ask(set).await.code(), "FORBIDDEN");
        admin.ask(set).await.data();
        let by_pk = "query($id: uuid!) { key_value_by_pk(id: $id) { key } }";
        assert_eq!(team.graphql(by_pk, json!({"id": id})).await.data()["key_value_by_pk"], json!(null));
        let delete = "mutation($id: UUID!) { delete_key_value(input: {key_value_id: $id}) { success } }";
        assert_eq!(team.graphql(delete, json!({"id": id})).await.data()["delete_key_value"]["success"], false);
    })
    .await;
}

const CREATE: &str = "mutation($input: create_api_key_input!) { create_api_key(input: $input) { id key } }";

#[tokio::test]
async fn a_key_that_a_token_makes_may_do_no_more_than_the_token() {
    on_both(async |app| {
        app.acme().await;
        let parent = app.grant("acme", |grant| {
            grant.role = Role::User;
            grant.tier = Some("free".to_owned());
            grant.namespace = Some(namespace("team"));
        });
        let parent = parent.await;
        let info = "{ auth_info { user_id tenant_id permissions license } }";
        let mine = parent.ask(info).await.data();
        let me = &mine["auth_info"]["user_id"];
        let input = json!({"input": {"name": "child", "user_id": me, "expires_at": null}});
        let made = parent.graphql(CREATE, input).await.data()["create_api_key"].clone();
        let child = app.anyone(made["key"].as_str());
        assert_eq!(child.ask(info).await.data(), mine, "the same person with the same rights and licence");
        assert_eq!(child.ask("{ key_value(namespace: \"default\") { key } }").await.code(), "FORBIDDEN");

        for input in [
            json!({"name": "", "user_id": me}),
            json!({"name": "x", "user_id": "00000000-0000-0000-0000-000000000000"}),
            json!({"name": "x", "user_id": me, "expires_at": "2025-12-31T23:59:59Z"}),
            json!({"name": "x", "user_id": me, "expires_at": "3000-01-01T00:00:00Z"}),
            json!({"name": "x", "user_id": me, "default_tenant_id": "00000000-0000-0000-0000-000000000000"}),
        ] {
            let refused = parent.graphql(CREATE, json!({"input": input})).await;
            assert!(["BAD_USER_INPUT", "NOT_FOUND"].contains(&refused.code().as_str()), "{refused:?}");
        }
        let reader = app.grant("acme", |grant| grant.role = Role::ReadOnly).await;
        let refused = reader.graphql(CREATE, json!({"input": {"name": "x", "user_id": me}})).await;
        assert_eq!(refused.code(), "FORBIDDEN");
    })
    .await;
}

#[tokio::test]
async fn a_key_may_be_given_a_smaller_role_and_fewer_namespaces() {
    on_both(async |app| {
        app.acme().await;
        let parent = app.grant("acme", |grant| grant.role = Role::User).await;
        let me = parent.ask("{ auth_info { user_id } }").await.data()["auth_info"]["user_id"].clone();
        let input = |namespaces| {
            json!({"input": {
                "name": "child", "user_id": me, "role_id": Role::ReadOnly.id().to_string(), "namespaces": namespaces,
            }})
        };
        let made = parent.graphql(CREATE, input(json!(["team.*", "lab"]))).await.data()["create_api_key"].clone();
        let child = app.anyone(made["key"].as_str());
        let read = |namespace: &str| format!("{{ key_value(namespace: \"{namespace}\") {{ key }} }}");
        for (namespace, code) in
            [("team", ""), ("team.a", ""), ("lab", ""), ("lab.a", "FORBIDDEN"), ("default", "FORBIDDEN")]
        {
            let answer = child.ask(&read(namespace)).await;
            if code.is_empty() {
                assert_eq!(answer.data()["key_value"], json!([]), "{namespace}");
            } else {
                assert_eq!(answer.code(), code, "{namespace}");
            }
        }
        assert_eq!(child.ask("{ key_value { key } }").await.data()["key_value"], json!([]), "its home is among them");
        let set = "mutation { set_key_value(input: {namespace: \"team\", key: \"a\", value: 1}) { id } }";
        assert_eq!(child.ask(set).await.code(), "FORBIDDEN");

        let small = app.grant("acme", |grant| grant.namespace = Some(namespace("team"))).await;
        let me = small.ask("{ auth_info { user_id } }").await.data()["auth_info"]["user_id"].clone();
        for (namespaces, code) in [
            (json!(["*"]), "FORBIDDEN"),
            (json!(["team.*"]), "FORBIDDEN"),
            (json!(["team", "other"]), "FORBIDDEN"),
            (json!([]), "BAD_USER_INPUT"),
            (json!(["not a name"]), "BAD_USER_INPUT"),
        ] {
            let input = json!({"input": {"name": "x", "user_id": me, "namespaces": namespaces}});
            assert_eq!(small.graphql(CREATE, input).await.code(), code, "{namespaces}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_token_tells_whose_it_is_and_what_its_holder_may_do() {
    on_both(async |app| {
        let acme = app.acme().await;
        app.tenant("other", "free").await;
        let query = "{ user { id username email memberships { tenant { id slug } role_detail { name } } } auth_info { user_id } }";
        let data = acme.ask(query).await.data();
        let mine = json!([{"tenant": {"id": acme.tenant_id, "slug": "acme"}, "role_detail": {"name": "Administrator"}}]);
        assert_eq!(data["user"][0]["memberships"], mine);
        assert_eq!(data["user"][0]["id"], data["auth_info"]["user_id"]);
        let reader = app.grant("acme", |grant| grant.role = Role::ReadOnly).await;
        let may = "{ permissions_info { user_permissions_filtered_by_license_features } auth_role { name } }";
        let data = reader.ask(may).await.data();
        let permissions = json!(["read:key-value", "read:api-key", "read:tenant"]);
        assert_eq!(data["permissions_info"]["user_permissions_filtered_by_license_features"], permissions);
        assert_eq!(data["auth_role"], json!([{"name": "Administrator"}, {"name": "User"}, {"name": "Read Only User"}]));
        let by_pk = "query($id: uuid!) { tenant_by_pk(id: $id) { slug } }";
        let own = acme.graphql(by_pk, json!({"id": acme.tenant_id})).await.data();
        assert_eq!(own["tenant_by_pk"], json!({"slug": "acme"}));
        let foreign = app.service.tenant_by_slug("other").await.unwrap().id.to_string();
        assert_eq!(acme.graphql(by_pk, json!({"id": foreign})).await.data()["tenant_by_pk"], json!(null));
    })
    .await;
}

#[tokio::test]
async fn people_see_and_revoke_their_own_keys_and_administrators_their_tenants() {
    on_both(async |app| {
        let admin = app.acme().await;
        let other = app.tenant("other", "free").await;
        let person = app
            .grant("acme", |grant| {
                grant.name = "person".to_owned();
                grant.role = Role::User;
            })
            .await;
        let keys = "{ auth_api_key(order_by: {created: desc, name: asc}) { id name created_by { username } } }";
        let names = async |actor: &crate::support::actor::Actor| {
            let data = actor.ask(keys).await.data();
            let rows = data["auth_api_key"].as_array().unwrap().clone();
            rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(&person).await, ["person"]);
        assert_eq!(names(&admin).await, ["person", "someone in acme"]);
        assert_eq!(names(&other).await, ["someone in other"]);
        let row = person.ask(keys).await.data()["auth_api_key"][0].clone();
        assert_eq!(row["created_by"]["username"], "person@acme");
        let revoke = format!("mutation {{ delete_api_key(input: {{key_id: {}}}) {{ success error }} }}", row["id"]);
        assert_eq!(other.ask(&revoke).await.data()["delete_api_key"]["success"], false);
        assert_eq!(admin.ask(&revoke).await.data()["delete_api_key"], json!({"success": true, "error": null}));
        assert_eq!(person.ask("{ hello }").await.message(), "the API token has been revoked");
    })
    .await;
}

#[test]
fn the_registry_lists_tokens_and_revokes_them_beside_a_running_server() {
    let server = Server::start(SQLITE);
    let token = server.token(&["--name", "ci", "--role", "read-only", "--expires", "90d"]);
    let list = || String::from_utf8(server.cli(&["token", "list"]).stdout).unwrap();
    let listed = list();
    assert!(!listed.contains(&token), "a token itself is never kept");
    let row = listed.lines().find(|line| line.contains("  ci  ")).unwrap_or_else(|| panic!("{listed}"));
    assert!(row.ends_with("valid"), "{row}");
    let revoked = server.cli(&["token", "revoke", row.split_whitespace().next().unwrap()]);
    assert!(revoked.status.success(), "{revoked:?}");
    assert!(list().lines().any(|line| line.contains("  ci  ") && line.ends_with("revoked")), "{}", list());
    let unknown = server.cli(&["token", "revoke", "00000000-0000-0000-0000-000000000000"]);
    assert_eq!(unknown.status.code(), Some(3));
}

#[test]
fn a_secret_in_a_file_signs_instead_of_the_databases() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, [SECRET, b"\n"].concat()).unwrap();
    let server = Server::start(SQLITE);
    let own = server.token(&["--name", "own"]);
    let output = server.cli_with(&["token", "create", "--name", "foreign"], &[("HIGHWATER_JWT_SECRET_FILE", &file)]);
    let foreign = String::from_utf8(output.stdout).unwrap();
    let verifies = |token: &str, secret: &[u8]| {
        let mut validation = jsonwebtoken::Validation::new(Algorithm::HS256);
        validation.set_audience(&["highwater"]);
        let key = jsonwebtoken::DecodingKey::from_secret(secret);
        jsonwebtoken::decode::<Value>(token.trim(), &key, &validation).is_ok()
    };
    assert!(verifies(&foreign, SECRET) && !verifies(&own, SECRET));
    std::fs::write(&file, "short").unwrap();
    let refused = server.cli_with(&["token", "create", "--name", "x"], &[("HIGHWATER_JWT_SECRET_FILE", &file)]);
    assert!(String::from_utf8(refused.stderr).unwrap().contains("at least 32 bytes"));
}
