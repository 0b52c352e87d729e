//! Apollo's automatic persisted queries: the hash first, then once the text with it, then the hash.

use serde_json::{Value, json};

use crate::support::{
    actor::{Actor, Reply},
    app::TestApp,
    server::Server,
};

/// A query and its SHA-256, by `printf %s TEXT | sha256sum`.
const TEXT: &str = "query Q($k: String) { key_value(where: {key: {_eq: $k}}) { key } }";
const HASH: &str = "b02ed3faad4a6baae8284629ea7105b184d29393cbf4cbd2ee6b130f6c07e951";

fn extensions(hash: &str) -> Value {
    json!({"persistedQuery": {"version": 1, "sha256Hash": hash}})
}

async fn by_hash(actor: &Actor, variables: Value) -> Reply {
    actor.send(json!({"extensions": extensions(HASH), "variables": variables}).to_string()).await
}

async fn with_text(actor: &Actor, text: &str) -> Reply {
    actor.send(json!({"query": text, "extensions": extensions(HASH), "variables": {"k": "foo"}}).to_string()).await
}

#[track_caller]
fn not_found(reply: &Reply) {
    let answer = (reply.status.as_u16(), reply.message(), reply.code());
    assert_eq!(answer, (200, "PersistedQueryNotFound".to_owned(), "PERSISTED_QUERY_NOT_FOUND".to_owned()));
}

#[tokio::test]
async fn a_hash_stands_for_a_text_that_was_sent_with_it() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    acme.put("foo", "1").await;
    not_found(&by_hash(&acme, json!({})).await);
    assert_eq!(with_text(&acme, TEXT).await.column("key"), ["foo"]);
    assert_eq!(by_hash(&acme, json!({"k": "foo"})).await.column("key"), ["foo"]);
    assert_eq!(by_hash(&acme, json!({"k": "bar"})).await.column("key"), Vec::<String>::new());
    let named = json!({"extensions": extensions(HASH), "operationName": "Nope"});
    assert_eq!(acme.send(named.to_string()).await.code(), "GRAPHQL_VALIDATION_FAILED");
}

#[tokio::test]
async fn a_hash_works_by_get_and_in_a_batch() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    acme.put("foo", "1").await;
    let extensions = extensions(HASH).to_string();
    let get = async |more: &[(&str, &str)]| {
        Reply::of(acme.get("/graphql").query(&[("extensions", extensions.as_str())]).query(more)).await
    };
    not_found(&get(&[]).await);
    assert_eq!(get(&[("query", TEXT)]).await.column("key"), ["foo"]);
    assert_eq!(get(&[("variables", r#"{"k": "foo"}"#)]).await.column("key"), ["foo"]);
    let ask = json!({"extensions": serde_json::from_str::<Value>(&extensions).unwrap()});
    let batch = acme.send(json!([ask, {"query": "{ hello }"}, ask]).to_string()).await.json();
    assert_eq!((&batch[0], &batch[1]["data"]["hello"]), (&batch[2], &json!("👋")));
    assert_eq!(batch[0]["data"]["key_value"], json!([{"key": "foo"}]));
}

#[tokio::test]
async fn a_mutation_by_hash_is_not_run_by_get() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    let text = "mutation { set_key_value(input: {key: \"a\", value: 1}) { id } }";
    let extensions = extensions("6e45d68605e29e24434d08c66f8b6774e97f133eb168325cf989fe5e101a734f");
    acme.send(json!({"query": text, "extensions": extensions}).to_string()).await.data();
    acme.ask("mutation { set_key_value(input: {key: \"a\", value: 2}) { id } }").await.data();
    let reply = Reply::of(acme.get("/graphql").query(&[("extensions", extensions.to_string())])).await;
    assert_eq!((reply.status.as_u16(), reply.headers["allow"].to_str().unwrap()), (405, "POST"));
    assert_eq!(acme.ask("{ key_value { value } }").await.data()["key_value"], json!([{"value": 2}]));
}

#[tokio::test]
async fn a_hash_of_another_text_is_400_and_nothing_is_kept() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    let wrong = with_text(&acme, "{ key_value { key } }").await;
    assert_eq!((wrong.status.as_u16(), wrong.message().as_str()), (400, "provided sha does not match query"));
    not_found(&by_hash(&acme, json!({})).await);
    for persisted in [json!({"version": 2, "sha256Hash": HASH}), json!({"version": 1}), json!("x"), json!({})] {
        let body = json!({"query": TEXT, "extensions": {"persistedQuery": persisted}});
        assert_eq!(acme.send(body.to_string()).await.status.as_u16(), 400, "{body}");
    }
    let bad = json!({"query": "{", "extensions": extensions("021fb596db81e6d02bf3d2586ee3981fe519f275c0ac9ca76bbcf2ebb4097d96")});
    assert_eq!(acme.send(bad.to_string()).await.code(), "GRAPHQL_PARSE_FAILED");
    let again = json!({"extensions": bad["extensions"]});
    assert_eq!(acme.send(again.to_string()).await.code(), "PERSISTED_QUERY_NOT_FOUND", "only what can run is kept");
}

#[tokio::test]
async fn one_tenants_hash_is_unknown_to_another() {
    let app = TestApp::start().await;
    let (acme, other) = (app.acme().await, app.tenant("other", "free").await);
    with_text(&acme, TEXT).await.data();
    by_hash(&acme, json!({})).await.data();
    not_found(&by_hash(&other, json!({})).await);
    assert_eq!(by_hash(&app.anyone(None), json!({})).await.status.as_u16(), 401);
}

#[tokio::test]
async fn where_no_room_is_set_aside_clients_are_told_to_send_the_text() {
    let server = Server::with(&[("HIGHWATER_LIMITS__PERSISTED_QUERY_BYTES", "0")]);
    let actor = Actor::new(&server.url, Some(server.admin_token().to_owned()), String::new());
    let reply = by_hash(&actor, json!({})).await;
    assert_eq!(
        (reply.message().as_str(), reply.code().as_str()),
        ("PersistedQueryNotSupported", "PERSISTED_QUERY_NOT_SUPPORTED")
    );
    with_text(&actor, TEXT).await.data();
}
