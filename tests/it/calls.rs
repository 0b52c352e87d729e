//! A field that is asked for alone is answered without the engine, and exactly as by it.

use highwater::domain::Role;
use serde_json::{Value, json};

use crate::support::{
    actor::Actor,
    app::{TestApp, namespace, on_both},
};

/// Asks `operation`, which is called Q, first of the engine, which alone takes documents of two operations; then
/// alone, three times, the last two of which need no engine.
async fn ask_both_ways(actor: &Actor, operation: &str, variables: &Value) -> String {
    let send = async |query: String| {
        let asked = json!({"query": query, "operationName": "Q", "variables": variables});
        let reply = actor.send(asked.to_string()).await;
        (reply.status, reply.text)
    };
    let engines = send(format!("{operation}\nquery Other {{ hello }}")).await;
    for _ in 0..3 {
        assert_eq!(send(operation.to_owned()).await, engines, "{operation} {variables}");
    }
    engines.1
}

async fn fill(actor: &Actor) {
    for (key, value) in [("a", "1"), ("b", "{\"x\": [1.0, \"é\\\"\"]}"), ("c", "null"), ("x-1", "\"one\"")] {
        actor.put(key, value).await;
    }
}

#[tokio::test]
async fn a_list_is_the_same_with_and_without_the_engine() {
    on_both(async |app| {
        let acme = app.acme().await;
        fill(&acme).await;
        for arguments in [
            "",
            "(where: {key: {_eq: \"b\"}})",
            "(where: {key: {_eq: \"\\u0062\"}, value: {_contains: {x: [1.0]}}})",
            "(where: {_or: [{key: {_in: [\"a\", \"c\"]}}, {value: {_eq: \"one\"}}]}, order_by: {key: desc})",
            "(where: {}, order_by: [{updated: asc}, {key: asc}], limit: 2, offset: 1)",
            "(distinct_on: [type], order_by: {type: asc}, limit: 3)",
            "(namespace: \"*\", where: {_not: {key: {_like: \"x%\"}}}, order_by: {key: asc})",
            "(where: null, limit: null)",
            "(namespace: \"nobody\")",
        ] {
            for set in ["key", "value k: key", "__typename id type version value_text description"] {
                let read = format!("query Q {{ key_value{arguments} {{ {set} }} }}");
                let text = ask_both_ways(&acme, &read, &json!({})).await;
                assert!(!text.contains("errors"), "{text}");
            }
        }
        let operation = "query Q($w: key_value_bool_exp!, $n: Int, $k: String = \"b\") {
            named: key_value(where: {_and: [$w, {key: {_neq: $k}}]}, limit: $n, order_by: {key: asc}) { key value } }";
        for (variables, keys) in [
            (json!({"w": {}, "n": 2, "k": "a"}), ["b", "c"].as_slice()),
            (json!({"w": {"key": {"_gt": "a"}}, "n": 9, "k": "x-1"}), &["b", "c"]),
            (json!({"w": {"value": {"_is_null": false}}, "n": 9}), &["a", "c", "x-1"]),
            (json!({"w": {"value": {"_eq": null}}, "n": null, "k": ""}), &["a", "b", "c", "x-1"]),
            (json!({"w": {"value": {"_eq": "one"}}}), &["x-1"]),
        ] {
            let answer: Value = serde_json::from_str(&ask_both_ways(&acme, operation, &variables).await).unwrap();
            let rows = answer["data"]["named"].as_array().unwrap().iter().map(|row| row["key"].as_str().unwrap());
            assert_eq!(rows.collect::<Vec<_>>(), keys, "{variables}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_read_is_refused_for_is_said_the_same_way() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    fill(&acme).await;
    let narrow = app.grant("acme", |grant| grant.namespace = Some(namespace("team"))).await;
    for arguments in [
        "(limit: -1)",
        "(offset: -1)",
        "(limit: 99999999999)",
        "(namespace: \"?\")",
        "(where: {id: {_eq: \"nope\"}})",
        "(where: {updated: {_gt: \"yesterday\"}})",
        "(where: {key: {_regex: \"(\"}})",
        "(where: {value: {_eq: 1, _in: [null]}})",
        "(where: {_and: [{version: {_eq: 1.5}}]})",
        "(distinct_on: [type], order_by: {key: asc})",
    ] {
        for actor in [&acme, &narrow] {
            let read = format!("query Q {{\n  here: key_value{arguments} {{ key value }} }}");
            let text = ask_both_ways(actor, &read, &json!(null)).await;
            assert!(text.contains("\"errors\""), "{text}");
        }
    }
    let elsewhere = "query Q { key_value(namespace: \"main\") { key } }";
    assert!(ask_both_ways(&narrow, elsewhere, &json!(null)).await.contains("FORBIDDEN"));
    let operation = "query Q($w: key_value_bool_exp!, $n: Int) { key_value(where: $w, limit: $n) { key } }";
    for variables in [
        json!({"w": {}, "n": -1}),
        json!({"w": {"id": {"_eq": "nope"}}, "n": 1}),
        json!({"w": {"nope": 1}, "n": 1}),
        json!({"w": null, "n": 1}),
        json!({"n": 1}),
        json!({"w": {}, "n": "1"}),
        json!([]),
    ] {
        // Found valid first, so that what follows is asked both ways.
        ask_both_ways(&acme, operation, &json!({"w": {}, "n": 1})).await;
        assert!(ask_both_ways(&acme, operation, &variables).await.contains("\"errors\""), "{variables}");
    }
}

const SET: &str = "mutation Q($input: set_key_value_input!) { done: set_key_value(input: $input) { id again: id } }";

#[tokio::test]
async fn a_set_is_the_same_with_and_without_the_engine() {
    on_both(async |app| {
        let acme = app.acme().await;
        let team = app.grant("acme", |grant| grant.namespace = Some(namespace("team"))).await;
        for input in [
            json!({"value": {"b": [1.0, null], "a": "é"}}),
            json!({"value": null}),
            json!({"value": "P1D", "type": "DURATION", "description": "text", "overwrite": true}),
            json!({"value": "AP8=", "type": "BINARY", "ttl": "P1D"}),
            json!({"value": 1, "expires_at": "2099-01-01T00:00:00Z", "namespace": "other"}),
        ] {
            let with = |key: &str| {
                let mut input = input.clone();
                input["key"] = json!(key);
                json!({ "input": input })
            };
            let text = ask_both_ways(&acme, SET, &with("k")).await;
            assert!(text.starts_with("{\"data\":{\"done\":{\"id\":\""), "{text}");
            // A pair that only the engine wrote, and one that it never saw.
            let engines = json!({"query": format!("{SET} query Other {{ hello }}"), "operationName": "Q",
                "variables": with("by the engine")});
            acme.send(engines.to_string()).await.data();
            acme.graphql(SET, with("by itself")).await.data();
            let row = async |key: &str| {
                let columns = "value type description expires_at namespace version";
                let found = format!(
                    "key_value(namespace: \"*\", where: {{key: {{_eq: \"{key}\"}}}}, limit: 1,
                    order_by: {{updated: desc}}) {{ {columns} }}"
                );
                acme.ask(&format!("{{ {found} }}")).await.data()
            };
            assert_eq!(row("by the engine").await, row("by itself").await, "{input}");
        }
        for input in [
            json!({"key": "k"}),
            json!({"value": 1}),
            json!({"key": "", "value": 1}),
            json!({"key": "k", "value": 1, "nope": 2}),
            json!({"key": "k", "value": "x", "type": "NUMBER"}),
            json!({"key": "k", "value": "x", "type": "NONE"}),
            json!({"key": "k", "value": 1, "ttl": "soon"}),
            json!({"key": "k", "value": 1, "ttl": "P1D", "expires_at": "2099-01-01T00:00:00Z"}),
            json!({"key": "k", "value": 1, "overwrite": false}),
            json!({"key": "k", "value": 1, "if_version": 0}),
            json!({"key": "k", "value": 1, "namespace": "main"}),
            json!(7),
            json!(null),
        ] {
            // Of one namespace only, which has no "k" but this.
            ask_both_ways(&team, SET, &json!({"input": {"key": "k", "value": 1}})).await;
            let text = ask_both_ways(&team, SET, &json!({ "input": input })).await;
            assert!(text.contains("\"errors\""), "{input} {text}");
        }
        let reader = app.grant("acme", |grant| grant.role = Role::ReadOnly).await;
        let refused = ask_both_ways(&reader, SET, &json!({"input": {"key": "k", "value": 1}})).await;
        assert!(refused.contains("FORBIDDEN"), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn literals_of_a_set_are_read_anew() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    for value in
        ["\"{\\\"a\\\": 1.50}\"", "\"[]\"", "\"1e400\"", "\"\\\"text\\\"\"", "{a: 1.0, b: [null, \"x\"]}", "-0"]
    {
        let set = format!("mutation Q {{ set_key_value(input: {{key: \"k\", value: {value}}}) {{ id }} }}");
        assert!(ask_both_ways(&acme, &set, &json!(null)).await.starts_with("{\"data\""), "{value}");
        let set = set.replace("\"k\"", "\"engine's\"");
        let engines = json!({"query": format!("{set} query Other {{ hello }}"), "operationName": "Q"});
        acme.send(engines.to_string()).await.data();
        let rows = acme.ask("{ key_value(order_by: {key: asc}) { value_text } }").await.column("value_text");
        assert!(rows.len() == 2 && rows[0] == rows[1], "{value} {rows:?}");
    }
    for value in ["\"{bad\"", "word", "\"\\\"\\\\ud800\\\"\"", "\"\""] {
        let set = format!("mutation Q {{\n set_key_value(input: {{key: \"k\", value: {value}}}) {{ id }} }}");
        let said = ask_both_ways(&acme, &set, &json!(null)).await;
        assert_eq!(said.contains("\"errors\""), !value.contains("ud800"), "{value} {said}");
    }
}

#[tokio::test]
async fn a_bad_default_is_refused_whether_it_is_needed_or_not() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    for (default, is_good) in [("\"1\"", true), ("\"{\"", false), ("\"2\"", true)] {
        let read = format!("query Q($v: JSON = {default}) {{ key_value(where: {{value: {{_eq: $v}}}}) {{ key }} }}");
        let said = ask_both_ways(&acme, &read, &json!({"v": 2})).await;
        assert_eq!(said.starts_with("{\"data\""), is_good, "{said}");
    }
}

#[tokio::test]
async fn values_of_variables_count_once() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    let variables = json!({"w": {"_and": vec![json!({}); 60_000]}});
    for field in ["key_value(where: $w) { key }", "key_value_aggregate(where: $w) { aggregate { count } }"] {
        let read = format!("query Q($w: key_value_bool_exp!) {{ {field} }}");
        assert!(ask_both_ways(&acme, &read, &variables).await.starts_with("{\"data\""), "{field}");
        let asked = json!({"query": read, "variables": variables});
        let reply = acme.send(json!([asked, asked]).to_string()).await.json();
        assert!(reply[0]["data"].is_object(), "{field}");
        assert!(reply[1].to_string().contains("too many values in its variables"), "{field}");
    }
}
