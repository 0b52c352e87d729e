//! Queries made to be large, deep or slow: each answers, or is refused, soon.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{
    actor::{Actor, Reply},
    app::{TestApp, on_both},
};

/// Time that a query may take in a build without optimisation, on a busy machine.
const SOON: Duration = Duration::from_secs(20);

async fn soon(actor: &Actor, query: &str, variables: Value) -> Reply {
    tokio::time::timeout(SOON, actor.graphql(query, variables)).await.expect("the answer comes soon")
}

async fn three(app: &TestApp) -> Actor {
    let acme = app.acme().await;
    for (key, value) in [("k-7", "7"), ("k-39999", "39999"), ("other", "0")] {
        acme.put(key, value).await;
    }
    acme
}

#[tokio::test]
async fn a_set_may_have_40_000_items() {
    on_both(async |app| {
        let acme = three(&app).await;
        let keys: Vec<_> = (0..40_000).map(|n| format!("k-{n}")).collect();
        let ids: Vec<_> = (0..40_000_u128).map(|n| uuid::Uuid::from_u128(n).to_string()).collect();
        let numbers: Vec<_> = (0..40_000).collect();
        let literal =
            format!("{{ key_value(where: {{key: {{_in: {}}}}}, order_by: {{key: asc}}) {{ key }} }}", json!(keys));
        assert_eq!(soon(&acme, &literal, Value::Null).await.column("key"), ["k-39999", "k-7"]);
        let ask = async |of: &str, condition: &str, items: Value| {
            let query =
                format!("query($v: [{of}!]) {{ key_value(where: {condition}, order_by: {{key: asc}}) {{ key }} }}");
            soon(&acme, &query, json!({"v": items})).await.column("key").join(" ")
        };
        assert_eq!(ask("String", "{key: {_in: $v}}", json!(keys)).await, "k-39999 k-7");
        assert_eq!(ask("String", "{key: {_nin: $v}}", json!(keys)).await, "other");
        assert_eq!(ask("uuid", "{id: {_in: $v}}", json!(ids)).await, "");
        assert_eq!(ask("uuid", "{id: {_nin: $v}}", json!(ids)).await, "k-39999 k-7 other");
        assert_eq!(ask("jsonb", "{value: {_in: $v}}", json!(numbers)).await, "k-39999 k-7 other");
        assert_eq!(ask("String", "{value: {_has_keys_any: $v}}", json!(keys)).await, "");
        assert_eq!(
            ask("String", "{_or: [{key: {_in: $v}}, {value: {_eq: 0}}]}", json!(keys)).await,
            "k-39999 k-7 other"
        );
    })
    .await;
}

#[tokio::test]
async fn a_disjunction_may_have_2_000_branches() {
    on_both(async |app| {
        let acme = three(&app).await;
        let ask = async |template: &str| {
            let branches: Vec<_> = (1..=2_000).map(|n| template.replace('N', &n.to_string())).collect();
            let condition = format!("{{\"_or\": [{}]}}", branches.join(", "));
            let query = "query($w: key_value_bool_exp) { some: key_value(where: $w) { key } \
                         others: key_value(where: {_not: $w}, order_by: {key: asc}) { key } }";
            let body = format!("{{\"query\": {}, \"variables\": {{\"w\": {condition}}}}}", Value::from(query));
            tokio::time::timeout(SOON, acme.send(body)).await.expect("the answer comes soon").data()
        };
        for branch in [
            r#"{"key": {"_eq": "k-N"}}"#,
            r#"{"_and": [{"key": {"_eq": "k-N"}}, {"value": {"_eq": N}}]}"#,
            r#"{"key": {"_like": "%-N"}}"#,
            r#"{"_not": {"key": {"_neq": "k-N"}}}"#,
        ] {
            let expected = json!({"some": [{"key": "k-7"}], "others": [{"key": "k-39999"}, {"key": "other"}]});
            assert_eq!(ask(branch).await, expected, "{branch}");
        }
        let literal: Vec<_> = (1..=2_000).map(|n| format!("{{key: {{_eq: \"k-{n}\"}}}}")).collect();
        let query = format!("{{ key_value(where: {{_or: [{}]}}) {{ key }} }}", literal.join(", "));
        assert_eq!(soon(&acme, &query, Value::Null).await.column("key"), ["k-7"]);
    })
    .await;
}

#[tokio::test]
async fn deep_nesting_is_refused_before_it_is_parsed() {
    let app = TestApp::start().await;
    let acme = three(&app).await;
    let nested =
        |open: &str, inside: &str, close: &str| format!("{}{inside}{}", open.repeat(5_000), close.repeat(5_000));
    for query in [
        format!("{{ key_value(where: {}) {{ key }} }}", nested("{_not: ", "{}", "}")),
        format!("{{ key_value(where: {}) {{ key }} }}", nested("{_and: [", "{}", "]}")),
        format!("{{ key_value(where: {{value: {{_eq: {}}}}}) {{ key }} }}", nested("[", "", "]")),
        format!("{{ key_value(where: {{value: {{_eq: {}}}}}) {{ key }} }}", nested("{a: ", "1", "}")),
        format!(
            "query($v: jsonb = {}) {{ key_value(where: {{value: {{_eq: $v}}}}) {{ key }} }}",
            nested("{a: ", "1", "}")
        ),
        format!("query($v: {}) {{ key_value {{ key }} }}", nested("[", "String", "]")),
        nested("{ a ", "", "}"),
        "{".repeat(30_000),
        "{a(b:[".repeat(5_000),
    ] {
        let reply = soon(&acme, &query, Value::Null).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (200, "GRAPHQL_PARSE_FAILED"), "{}", &query[..60]);
    }
    let query =
        "query($w: key_value_bool_exp, $v: jsonb) { key_value(where: {_and: [$w, {value: {_neq: $v}}]}) { key } }";
    for (name, value) in [
        ("w", nested("{\"_not\": ", "{}", "}")),
        ("w", nested("{\"_or\": [", "{}", "]}")),
        ("v", nested("[", "", "]")),
        ("v", nested("{\"a\": ", "1", "}")),
    ] {
        let body = format!("{{\"query\": {}, \"variables\": {{\"{name}\": {value}}}}}", Value::from(query));
        let reply = tokio::time::timeout(SOON, acme.send(body)).await.unwrap();
        assert!(reply.status.as_u16() < 500 && !reply.code().is_empty(), "{reply:?}");
    }
    assert_eq!(acme.keys("{}").await.len(), 3, "the server is well");
}

#[tokio::test]
async fn no_pattern_makes_the_server_slow() {
    on_both(async |app| {
        let acme = app.acme().await;
        let long = "a".repeat(1_000);
        acme.put(&long, &json!("a".repeat(4_000)).to_string()).await;
        let percents = "%a".repeat(2_000) + "%b";
        let underscores = "%_a_".repeat(250) + "b%";
        for (operator, pattern) in [
            ("_regex", "(a+)+$b".to_owned()),
            ("_regex", "^(a|a)*b".to_owned()),
            ("_regex", "(a*)*(a*)*(a*)*b".to_owned()),
            ("_regex", "^(([a-z])+.)+[A-Z]([a-z])+$".to_owned()),
            ("_iregex", "(x+x+)+y".to_owned()),
            ("_similar", "(a|aa)+b".to_owned()),
            ("_like", percents.clone()),
            ("_ilike", percents.clone()),
            ("_like", underscores),
            ("_like", "b%".repeat(100_000)),
            ("_eq", "k".repeat(100_000)),
            ("_starts_with", "a".repeat(100_000)),
        ] {
            let query = format!("query($p: String) {{ key_value(where: {{key: {{{operator}: $p}}}}) {{ version }} }}");
            let reply = soon(&acme, &query, json!({"p": pattern})).await;
            assert_eq!(reply.data()["key_value"], json!([]), "{operator} {}", &pattern[..7]);
            let query = format!(
                "query($p: String) {{ key_value(where: {{value: {{_cast: {{String: {{{operator}: $p}}}}}}}}) {{ version }} }}"
            );
            let reply = soon(&acme, &query, json!({"p": pattern})).await;
            assert_eq!(reply.data()["key_value"], json!([]), "{operator} {}", &pattern[..7]);
        }
        let whole = soon(&acme, "query($p: String) { key_value(where: {key: {_like: $p}}) { version } }", json!({"p": "%a".repeat(1_000)})).await;
        assert_eq!(whole.data()["key_value"], json!([{"version": 1}]));
    })
    .await;
}

#[tokio::test]
async fn patterns_that_would_take_much_memory_are_refused() {
    let app = TestApp::start().await;
    let acme = three(&app).await;
    for (operator, pattern) in [
        ("_regex", "(((a{200}){200}){200}){200}".to_owned()),
        ("_regex", "a{255}{255}{255}".to_owned()),
        ("_regex", "(\\w{250}){250}".to_owned()),
        ("_regex", "(".repeat(10_000)),
        ("_regex", "(".repeat(10_000) + &")".repeat(10_000)),
        ("_regex", "[".repeat(10_000)),
        ("_similar", "(".repeat(10_000) + "a" + &")".repeat(10_000)),
        ("_similar", "(a{255}){255}{255}".to_owned()),
    ] {
        let query = format!("query($p: String) {{ key_value(where: {{key: {{{operator}: $p}}}}) {{ key }} }}");
        let reply = soon(&acme, &query, json!({"p": pattern})).await;
        assert_eq!(reply.code(), "data-exception", "{operator} {}: {reply:?}", &pattern[..9]);
        assert!(reply.text.len() < 500, "{reply:?}");
    }
}

#[tokio::test]
async fn the_patterns_of_a_query_are_bounded_together() {
    let app = TestApp::start().await;
    let acme = three(&app).await;
    let ask = async |count: usize, pattern: &str| {
        let branch = |n: usize| json!({"key": {"_regex": pattern.replace('N', &n.to_string())}});
        let branches: Vec<_> = (0..count).map(branch).collect();
        let query = "query($w: [key_value_bool_exp!]) { key_value(where: {_or: $w}) { key } }";
        soon(&acme, query, json!({"w": branches})).await
    };
    assert_eq!(ask(2_000, "^k-N$").await.column("key"), ["k-7"]);
    assert_eq!(ask(3, r"^\w{2}-N$").await.column("key"), [""; 0]);
    let refused = ask(2_000, r"^\w{20}N").await;
    assert_eq!(
        (refused.code().as_str(), refused.message().as_str()),
        ("data-exception", "the query's patterns are too large together")
    );
}
