//! Scalars: two spellings, every form of ids and instants, literals and variables of JSON
//! (contract filter.md, section 3).

use serde_json::{Value, json};

use crate::support::app::{TestApp, on_both};

#[tokio::test]
async fn both_spellings_of_a_variables_type_are_taken_everywhere() {
    on_both(async |app| {
        let acme = app.acme().await;
        let id = acme.put("a", "{\"x\": 1}").await;
        for (of, value, condition) in [
            ("uuid", json!(id), "{id: {_eq: $v}}"),
            ("UUID", json!(id), "{id: {_eq: $v}}"),
            ("UUID!", json!(id), "{id: {_neq: null, _in: [$v]}}"),
            ("[UUID!]", json!([id]), "{id: {_in: $v}}"),
            ("[uuid!]!", json!([id]), "{_or: [{id: {_in: $v}}]}"),
            ("timestamptz", json!("2026-01-01"), "{created: {_eq: $v}}"),
            ("DateTime", json!("2026-01-01"), "{created: {_gte: $v}}"),
            ("[DateTime!]", json!(["2026-01-01"]), "{updated: {_in: $v}}"),
            ("jsonb", json!({"x": 1}), "{value: {_eq: $v}}"),
            ("JSON!", json!({"x": 1}), "{value: {_contains: $v}}"),
            ("JSON", json!(1), "{value: {_contains: {x: $v}}}"),
            ("[JSON!]", json!([{"x": 1}]), "{value: {_in: $v}}"),
        ] {
            let query = format!("query($v: {of}) {{ key_value(where: {condition}) {{ key }} }}");
            assert_eq!(acme.graphql(&query, json!({"v": value})).await.column("key"), ["a"], "{of} in {condition}");
        }
        for of in ["uuid!", "UUID!"] {
            let query = format!("query($v: {of}) {{ key_value_by_pk(id: $v) {{ key }} }}");
            assert_eq!(acme.graphql(&query, json!({"v": id})).await.data()["key_value_by_pk"]["key"], "a", "{of}");
        }
        for of in ["jsonb", "JSON"] {
            let query = format!("mutation($v: {of}) {{ set_key_value(input: {{key: \"b\", value: $v}}) {{ id }} }}");
            acme.graphql(&query, json!({"v": [of]})).await.data();
            assert_eq!(acme.keys(&format!("{{value: {{_eq: [\"{of}\"]}}}}")).await, ["b"]);
        }
        for of in ["uuid!", "UUID!"] {
            let id = acme.put("b", "1").await;
            let query = format!("mutation($v: {of}) {{ delete_key_value(input: {{key_value_id: $v}}) {{ success }} }}");
            assert_eq!(
                acme.graphql(&query, json!({"v": id})).await.data()["delete_key_value"]["success"],
                true,
                "{of}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn ids_are_read_in_every_form_and_written_in_one() {
    on_both(async |app| {
        let acme = app.acme().await;
        let id = acme.put("a", "1").await;
        assert_eq!(id, id.to_lowercase());
        let plain = id.replace('-', "");
        for form in
            [id.clone(), id.to_uppercase(), plain.clone(), format!("{{{id}}}"), format!("{{{}}}", plain.to_uppercase())]
        {
            let reply = acme.ask(&format!("{{ key_value(where: {{id: {{_eq: \"{form}\"}}}}) {{ id }} }}")).await;
            assert_eq!(reply.column("id"), std::slice::from_ref(&id), "{form}");
            let reply = acme.ask(&format!("{{ key_value_by_pk(id: \"{form}\") {{ id }} }}")).await;
            assert_eq!(reply.data()["key_value_by_pk"]["id"], json!(id), "{form}");
        }
        acme.put("b", "1").await;
        let sorted = acme.ask("{ key_value(order_by: {id: asc}) { id } }").await.column("id");
        let greater = format!("{{ key_value(where: {{id: {{_gt: \"{}\"}}}}) {{ id }} }}", sorted[0]);
        assert_eq!(acme.ask(&greater).await.column("id"), sorted[1..]);
        assert!(sorted[0] < sorted[1]);
    })
    .await;
}

#[tokio::test]
async fn instants_are_read_in_every_form_and_found_by_what_was_written() {
    on_both(async |app| {
        let acme = app.acme().await;
        app.clock.advance(std::time::Duration::from_micros(3_600_000_000 + 123_450));
        acme.put("a", "1").await;
        let written = acme.ask("{ key_value { created } }").await.column("created");
        assert_eq!(written, ["2026-01-01T01:00:00.12345+00:00"]);
        for form in [
            "2026-01-01T01:00:00.12345+00:00",
            "2026-01-01T01:00:00.123450Z",
            "2026-01-01 01:00:00.12345",
            "2026-01-01T06:30:00.12345+05:30",
            "2025-12-31T17:00:00.12345-0800",
            "2026-01-01 02:00:00.12345+01",
            "2026-01-01T01:00:00.123450000Z",
        ] {
            assert_eq!(acme.keys(&format!("{{created: {{_eq: \"{form}\"}}}}")).await, ["a"], "{form}");
        }
        assert_eq!(
            acme.keys("{created: {_gt: \"2026-01-01T01:00:00.123449Z\", _lt: \"2026-01-01T01:00:00.123451Z\"}}").await,
            ["a"]
        );
        assert_eq!(acme.keys("{updated: {_lt: \"2026-01-01T01:00:00.12345Z\"}}").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_jsonb_literal_is_json_with_variables_in_it() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    for (key, value) in [
        ("n", "5"),
        ("s", "\"5\""),
        ("o", r#"{"name": "x", "tags": [1, 2]}"#),
        ("k", r#"{"a b": {"c": null}}"#),
        ("f", "1.50"),
        ("t", "\"{}\""),
    ] {
        acme.put(key, value).await;
    }
    for (condition, key) in [
        ("{_eq: 5}", "n"),
        ("{_eq: \"5\"}", "s"),
        ("{_eq: \"{}\"}", "t"),
        ("{_eq: 1.5}", "f"),
        ("{_eq: 15e-1}", "f"),
        ("{_eq: {tags: [1, 2], name: \"x\"}}", "o"),
        ("{_contains: {name: \"x\"}}", "o"),
        ("{_in: [{tags: [1, 2.0], name: \"x\"}]}", "o"),
    ] {
        assert_eq!(acme.keys(&format!("{{value: {condition}}}")).await, [key], "{condition}");
    }
    for (declared, condition, variables, key) in [
        ("$n: String", "{_contains: {name: $n}}", json!({"n": "x"}), "o"),
        ("$n: String!, $t: Int", "{_contains: {name: $n, tags: [$t]}}", json!({"n": "x", "t": 2}), "o"),
        ("$v: jsonb", "{_contains: $v}", json!({"v": {"a b": {}}}), "k"),
        ("$v: jsonb", "{_contains: $v}", json!({"v": {"a b": {"c": null}}}), "k"),
        ("$v: jsonb", "{_eq: $v}", json!({"v": "5"}), "s"),
        ("$v: jsonb = 5", "{_eq: $v}", Value::Null, "n"),
        ("$v: jsonb = {name: \"x\"}", "{_contains: $v}", Value::Null, "o"),
        ("$v: String = \"x\"", "{_contains: {name: $v}}", json!({}), "o"),
    ] {
        let query = format!("query({declared}) {{ key_value(where: {{value: {condition}}}) {{ key }} }}");
        assert_eq!(acme.graphql(&query, variables).await.column("key"), [key], "{declared} in {condition}");
    }
}

#[tokio::test]
async fn a_json_literal_of_a_mutation_is_text_and_of_a_query_the_value() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    acme.ask("mutation { set_key_value(input: {key: \"a\", value: \"{\\\"x\\\": 1}\"}) { id } }").await.data();
    assert_eq!(acme.keys("{value: {_eq: {x: 1}}}").await, ["a"]);
    assert_eq!(acme.keys("{value: {_eq: \"{\\\"x\\\": 1}\"}}").await, [""; 0]);
}
