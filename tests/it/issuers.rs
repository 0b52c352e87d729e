//! Tokens from elsewhere: keys by file and by address, algorithms, claims under other names.

use std::{path::Path, time::Duration};

use axum::{Router, routing::get};
use highwater::{auth::IssuerRules, domain::Role};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::support::{
    actor::Actor,
    app::{Backend, TestApp},
    keys::{self, jwks},
};

const ISSUER: &str = "https://login.example.com/";
const RS: (Algorithm, &str) = (Algorithm::RS256, "rsa");
const ES: (Algorithm, &str) = (Algorithm::ES256, "ec");
const ED: (Algorithm, &str) = (Algorithm::EdDSA, "ed");

/// Claims that are good, with more.
fn claims(more: &Value) -> Value {
    let mut claims = json!({
        "iss": ISSUER, "aud": ["other", "kv"], "sub": "ann", "exp": 1_767_225_600 + 3_600, "tenant_id": "acme",
        "permissions": ["read:key-value", "create:key-value"], "namespaces": ["*"],
    });
    for (name, value) in more.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

fn rules(jwks: &str, more: &str) -> IssuerRules {
    let text = format!("issuer = \"{ISSUER}\"\naudience = \"kv\"\njwks = \"{jwks}\"\n{more}");
    figment::Figment::from(<figment::providers::Toml as figment::providers::Format>::string(&text)).extract().unwrap()
}

/// A file with these keys, and what an issuer of them is configured as.
fn file(folder: &Path, keys: &[(Algorithm, &str)], more: &str) -> IssuerRules {
    let file = folder.join("jwks.json");
    std::fs::write(&file, jwks(keys)).unwrap();
    rules(file.to_str().unwrap(), more)
}

fn someone(app: &TestApp, key: (Algorithm, &str), more: &Value) -> Actor {
    app.anyone(Some(&keys::token(key.0, key.1, &claims(more))))
}

#[tokio::test]
async fn each_kind_of_key_is_taken_and_the_algorithm_is_the_keys() {
    let folder = tempfile::tempdir().unwrap();
    let app = TestApp::trusting([file(folder.path(), &[RS, ES, ED], "")]).await;
    app.acme().await;
    for key in [RS, ES, ED] {
        let ann = someone(&app, key, &json!({}));
        ann.put(key.1, "1").await;
        let info = ann.ask("{ auth_info { user_id role_id api_token_scope permissions } }").await.data();
        let known = json!({"user_id": null, "role_id": null, "api_token_scope": "TENANT",
            "permissions": ["create:key-value", "read:key-value"]});
        assert_eq!(info["auth_info"], known);
    }
    let refused = async |token: &str| {
        let reply = app.anyone(Some(token)).ask("{ hello }").await;
        assert_eq!(reply.status.as_u16(), 401, "{reply:?}");
        reply.message()
    };
    let good = claims(&json!({}));
    let invalid = "the API token is not valid";
    // A key is for one algorithm: not for another that the token names, nor is a public key a secret.
    assert_eq!(refused(&keys::token(Algorithm::RS512, "rsa", &good)).await, invalid);
    assert_eq!(refused(&keys::token(Algorithm::PS256, "rsa", &good)).await, invalid);
    assert_eq!(refused(&keys::token(RS.0, "ec", &good)).await, invalid);
    let public: Value = serde_json::from_str(&jwks(&[RS])).unwrap();
    let modulus = public["keys"][0]["n"].as_str().unwrap();
    let header = Header { kid: Some("rsa".to_owned()), ..Header::new(Algorithm::HS256) };
    for secret in [modulus, &public.to_string(), &public["keys"][0].to_string()] {
        let forged = jsonwebtoken::encode(&header, &good, &EncodingKey::from_secret(secret.as_bytes())).unwrap();
        assert_eq!(refused(&forged).await, invalid);
    }
    for (more, reason) in [
        (json!({"aud": "other"}), "the API token was issued for another server"),
        (json!({"iss": "https://elsewhere.example.com/"}), invalid),
        (json!({"exp": 1_767_225_600}), "the API token has expired"),
        (json!({"exp": "soon"}), "the API token must name its issuer, its audience and its end"),
        (json!({"nbf": 1_767_225_600 + 60}), "the API token is not valid yet"),
        (json!({"tenant_id": "nobody"}), "the API token names no tenant of this server"),
        (json!({"tenant_id": "a\u{0}b"}), "the API token names no tenant of this server"),
        (json!({"tenant_id": null}), "the API token names no tenant of this server"),
        (json!({"tenant_id": 7}), "a claim of the API token is not of the type it must have"),
        (json!({"namespaces": ["a b"]}), "the API token names a namespace that cannot exist"),
        (json!({"sub": null}), "the API token does not say whose it is"),
    ] {
        assert_eq!(refused(&keys::token(RS.0, RS.1, &claims(&more))).await, reason);
    }
    let mut endless = claims(&json!({}));
    endless.as_object_mut().unwrap().remove("exp");
    let reason = "the API token must name its issuer, its audience and its end";
    assert_eq!(refused(&keys::token(RS.0, RS.1, &endless)).await, reason);
}

#[tokio::test]
async fn keys_by_address_are_fetched_once_and_again_when_they_change() {
    use std::sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    };
    let (served, asked) = (Arc::new(Mutex::new(jwks(&[RS]))), Arc::new(AtomicUsize::new(0)));
    let answer = {
        let (served, asked) = (served.clone(), asked.clone());
        move || async move {
            asked.fetch_add(1, Ordering::SeqCst);
            served.lock().unwrap().clone()
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/jwks.json", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/jwks.json", get(answer))).await });
    let app = TestApp::trusting([rules(&url, "")]).await;
    app.acme().await;
    for n in 0..5 {
        someone(&app, RS, &json!({"n": n})).ask("{ hello }").await.data();
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1, "once for many tokens");

    *served.lock().unwrap() = jwks(&[ED]);
    let refused = someone(&app, ED, &json!({})).ask("{ hello }").await;
    assert_eq!(refused.code(), "UNAUTHENTICATED", "strangers do not make the server ask again and again");
    app.clock.advance(Duration::from_secs(11));
    someone(&app, ED, &json!({})).ask("{ hello }").await.data();
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    let withdrawn = someone(&app, RS, &json!({"n": 0}));
    app.clock.advance(Duration::from_mins(6));
    assert_eq!(withdrawn.ask("{ hello }").await.code(), "UNAUTHENTICATED", "its key is gone");

    *served.lock().unwrap() = "out of order".to_owned();
    app.clock.advance(Duration::from_mins(6));
    someone(&app, ED, &json!({})).ask("{ hello }").await.data();
}

#[tokio::test]
async fn keys_that_cannot_be_had_are_a_503_and_not_a_refusal() {
    let app = TestApp::trusting([rules("/nowhere/jwks.json", "")]).await;
    let acme = app.acme().await;
    let refused = someone(&app, RS, &json!({})).ask("{ hello }").await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (503, "UNAVAILABLE"));
    acme.ask("{ hello }").await.data();
}

#[tokio::test]
async fn a_file_is_read_again_for_a_key_that_it_did_not_have() {
    let folder = tempfile::tempdir().unwrap();
    let app = TestApp::trusting([file(folder.path(), &[RS], "")]).await;
    app.acme().await;
    someone(&app, RS, &json!({})).ask("{ hello }").await.data();
    assert_eq!(someone(&app, ES, &json!({})).ask("{ hello }").await.code(), "UNAUTHENTICATED");
    file(folder.path(), &[ES], "");
    someone(&app, ES, &json!({})).ask("{ hello }").await.data();
}

#[tokio::test]
async fn hasuras_claims_are_read_and_roles_are_translated() {
    let folder = tempfile::tempdir().unwrap();
    let more = "[claims]\nsubject = [\"https://hasura.io/jwt/claims\", \"x-hasura-user-id\"]
        tenant = [\"https://hasura.io/jwt/claims\", \"x-hasura-tenant-id\"]
        role = [\"https://hasura.io/jwt/claims\", \"x-hasura-allowed-roles\"]
        namespaces = [\"https://hasura.io/jwt/claims\", \"x-hasura-namespaces\"]
        [roles]\neditor = \"user\"\n";
    let app = TestApp::trusting([file(folder.path(), &[ES], more)]).await;
    let acme = app.acme().await;
    let hasura = |roles: Value| {
        json!({
            "x-hasura-user-id": "ann", "x-hasura-tenant-id": acme.tenant_id, "x-hasura-allowed-roles": roles,
            "x-hasura-namespaces": "default team.*",
        })
    };
    let told = |hasura: Value| json!({"permissions": null, "https://hasura.io/jwt/claims": hasura});
    let editor = someone(&app, ES, &told(hasura(json!(["viewer", "editor"]))));
    editor.put("foo", "1").await;
    let stringified = someone(&app, ES, &told(json!(hasura(json!(["read-only"])).to_string())));
    assert_eq!(stringified.keys("{}").await, ["foo"]);
    assert_eq!(stringified.set("foo", "2").await.code(), "FORBIDDEN");
    let nobody = someone(&app, ES, &told(hasura(json!(["viewer"]))));
    assert_eq!(nobody.ask("{ key_value { key } }").await.code(), "FORBIDDEN");
    assert_eq!(editor.ask("{ key_value(namespace: \"other\") { key } }").await.code(), "FORBIDDEN");
    editor.ask("{ key_value(namespace: \"team.sub\") { key } }").await.data();
}

#[tokio::test]
async fn a_person_signs_in_with_a_token_from_elsewhere_and_acts_by_its_memberships() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let folder = tempfile::tempdir().unwrap();
        let rules = file(folder.path(), &[ED], "[claims]\nusername = \"email\"\n");
        let app = TestApp::with(backend, [rules]).await;
        let (acme, other) = (app.acme().await, app.tenant("other", "free").await);
        let email = json!({"email": "ann@example.com", "permissions": null, "tenant_id": null});
        let ann = someone(&app, ED, &email);
        assert_eq!(ann.ask("{ hello }").await.message(), "the API token's user is not known to this server");
        let create = "mutation($input: create_membership_input!) { create_membership(input: $input) { id } }";
        let input = |role: Role| json!({"input": {"username": "ann@example.com", "role_id": role.id()}});
        acme.graphql(create, input(Role::User)).await.data();
        app.clock.advance(Duration::from_secs(1));
        other.graphql(create, input(Role::ReadOnly)).await.data();
        ann.put("foo", "1").await;
        assert_eq!(acme.keys("{}").await, ["foo"]);
        let info = ann.graphql_in(&other.tenant_id, "{ auth_info { role_id } user { username } }", Value::Null).await;
        let known = json!({"auth_info": {"role_id": Role::ReadOnly.id()}, "user": [{"username": "ann@example.com"}]});
        assert_eq!(info.data(), known);
        let less = someone(&app, ED, &json!({"email": "ann@example.com", "permissions": ["read:key-value"]}));
        assert_eq!(less.set("foo", "2").await.code(), "FORBIDDEN", "a token may carry fewer than its user");
        let id = acme.ask("{ user { id } }").await.data()["user"][0]["id"].clone();
        let posing = someone(&app, ED, &json!({"sub": id, "email": null, "permissions": []}));
        assert_eq!(posing.ask("{ auth_info { user_id } }").await.data()["auth_info"]["user_id"], json!(null));
    }
}
