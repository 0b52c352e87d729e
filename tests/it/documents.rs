//! A document that was parsed before is answered as if it had not been.

use serde_json::json;

use crate::support::{actor::Actor, app::TestApp, server::Server};

const LITERAL: &str = "mutation($v: JSON) { set_key_value(input: {key: \"k\", value: {a: $v, b: [1.0, $v]}}) { id } }";
const READ: &str = "{ key_value { key value } }";

#[tokio::test]
async fn the_same_text_with_other_variables_gives_other_answers() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    for value in ["1.50", "{\"x\":[]}", "\"text\"", "null"] {
        acme.send(format!("{{\"query\": {}, \"variables\": {{\"v\": {value}}}}}", json!(LITERAL))).await.data();
        let stored = format!(
            "{{\"data\":{{\"key_value\":[{{\"key\":\"k\",\"value\":{{\"a\":{value},\"b\":[1.0,{value}]}}}}]}}}}"
        );
        assert_eq!(acme.ask(READ).await.text, stored);
    }
    let skipping = "query($s: Boolean!) { hello @skip(if: $s) api { mode } }";
    for (skip, keys) in [(true, 1), (false, 2), (true, 1)] {
        let data = acme.graphql(skipping, json!({"s": skip})).await.data();
        assert_eq!(data.as_object().unwrap().len(), keys);
    }
    for name in ["A", "B", "A"] {
        let both = json!({"query": "query A { a: hello } query B { b: hello }", "operationName": name});
        let data = acme.send(both.to_string()).await.data();
        assert_eq!(data, json!({name.to_lowercase(): "👋"}));
    }
}

#[tokio::test]
async fn an_error_is_told_at_the_same_place_every_time() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    for query in [
        "{\n  hello\n  nope }",
        "{\n  hello",
        "mutation {\n  set_key_value(input: {key: \"k\", value: \"{bad\"}) { id }\n}",
        "{\n  key_value(namespace: \"?\") { key } }",
        "query($n: Int!) {\n  key_value(limit: $n) { key } }",
    ] {
        let first = acme.ask(query).await;
        assert!(!first.code().is_empty());
        for _ in 0..3 {
            assert_eq!(acme.ask(query).await.text, first.text, "{query}");
        }
    }
}

#[tokio::test]
async fn texts_that_differ_in_literals_are_each_answered_for_themselves() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    let keys = ["a", "a longer key", "\"quoted\" \\ back", "é😀\u{1}", "\u{FDD0}s0"];
    for (number, key) in keys.into_iter().enumerate() {
        let (key, value) = (json!(key), json!(number.to_string()));
        acme.ask(&format!("mutation {{ set_key_value(input: {{key: {key}, value: {value}}}) {{ id }} }}")).await.data();
    }
    for (number, key) in keys.into_iter().enumerate() {
        let query =
            format!("{{ key_value(where: {{key: {{_eq: {}}}}}, limit: {}) {{ value }} }}", json!(key), number + 1);
        assert_eq!(acme.ask(&query).await.data(), json!({"key_value": [{"value": number}]}), "{query}");
        // After a literal of another length on the same line, and on the next.
        for ending in ["{ nope } }", "\n{ nope } }"] {
            let query = query.replace("{ value } }", ending);
            let before = &query[..query.find("nope").unwrap()];
            let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
            let location = json!([{"line": before.matches('\n').count() + 1, "column": column}]);
            assert_eq!(acme.ask(&query).await.json()["errors"][0]["locations"], location, "{query}");
        }
    }
}

#[tokio::test]
async fn what_was_valid_of_one_kind_is_judged_anew_of_another() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    let ask = async |limit: &str| acme.ask(&format!("{{ key_value(limit: {limit}) {{ key }} }}")).await.text;
    let kinds = ["1", "\"1\"", "1.0", "null", "one", "[1]", "-1", "99999999999999999999"];
    let mut first = Vec::new();
    for kind in kinds {
        first.push(ask(kind).await);
    }
    for (kind, first) in kinds.into_iter().zip(first) {
        assert_eq!(ask(kind).await, first, "{kind}");
        assert_eq!(first.contains("errors"), !matches!(kind, "1" | "null"), "{kind}: {first}");
    }
    let query = "query($n: Int, $w: key_value_bool_exp! = {}) { key_value(limit: $n, where: $w) { key } }";
    let mut replies = Vec::new();
    for variables in [json!({"n": 1, "w": {}}), json!({}), json!({"n": null, "w": null}), json!({"n": "1"})] {
        let reply = acme.graphql(query, variables.clone()).await.text;
        assert_eq!(acme.graphql(query, variables).await.text, reply);
        replies.push(reply);
    }
    assert_eq!(replies[0], replies[1]);
    assert!(replies[2].contains("not null") && replies[3].contains("type"), "{replies:?}");
}

#[tokio::test]
async fn one_tenants_document_tells_another_nothing() {
    let app = TestApp::start().await;
    let (acme, other) = (app.acme().await, app.tenant("other", "free").await);
    acme.put("k", "\"acme's\"").await;
    for _ in 0..2 {
        assert_eq!(acme.ask(READ).await.column("value"), ["acme's"]);
        assert!(other.ask(READ).await.column("value").is_empty());
    }
}

#[tokio::test]
async fn without_room_for_documents_the_answers_are_the_same() {
    let server = Server::with(&[("HIGHWATER_LIMITS__DOCUMENT_CACHE_BYTES", "0")]);
    let actor = Actor::new(&server.url, Some(server.admin_token().to_owned()), String::new());
    for _ in 0..2 {
        actor.graphql(LITERAL, json!({"v": [7]})).await.data();
        assert!(actor.ask(READ).await.text.contains("{\"a\":[7],\"b\":[1.0,[7]]}"));
    }
}

#[tokio::test]
async fn a_field_of_a_mutation_is_never_run_twice() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    let set = "set_key_value(input: {key: \"k\", value: 1})";
    for repeated in [
        format!("mutation {{ {set} {{ id }} {set} {{ id }} }}"),
        format!("mutation {{ {set} {{ id }} ... on Mutation {{ {set} {{ __typename }} }} }}"),
        format!("mutation {{ ...F ...F }} fragment F on Mutation {{ {set} {{ id }} }}"),
        format!("mutation {{ {set} {{ id }} ...F }} fragment F on Mutation {{ {set} {{ id }} }}"),
    ] {
        let reply = acme.ask(&repeated).await;
        assert_eq!(
            (reply.code().as_str(), reply.json().get("data")),
            ("GRAPHQL_VALIDATION_FAILED", None),
            "{repeated}"
        );
    }
    assert_eq!(acme.ask(READ).await.data(), json!({"key_value": []}), "nothing was run");
    let twice = format!(
        "mutation {{ __typename a: {set} {{ id }} a: {set} @skip(if: true) {{ id }} b: {set} {{ id }} __typename }}"
    );
    acme.ask(&twice).await.data();
    assert_eq!(acme.ask("{ key_value { version } }").await.data(), json!({"key_value": [{"version": 2}]}));
}
