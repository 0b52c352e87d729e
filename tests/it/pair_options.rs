//! What a set may carry beside key and value, and reading and deleting by key, on both databases.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{
    actor::{Actor, Reply},
    app::{namespace, on_both},
};

const SET: &str = "mutation($input: set_key_value_input!) { set_key_value(input: $input) {
    id key_value { key namespace value type version description expires_at } } }";

/// Sets a pair with everything that `input` says.
async fn set(actor: &Actor, input: Value) -> Reply {
    actor.graphql(SET, json!({ "input": input })).await
}

/// The pair that a set has written.
async fn written(actor: &Actor, input: Value) -> Value {
    set(actor, input).await.data()["set_key_value"]["key_value"].clone()
}

async fn read(actor: &Actor, key: &str, fields: &str) -> Value {
    let query = format!("query($key: String!) {{ key_value_by_key(key: $key) {{ {fields} }} }}");
    actor.graphql(&query, json!({ "key": key })).await.data()["key_value_by_key"].clone()
}

async fn run(actor: &Actor, mutation: &str, fields: &str, input: Value) -> Reply {
    let query = format!("mutation($input: {mutation}_input!) {{ {mutation}(input: $input) {{ {fields} }} }}");
    actor.graphql(&query, json!({ "input": input })).await
}

#[tokio::test]
async fn a_pair_takes_a_type_a_description_and_an_end() {
    on_both(async |app| {
        let acme = app.acme().await;
        let pair = json!({"key": "at", "value": "2021-09-01T01:02:03+02:00", "type": "DATETIME", "namespace": "company.team",
            "description": "when it ran last", "ttl": "P1DT0.5S"});
        let expected = json!({"key": "at", "namespace": "company.team", "value": "2021-08-31T23:02:03Z", "type": "DATETIME",
            "version": 1, "description": "when it ran last", "expires_at": "2026-01-02T00:00:00.5+00:00"});
        assert_eq!(written(&acme, pair).await, expected);
        for (kind, value, stored) in [
            ("STRING", json!("42"), json!("42")),
            ("NUMBER", json!(42), json!(42)),
            ("BOOLEAN", json!(true), json!(true)),
            ("DATE", json!("2021-09-01"), json!("2021-09-01")),
            ("DURATION", json!("P3DT3H2M1S"), json!("PT75H2M1S")),
            ("JSON", json!("text"), json!("text")),
            ("BINARY", json!("AP/+"), json!("AP/+")),
        ] {
            let pair = written(&acme, json!({"key": "k", "type": kind, "value": value})).await;
            assert_eq!((&pair["type"], &pair["value"]), (&json!(kind), &stored));
            assert_eq!(read(&acme, "k", "type value").await, json!({"type": kind, "value": stored}));
        }
        let refused = set(&acme, json!({"key": "k", "type": "DATE", "value": "tomorrow"})).await;
        assert_eq!(refused.code(), "BAD_USER_INPUT");
        let takes = "the value does not fit the type DATE: it takes a string such as 2021-09-01";
        assert_eq!(refused.message(), takes);
    })
    .await;
}

#[tokio::test]
async fn a_plain_set_keeps_the_description_and_drops_type_and_end() {
    on_both(async |app| {
        let acme = app.acme().await;
        set(&acme, json!({"key": "k", "value": "PT1S", "type": "DURATION", "description": "mine", "ttl": "PT1H"}))
            .await
            .data();
        acme.put("k", "\"PT2S\"").await;
        let plain = json!({"value": "PT2S", "type": "STRING", "description": "mine", "expires_at": null, "version": 2});
        assert_eq!(read(&acme, "k", "value type description expires_at version").await, plain);
        let cleared = written(&acme, json!({"key": "k", "value": 1, "description": null})).await;
        assert_eq!(cleared["description"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn a_condition_that_does_not_hold_refuses_the_write() {
    on_both(async |app| {
        let acme = app.acme().await;
        set(&acme, json!({"key": "k", "value": 1, "overwrite": false})).await.data();
        assert_eq!(set(&acme, json!({"key": "k", "value": 2, "overwrite": false})).await.code(), "CONFLICT");
        assert_eq!(set(&acme, json!({"key": "k", "value": 2, "if_version": 0})).await.code(), "CONFLICT");
        let stale = set(&acme, json!({"key": "k", "value": 2, "if_version": 7})).await;
        let message = "the key-value pair is not as expected, its version is 1; nothing was written";
        assert_eq!((stale.code().as_str(), stale.message().as_str()), ("CONFLICT", message));
        assert_eq!(read(&acme, "k", "value version").await, json!({"value": 1, "version": 1}));
        set(&acme, json!({"key": "k", "value": 2, "if_version": 1})).await.data();
        set(&acme, json!({"key": "new", "value": 2, "if_version": 0})).await.data();
        for input in [json!({"overwrite": false, "if_version": 1}), json!({"ttl": "PT1S", "expires_at": "2030-01-01"})]
        {
            let mut both = json!({"key": "k", "value": 3});
            both.as_object_mut().unwrap().extend(input.as_object().unwrap().clone());
            assert_eq!(set(&acme, both).await.code(), "BAD_USER_INPUT");
        }
        assert_eq!(read(&acme, "k", "value").await["value"], 2);
    })
    .await;
}

#[tokio::test]
async fn of_many_that_create_the_same_key_one_does() {
    on_both(async |app| {
        let acme = app.acme().await;
        let inputs = (0..24).map(|n| json!({"key": "k", "value": n, "overwrite": false}));
        let replies = join_all(inputs.map(|input| set(&acme, input))).await;
        let made: Vec<_> = replies.iter().filter(|reply| reply.json().get("errors").is_none()).collect();
        assert_eq!(made.len(), 1);
        assert_eq!(read(&acme, "k", "value version").await["version"], 1);
    })
    .await;
}

#[tokio::test]
async fn what_makes_no_sense_of_an_end_or_a_description_is_refused() {
    on_both(async |app| {
        let acme = app.acme().await;
        for (input, reason) in [
            (json!({"ttl": "tomorrow"}), "not a duration"),
            (json!({"ttl": "-PT1S"}), "ttl cannot be negative"),
            (json!({"ttl": "P9999999D"}), "the end of the pair is after the year 9999"),
            (json!({"ttl": "PT9223372036854775807S"}), "the end of the pair is after the year 9999"),
            (json!({"expires_at": "2026-01-01T00:00:00Z"}), "the end of the pair is not in the future"),
            (json!({"expires_at": "soon"}), "not a timestamp"),
            (json!({"description": "d".repeat(4_097)}), "the description is 4097 bytes long, at most 4096 are allowed"),
            (json!({"description": "a\u{0}b"}), "the description holds a NUL character"),
            (json!({"namespace": "a..b"}), "the namespace is not a dotted name"),
        ] {
            let mut whole = json!({"key": "k", "value": 1});
            whole.as_object_mut().unwrap().extend(input.as_object().unwrap().clone());
            let refused = set(&acme, whole).await;
            assert!(refused.message().contains(reason), "{input}: {refused:?}");
            assert_eq!(refused.status, 200);
        }
        assert!(acme.keys("{}").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn from_the_instant_on_an_expired_pair_is_gone_for_everyone() {
    on_both(async |app| {
        let free = app.tenant("free", "free").await;
        let id = set(&free, json!({"key": "k", "value": 1, "ttl": "PT1.001S"})).await.data();
        for n in 0..9 {
            free.put(&format!("other{n}"), "1").await;
        }
        app.clock.advance(Duration::from_secs(1));
        assert_eq!(read(&free, "k", "value").await["value"], 1);
        assert_eq!(free.set("more", "1").await.code(), "LIMIT_EXCEEDED");
        app.clock.advance(Duration::from_millis(1));
        assert_eq!(read(&free, "k", "value").await, Value::Null);
        let by_id = "query($id: uuid!) { key_value_by_pk(id: $id) { key } }";
        let id = &id["set_key_value"]["id"];
        assert_eq!(free.graphql(by_id, json!({ "id": id })).await.data()["key_value_by_pk"], Value::Null);
        assert_eq!(free.keys("{key: {_eq: \"k\"}}").await, [""; 0]);
        let count = "{ key_value_aggregate { aggregate { count } } key_value_keys(prefix: \"k\") namespace { pairs } }";
        let counted = json!({"key_value_aggregate": {"aggregate": {"count": 9}}, "key_value_keys": [], "namespace": [{"pairs": 9}]});
        assert_eq!(free.ask(count).await.data(), counted);
        let gone = json!({"success": false, "error": "there is no key-value pair with this key in the namespace"});
        let reply = run(&free, "delete_key_value", "success error", json!({"key": "k"})).await;
        assert_eq!(reply.data()["delete_key_value"], gone);
        let again = set(&free, json!({"key": "k", "value": 2, "overwrite": false})).await.data();
        assert_ne!(again["set_key_value"]["id"], *id);
        assert_eq!(again["set_key_value"]["key_value"]["version"], 1);
        assert_eq!(free.set("more", "1").await.code(), "LIMIT_EXCEEDED");
    })
    .await;
}

#[tokio::test]
async fn a_key_that_is_missing_is_null_or_an_error_as_asked() {
    on_both(async |app| {
        let acme = app.acme().await;
        let query = "query($e: Boolean!) { key_value_by_key(key: \"k\", error_on_missing: $e) { value } }";
        assert_eq!(acme.graphql(query, json!({"e": false})).await.data()["key_value_by_key"], Value::Null);
        let missing = acme.graphql(query, json!({"e": true})).await;
        let message = "there is no key-value pair with this key in the namespace";
        assert_eq!((missing.code().as_str(), missing.message().as_str()), ("NOT_FOUND", message));
        acme.put("k", "null").await;
        assert_eq!(acme.graphql(query, json!({"e": true})).await.data()["key_value_by_key"], json!({"value": null}));
    })
    .await;
}

#[tokio::test]
async fn keys_are_listed_by_their_first_bytes_in_the_order_of_their_bytes() {
    on_both(async |app| {
        let acme = app.acme().await;
        for key in ["in", "in/a", "in/b", "in2/x", "IN", "i%", "i_", "é", "in\u{0}", "in/\u{10ffff}", "z"] {
            acme.put(key, "1").await;
        }
        let keys = async |arguments: &str| {
            let reply = acme.ask(&format!("{{ key_value_keys{arguments} }}")).await.data();
            reply["key_value_keys"]
                .as_array()
                .unwrap()
                .iter()
                .map(|key| key.as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(keys("(prefix: \"in\")").await, ["in", "in\u{0}", "in/a", "in/b", "in/\u{10ffff}", "in2/x"]);
        assert_eq!(keys("(prefix: \"in/\", limit: 2)").await, ["in/a", "in/b"]);
        assert_eq!(keys("(prefix: \"in/\", after: \"in/b\")").await, ["in/\u{10ffff}"]);
        assert_eq!(keys("(prefix: \"i_\")").await, ["i_"]);
        assert_eq!(keys("(prefix: \"i%\")").await, ["i%"]);
        let all = ["IN", "i%", "i_", "in", "in\u{0}", "in/a", "in/b", "in/\u{10ffff}", "in2/x", "z", "é"];
        assert_eq!(keys("").await, all);
        assert_eq!(keys("(namespace: \"elsewhere\")").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn pairs_are_deleted_by_key_by_keys_and_by_prefix() {
    on_both(async |app| {
        let acme = app.acme().await;
        for key in ["a", "b", "c", "p/1", "p/2", "p%", "q"] {
            acme.put(key, "1").await;
        }
        set(&acme, json!({"key": "p/there", "value": 1, "namespace": "other"})).await.data();
        set(&acme, json!({"key": "p/ended", "value": 1, "ttl": "PT0S"})).await.data();
        let deleted = run(&acme, "delete_key_value", "success error", json!({"key": "a"})).await.data();
        assert_eq!(deleted["delete_key_value"], json!({"success": true, "error": null}));
        let many = async |input| {
            run(&acme, "delete_key_values", "affected_rows", input).await.data()["delete_key_values"]["affected_rows"]
                .clone()
        };
        assert_eq!(many(json!({"keys": ["b", "b", "c", "nope"]})).await, 2);
        assert_eq!(many(json!({"prefix": "p/"})).await, 2);
        assert_eq!(many(json!({"prefix": "p/"})).await, 0);
        assert_eq!(many(json!({"keys": []})).await, 0);
        assert_eq!(acme.keys("{}").await, ["p%", "q"]);
        let usage = app.service.usage("acme").await.unwrap();
        assert_eq!((usage.revision, usage.rows), (15, 3), "every deleted row is a revision");
        for input in [json!({}), json!({"prefix": ""}), json!({"prefix": "a", "keys": []})] {
            assert_eq!(run(&acme, "delete_key_values", "affected_rows", input).await.code(), "BAD_USER_INPUT");
        }
        for input in [json!({}), json!({"key": "q", "key_value_id": "00000000-0000-0000-0000-000000000000"})] {
            assert_eq!(run(&acme, "delete_key_value", "success", input).await.code(), "BAD_USER_INPUT");
        }
    })
    .await;
}

#[tokio::test]
async fn many_pairs_go_in_one_transaction_and_each_into_the_log() {
    on_both(async |app| {
        let acme = app.acme().await;
        join_all((0..1_200).map(async |n| acme.put(&format!("k{n:04}"), "1").await)).await;
        let reply = run(&acme, "delete_key_values", "affected_rows", json!({"prefix": "k"})).await;
        assert_eq!(reply.data()["delete_key_values"]["affected_rows"], 1_200);
        let usage = app.service.usage("acme").await.unwrap();
        assert_eq!((usage.revision, usage.rows), (2_400, 0));
        let tenant = app.service.tenant_by_slug("acme").await.unwrap();
        let log = app.store.changes(tenant.id, 1_200, 2_000).await.unwrap();
        assert!(log.iter().zip(1_201..).all(|(change, revision)| change.revision == revision));
        let keys: Vec<_> = log.iter().map(|change| change.address.key.as_str().to_owned()).collect();
        assert_eq!(keys, (0..1_200).map(|n| format!("k{n:04}")).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn a_namespace_is_made_listed_described_and_deleted_when_empty() {
    on_both(async |app| {
        let acme = app.acme().await;
        let list = async |actor: &Actor| {
            actor.ask("{ namespace { name description pairs } }").await.data()["namespace"].clone()
        };
        let made =
            run(&acme, "create_namespace", "namespace { name pairs created }", json!({"name": "company"})).await.data();
        let company = json!({"name": "company", "pairs": 0, "created": "2026-01-01T00:00:00+00:00"});
        assert_eq!(made["create_namespace"]["namespace"], company);
        assert_eq!(
            run(&acme, "create_namespace", "namespace { name }", json!({"name": "company"})).await.code(),
            "CONFLICT"
        );
        assert_eq!(
            run(&acme, "create_namespace", "namespace { name }", json!({"name": "a b"})).await.code(),
            "BAD_USER_INPUT"
        );
        for (name, key) in [("company.team", "a"), ("company.team", "b"), ("company2", "a")] {
            set(&acme, json!({"key": key, "value": 1, "namespace": name})).await.data();
        }
        let described = json!({"name": "company.team", "description": "ours"});
        let success = run(&acme, "update_namespace", "success error", described).await.data();
        assert_eq!(success["update_namespace"], json!({"success": true, "error": null}));
        let all = json!([
            {"name": "company", "description": null, "pairs": 0},
            {"name": "company.team", "description": "ours", "pairs": 2},
            {"name": "company2", "description": null, "pairs": 1},
        ]);
        assert_eq!(list(&acme).await, all);
        assert_eq!(
            acme.ask("{ namespace(limit: 1, offset: 1) { name } }").await.data()["namespace"][0]["name"],
            "company.team"
        );
        assert_eq!(
            acme.ask("{ namespace(name: \"company2\") { pairs } }").await.data()["namespace"],
            json!([{"pairs": 1}])
        );

        let delete = async |input| run(&acme, "delete_namespace", "success error", input).await;
        let full = delete(json!({"name": "company.team"})).await;
        let message = "the namespace holds 2 pairs; with \"force\" they are deleted with it";
        assert_eq!((full.code().as_str(), full.message().as_str()), ("CONFLICT", message));
        assert_eq!(
            delete(json!({"name": "company.team", "force": true})).await.data()["delete_namespace"]["success"],
            true
        );
        assert_eq!(delete(json!({"name": "company"})).await.data()["delete_namespace"]["success"], true);
        let missing = json!({"success": false, "error": "there is no namespace with this name"});
        assert_eq!(delete(json!({"name": "company"})).await.data()["delete_namespace"], missing);
        let left = json!([{"name": "company2", "description": null, "pairs": 1}]);
        assert_eq!(list(&acme).await, left);
        let usage = app.service.usage("acme").await.unwrap();
        assert_eq!((usage.revision, usage.rows), (5, 1));
    })
    .await;
}

#[tokio::test]
async fn a_token_sees_and_touches_its_own_namespaces_only() {
    on_both(async |app| {
        let acme = app.acme().await;
        let team = app.grant("acme", |grant| grant.namespace = Some(namespace("team"))).await;
        set(&acme, json!({"key": "k", "value": 1})).await.data();
        set(&team, json!({"key": "k", "value": 2})).await.data();
        assert_eq!(team.ask("{ namespace { name } }").await.data()["namespace"], json!([{"name": "team"}]));
        assert_eq!(team.ask("{ namespace(name: \"default\") { name } }").await.data()["namespace"], json!([]));
        assert_eq!(read(&team, "k", "value").await["value"], 2);
        for (mutation, fields, input) in [
            ("set_key_value", "id", json!({"key": "k", "value": 3, "namespace": "default"})),
            ("delete_key_value", "success", json!({"key": "k", "namespace": "default"})),
            ("delete_key_values", "affected_rows", json!({"prefix": "k", "namespace": "default"})),
            ("delete_key_values", "affected_rows", json!({"keys": ["k"], "namespace": "default"})),
            ("create_namespace", "namespace { name }", json!({"name": "team2"})),
            ("update_namespace", "success", json!({"name": "default", "description": "x"})),
            ("delete_namespace", "success", json!({"name": "default", "force": true})),
        ] {
            assert_eq!(run(&team, mutation, fields, input).await.code(), "FORBIDDEN", "{mutation}");
        }
        for query in
            ["key_value_by_key(key: \"k\", namespace: \"default\") { key }", "key_value_keys(namespace: \"default\")"]
        {
            assert_eq!(team.ask(&format!("{{ {query} }}")).await.code(), "FORBIDDEN", "{query}");
        }
        assert_eq!(read(&acme, "k", "value").await["value"], 1);
    })
    .await;
}
