//! `rename_key_value`: at once or not at all, on both databases.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{
    actor::{Actor, Reply},
    app::{namespace, on_both},
};

/// Everything that a pair says of itself.
const PAIR: &str = "id key namespace type value version description created expires_at";

async fn rename(actor: &Actor, input: Value) -> Reply {
    let query = format!(
        "mutation($input: rename_key_value_input!) {{ rename_key_value(input: $input) {{ key_value {{ {PAIR} }} }} }}"
    );
    actor.graphql(&query, json!({ "input": input })).await
}

/// The pair with this key.
async fn pair(actor: &Actor, key: &str) -> Value {
    let query = format!("query($key: String!) {{ key_value_by_key(key: $key) {{ {PAIR} }} }}");
    actor.graphql(&query, json!({ "key": key })).await.data()["key_value_by_key"].clone()
}

/// Sets a pair of which everything can be told apart.
async fn put(actor: &Actor, key: &str) {
    let set = "mutation($input: set_key_value_input!) { set_key_value(input: $input) { id } }";
    let input = json!({"key": key, "value": "2026-01-01", "type": "DATE", "description": key, "ttl": "PT1H"});
    actor.graphql(set, json!({ "input": input })).await.data();
}

#[tokio::test]
async fn a_renamed_pair_is_the_same_pair_under_another_key() {
    on_both(async |app| {
        let acme = app.acme().await;
        put(&acme, "old").await;
        let mut expected = pair(&acme, "old").await;
        let renamed = rename(&acme, json!({"key": "old", "new_key": "new"})).await.data();
        (expected["key"], expected["version"]) = (json!("new"), json!(2));
        assert_eq!(renamed["rename_key_value"]["key_value"], expected);
        assert_eq!((pair(&acme, "new").await, pair(&acme, "old").await), (expected, Value::Null));
        assert_eq!(acme.keys("{}").await, ["new"]);
        put(&acme, "old").await;
        assert_ne!(pair(&acme, "old").await["id"], pair(&acme, "new").await["id"]);
    })
    .await;
}

#[tokio::test]
async fn a_pair_that_is_there_is_replaced_only_where_that_is_asked() {
    on_both(async |app| {
        let acme = app.acme().await;
        for key in ["a", "b"] {
            put(&acme, key).await;
        }
        let (a, b) = (pair(&acme, "a").await, pair(&acme, "b").await);
        assert_eq!(rename(&acme, json!({"key": "a", "new_key": "b"})).await.code(), "CONFLICT");
        assert_eq!((pair(&acme, "a").await, pair(&acme, "b").await), (a.clone(), b.clone()));
        rename(&acme, json!({"key": "a", "new_key": "b", "overwrite": true})).await.data();
        assert_eq!(acme.keys("{}").await, ["b"]);
        assert_eq!(pair(&acme, "b").await["id"], a["id"]);
        let gone = acme.graphql("query($id: uuid!) { key_value_by_pk(id: $id) { key } }", json!({"id": b["id"]})).await;
        assert_eq!(gone.data()["key_value_by_pk"], Value::Null);
        for (key, new_key, code) in
            [("none", "c", "NOT_FOUND"), ("b", "b", "BAD_USER_INPUT"), ("b", "", "BAD_USER_INPUT")]
        {
            assert_eq!(rename(&acme, json!({"key": key, "new_key": new_key})).await.code(), code);
        }
        let far = json!({"key": "b", "new_key": "c", "namespace": "company"});
        assert_eq!(rename(&acme, far.clone()).await.code(), "NOT_FOUND");
        let team = app.grant("acme", |grant| grant.namespace = Some(namespace("team"))).await;
        assert_eq!(rename(&team, far).await.code(), "FORBIDDEN");
    })
    .await;
}

#[tokio::test]
async fn what_has_expired_neither_moves_nor_stands_in_the_way() {
    on_both(async |app| {
        let acme = app.acme().await;
        put(&acme, "ends").await;
        acme.put("stays", "1").await;
        app.clock.advance(std::time::Duration::from_hours(2));
        assert_eq!(rename(&acme, json!({"key": "ends", "new_key": "new"})).await.code(), "NOT_FOUND");
        rename(&acme, json!({"key": "stays", "new_key": "ends"})).await.data();
        assert_eq!(acme.keys("{}").await, ["ends"]);
    })
    .await;
}

#[tokio::test]
async fn of_many_who_rename_a_pair_at_once_one_does_and_the_tenant_stays_full() {
    on_both(async |app| {
        let free = app.tenant("free", "free").await;
        for n in 0..10 {
            free.put(&format!("k{n}"), "1").await;
        }
        let tries = (0..20).map(|n| rename(&free, json!({"key": "k0", "new_key": format!("new{n}")})));
        let replies = join_all(tries).await;
        let done = replies.iter().filter(|reply| reply.json().get("errors").is_none()).count();
        assert_eq!(done, 1);
        assert!(replies.iter().all(|it| it.json().get("errors").is_none() || it.code() == "NOT_FOUND"));
        assert_eq!(free.keys("{key: {_starts_with: \"new\"}}").await.len(), 1);
        assert_eq!(free.set("eleventh", "1").await.code(), "LIMIT_EXCEEDED");
        rename(&free, json!({"key": "k1", "new_key": "k2", "overwrite": true})).await.data();
        free.put("tenth", "1").await;
        assert_eq!(free.set("eleventh", "1").await.code(), "LIMIT_EXCEEDED");
    })
    .await;
}

#[tokio::test]
async fn readers_of_changes_see_a_delete_and_a_set() {
    on_both(async |app| {
        let acme = app.acme().await;
        put(&acme, "old").await;
        rename(&acme, json!({"key": "old", "new_key": "new"})).await.data();
        let query = "subscription { key_value_changes(after_revision: 1) { revision operation key version key_value { key } } }";
        let request = acme.post("/graphql").header("accept", "text/event-stream");
        let request = request.header("content-type", "application/json").body(json!({ "query": query }).to_string());
        let (mut response, mut text) = (request.send().await.unwrap(), String::new());
        while text.matches("event: next").count() < 2 || !text.ends_with("\n\n") {
            text.push_str(std::str::from_utf8(&response.chunk().await.unwrap().expect("more")).unwrap());
        }
        for expected in [
            r#"{"revision":2,"operation":"delete","key":"old","version":1,"key_value":null}"#,
            r#"{"revision":3,"operation":"set","key":"new","version":2,"key_value":{"key":"new"}}"#,
        ] {
            assert!(text.contains(expected), "{text}");
        }
        assert_eq!(acme.ask("{ key_value_revision }").await.data()["key_value_revision"], 3);
    })
    .await;
}
