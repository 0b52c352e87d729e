//! What a query is refused with (contract filter.md, section 7).

use serde_json::{Value, json};

use crate::support::app::TestApp;

/// What Hasura refused when it ran: HTTP 200, no data, its code and message, and the place to blame.
const AT_RUN_TIME: &[(&str, &str, &str, &str)] = &[
    (
        "limit: -1",
        "validation-failed",
        "limit",
        "expected a non-negative 32-bit integer for type \"Int\", but found an integer",
    ),
    (
        "limit: 2147483648",
        "validation-failed",
        "limit",
        "expected a non-negative 32-bit integer for type \"Int\", but found an integer",
    ),
    ("limit: -9223372036854775808", "validation-failed", "limit", "expected a non-negative 32-bit integer"),
    ("offset: -1", "data-exception", "offset", "OFFSET must not be negative"),
    (
        "distinct_on: key, order_by: {id: asc}",
        "validation-failed",
        "",
        "\"distinct_on\" columns must match initial \"order_by\" columns",
    ),
    ("distinct_on: [key, id], order_by: {id: asc}", "validation-failed", "", "\"distinct_on\" columns must match"),
    ("where: {id: {_eq: \"zzz\"}}", "data-exception", "where.id._eq", "not a UUID"),
    (
        "where: {_and: [{}, {_not: {id: {_in: [\"00000000000000000000000000000000\", \"zzz\"]}}}]}",
        "data-exception",
        "where._and[1]._not.id._in[1]",
        "not a UUID",
    ),
    (
        "where: {tenant_id: {_eq: 5}}",
        "parse-failed",
        "where.tenant_id._eq",
        "parsing UUID failed, expected String, but encountered Number",
    ),
    (
        "where: {id: {_eq: true}}",
        "parse-failed",
        "where.id._eq",
        "parsing UUID failed, expected String, but encountered Boolean",
    ),
    (
        "where: {id: {_eq: [\"zzz\"]}}",
        "parse-failed",
        "where.id._eq",
        "parsing UUID failed, expected String, but encountered Array",
    ),
    ("where: {created: {_gt: \"soon\"}}", "data-exception", "where.created._gt", "not a timestamp"),
    (
        "where: {updated: {_gt: {a: 1}}}",
        "parse-failed",
        "where.updated._gt",
        "parsing UTCTime failed, expected String, but encountered Object",
    ),
    (
        "where: {_or: {expires_at: {_nin: \"soon\"}}}",
        "data-exception",
        "where._or[0].expires_at._nin[0]",
        "not a timestamp",
    ),
    (
        "where: {key: {_like: \"zzz\\\\\"}}",
        "bad-request",
        "where.key._like",
        "LIKE pattern must not end with escape character",
    ),
    (
        "where: {key: {_nilike: \"%zzz\\\\\"}}",
        "bad-request",
        "where.key._nilike",
        "LIKE pattern must not end with escape character",
    ),
    ("where: {key: {_regex: \"zzz(\"}}", "data-exception", "where.key._regex", "invalid regular expression"),
    ("where: {key: {_niregex: \"zzz[\"}}", "data-exception", "where.key._niregex", "invalid regular expression"),
    ("where: {key: {_regex: \"(zzz)\\\\1\"}}", "data-exception", "where.key._regex", "regular expressions with"),
    ("where: {key: {_regex: \"zzz(?=y)\"}}", "data-exception", "where.key._regex", "regular expressions with"),
    ("where: {key: {_similar: \"zzz(\"}}", "data-exception", "where.key._similar", "invalid regular expression"),
    (
        "where: {value: {_cast: {String: {_regex: \"*zzz\"}}}}",
        "data-exception",
        "where.value._cast.String._regex",
        "invalid regular expression",
    ),
    ("where: {namespace: {_like: \"zzz\\\\\"}}", "bad-request", "where.namespace._like", "LIKE pattern"),
];

#[tokio::test]
async fn what_hasura_refused_at_run_time_has_its_code_and_the_place_to_blame() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    acme.put("a", "1").await;
    for (arguments, code, place, message) in AT_RUN_TIME {
        for (field, selected) in [("key_value", "key"), ("key_value_aggregate", "aggregate { count }")] {
            let reply = acme.ask(&format!("{{ {field}({arguments}) {{ {selected} }} }}")).await;
            let json = reply.json();
            let error = &json["errors"][0];
            assert_eq!((reply.status.as_u16(), reply.code().as_str()), (200, *code), "{arguments}: {reply:?}");
            assert_eq!((&json["data"], &error["path"]), (&Value::Null, &json!([field])), "{arguments}");
            let dot = if place.is_empty() { "" } else { "." };
            assert_eq!(error["extensions"]["path"], format!("$.selectionSet.{field}.args{dot}{place}"), "{arguments}");
            assert!(reply.message().starts_with(message), "{arguments}: {reply:?}");
            assert!(!reply.text.contains("zzz") && !reply.text.contains("soon"), "{arguments} is repeated: {reply:?}");
        }
    }
}

#[tokio::test]
async fn variables_are_blamed_at_the_place_where_they_are_used() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    for (declared, arguments, variables, code, place) in [
        (
            "$w: key_value_bool_exp",
            "where: $w",
            json!({"w": {"_or": [{}, {"id": {"_in": "zzz"}}]}}),
            "data-exception",
            "where._or[1].id._in[0]",
        ),
        ("$v: uuid", "where: {id: {_eq: $v}}", json!({"v": "zzz"}), "data-exception", "where.id._eq"),
        ("$v: UUID", "where: {id: {_eq: $v}}", json!({"v": 5}), "parse-failed", "where.id._eq"),
        (
            "$v: [timestamptz!]",
            "where: {created: {_in: $v}}",
            json!({"v": ["2026-01-01", "zzz"]}),
            "data-exception",
            "where.created._in[1]",
        ),
        ("$v: String", "where: {key: {_regex: $v}}", json!({"v": "["}), "data-exception", "where.key._regex"),
        ("$v: Int", "limit: $v", json!({"v": -5}), "validation-failed", "limit"),
    ] {
        let query = format!("query({declared}) {{ key_value({arguments}) {{ key }} }}");
        let reply = acme.graphql(&query, variables).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (200, code), "{arguments}: {reply:?}");
        let path = &reply.json()["errors"][0]["extensions"]["path"];
        assert_eq!(*path, format!("$.selectionSet.key_value.args.{place}"), "{arguments}");
    }
}

#[tokio::test]
async fn other_fields_name_their_own_place() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    acme.put("a", "{}").await;
    for (query, code, path) in [
        ("{ key_value_by_pk(id: \"zzz\") { key } }", "data-exception", "$.selectionSet.key_value_by_pk.args.id"),
        ("{ mine: key_value(limit: -1) { key } }", "validation-failed", "$.selectionSet.mine.args.limit"),
        (
            "{ tenant(where: {_or: [{id: {_eq: \"zzz\"}}]}) { id } }",
            "data-exception",
            "$.selectionSet.tenant.args.where._or[0].id._eq",
        ),
        (
            "{ tenant(where: {slug: {_like: \"\\\\\"}}) { id } }",
            "bad-request",
            "$.selectionSet.tenant.args.where.slug._like",
        ),
        (
            "{ key_value { value(path: \"a..b\") } }",
            "validation-failed",
            "$.selectionSet.key_value.selectionSet.value.args.path",
        ),
        (
            "{ key_value_aggregate { nodes { value(path: \"\") } } }",
            "validation-failed",
            "$.selectionSet.key_value_aggregate.selectionSet.nodes.selectionSet.value.args.path",
        ),
    ] {
        let reply = acme.ask(query).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (200, code), "{query}: {reply:?}");
        assert_eq!(reply.json()["errors"][0]["extensions"]["path"], path, "{query}");
    }
    let part = acme.ask("{ key_value { key value(path: \"a..b\") } }").await.json();
    assert_eq!(part["data"], Value::Null, "what Hasura refuses, it refuses whole");
}

#[tokio::test]
async fn documents_that_make_no_sense_are_refused_with_apollos_codes() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    let table = [
        ("GRAPHQL_PARSE_FAILED", "{ key_value(where: {key: {_eq: }}) { key } }"),
        ("GRAPHQL_PARSE_FAILED", "{ key_value(where: {key {_eq: 1}}) { key } }"),
        ("GRAPHQL_PARSE_FAILED", "{ key_value { key }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ key_value(where: {nope: {_eq: 1}}) { key } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ key_value(where: {key: {_nope: 1}}) { key } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ key_value(nope: 1) { key } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ key_value(order_by: {key: up}) { key } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ key_value(order_by: {nope: asc}) { key } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ key_value(distinct_on: nope) { key } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ key_value(where: {key: {_eq: 5}}) { key } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ key_value(where: {key: {_in: [\"a\", null]}}) { key } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ key_value(limit: \"1\") { key } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ key_value(where: []) { nope } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ key_value_by_pk { key } }"),
        ("GRAPHQL_VALIDATION_FAILED", "query($v: Int) { key_value(where: {key: {_eq: $v}}) { key } }"),
        ("GRAPHQL_VALIDATION_FAILED", "query($v: uuid) { key_value(where: {created: {_eq: $v}}) { key } }"),
        ("GRAPHQL_VALIDATION_FAILED", "query($v: String) { key_value(where: {key: {_in: $v}}) { key } }"),
        ("GRAPHQL_VALIDATION_FAILED", "query($v: [String!]) { key_value(where: {key: {_eq: $v}}) { key } }"),
        ("GRAPHQL_VALIDATION_FAILED", "query($v: String) { key_value(limit: $v) { key } }"),
        ("GRAPHQL_VALIDATION_FAILED", "query($v: nope) { key_value(where: {key: {_eq: $v}}) { key } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ key_value(where: {key: {_eq: $v}}) { key } }"),
        ("BAD_USER_INPUT", "query($v: uuid!) { key_value_by_pk(id: $v) { key } }"),
        ("BAD_USER_INPUT", "query($v: String!) { key_value(where: {key: {_eq: $v}}) { key } }"),
    ];
    for (code, query) in table {
        let reply = acme.ask(query).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (200, code), "{query}: {reply:?}");
        assert!(reply.json().get("data").is_none(), "{query}: {reply:?}");
        let strict = acme.post("/graphql").header("accept", "application/graphql-response+json");
        let strict = strict.header("content-type", "application/json").body(json!({"query": query}).to_string());
        assert_eq!(strict.send().await.unwrap().status(), 400, "{query}");
    }
    let query = "query($w: key_value_bool_exp, $o: [key_value_order_by!], $l: Int) \
                 { key_value(where: $w, order_by: $o, limit: $l) { key } }";
    for variables in [
        json!({"w": {"nope": {}}}),
        json!({"w": {"key": {"_eq": 5}}}),
        json!({"w": {"key": {"_in": ["a", null]}}}),
        json!({"w": 5}),
        json!({"o": {"key": "up"}}),
        json!({"o": {"nope": "asc"}}),
        json!({"l": "1"}),
        json!({"l": 1.5}),
    ] {
        let reply = acme.graphql(query, variables.clone()).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (200, "BAD_USER_INPUT"), "{variables}: {reply:?}");
    }
}
