//! What `jsonb` means: equality, order, containment, keys, text and paths (contract filter.md, section 5).

use serde_json::{Value, json};

use crate::support::{
    actor::Actor,
    app::{TestApp, on_both},
};

/// Stores each document under its place in the list, in two digits.
async fn stored(app: &TestApp, documents: &[&str]) -> Actor {
    let acme = app.acme().await;
    for (at, document) in documents.iter().enumerate() {
        acme.put(&format!("{at:02}"), document).await;
    }
    acme
}

/// Claims which documents each test of the value picks; a test's operand is JSON text, sent as a variable.
async fn claim(actor: &Actor, documents: &[&str], table: &[(&str, &str, &[&str])]) {
    for (operator, operand, picked) in table {
        let of = match *operator {
            "_has_key" => "String",
            "_has_keys_any" | "_has_keys_all" => "[String!]",
            "_in" | "_nin" => "[jsonb!]",
            _ => "jsonb",
        };
        let query = format!(
            "query($v: {of}) {{ key_value(where: {{value: {{{operator}: $v}}}}, order_by: {{key: asc}}) {{ key }} }}"
        );
        let body = format!("{{\"query\": {}, \"variables\": {{\"v\": {operand}}}}}", Value::from(query));
        let keys = actor.send(body).await.column("key");
        let found: Vec<_> = keys.iter().map(|key| documents[key.parse::<usize>().unwrap()]).collect();
        assert_eq!(found, *picked, "{operator}: {operand}");
    }
}

#[tokio::test]
async fn json_is_equal_by_value() {
    let documents =
        ["2", "2.0", "\"2\"", "true", "\"true\"", "[1,2]", "[2,1]", "[1,1,2]", r#"{"a":1,"b":2}"#, "9007199254740993"];
    on_both(async |app| {
        let acme = stored(&app, &documents).await;
        claim(
            &acme,
            &documents,
            &[
                ("_eq", "2", &["2", "2.0"]),
                ("_eq", "2e0", &["2", "2.0"]),
                ("_eq", "\"2\"", &["\"2\""]),
                ("_eq", "true", &["true"]),
                ("_eq", "[1, 2]", &["[1,2]"]),
                ("_eq", r#"{"b": 2.0, "a": 1}"#, &[r#"{"a":1,"b":2}"#]),
                ("_eq", r#"{"b": 3, "a": 1, "b": 2}"#, &[r#"{"a":1,"b":2}"#]),
                ("_eq", "9007199254740992", &[]),
                ("_eq", "9007199254740993", &["9007199254740993"]),
                ("_in", "[2, \"true\", []]", &["2", "2.0", "\"true\""]),
                ("_in", "9007199254740993.0", &["9007199254740993"]),
                (
                    "_nin",
                    "[2, [1, 2], [2, 1], [1, 1, 2], {\"a\": 1, \"b\": 2}, true]",
                    &["\"2\"", "\"true\"", "9007199254740993"],
                ),
                (
                    "_neq",
                    "2",
                    &["\"2\"", "true", "\"true\"", "[1,2]", "[2,1]", "[1,1,2]", r#"{"a":1,"b":2}"#, "9007199254740993"],
                ),
            ],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn numbers_keys_and_strings_are_found_however_they_are_written() {
    let twenty = [
        r#"{"n":20}"#,
        r#"{"n":20.0}"#,
        r#"{"n":2e1}"#,
        r#"{"n":2E+1}"#,
        r#"{"n":0.02e3}"#,
        r#"{"n":200e-1}"#,
        r#"{"m":[1e0],"\u006e":20.00}"#,
    ];
    let zero = [r#"{"n":0}"#, r#"{"n":-0}"#, r#"{"n":0e5}"#, r#"{"n":-0.0}"#];
    let minus = [r#"{"n":-20}"#, r#"{"n":-0.2E2}"#];
    let lists = ["[20,1]", "[0.02e3]", "20", "2e1"];
    let strings = [r#"{"n":"2e1"}"#, r#""2\u0030""#, r#"{"n":"a\\\"\u00e9\n"}"#];
    let documents = [&twenty[..], &zero, &minus, &lists, &strings].concat();
    on_both(async |app| {
        let acme = stored(&app, &documents).await;
        claim(
            &acme,
            &documents,
            &[
                ("_contains", r#"{"n": 20}"#, &twenty),
                ("_contains", r#"{"n": 200e-1}"#, &twenty),
                ("_eq", r#"{"n": 20}"#, &twenty[..6]),
                ("_in", r#"[{"n": 20}, {"n": 0}]"#, &[&twenty[..6], &zero].concat()),
                ("_contains", r#"{"n": 0}"#, &zero),
                ("_contains", r#"{"n": -20}"#, &minus),
                ("_contains", "20", &lists),
                ("_contains", "[20]", &lists[..2]),
                ("_eq", "20", &lists[2..]),
                ("_contains", r#""20""#, &strings[1..2]),
                ("_contains", r#"{"n": "2e1"}"#, &strings[..1]),
                ("_contains", r#"{"n": "a\\\"é\u000a"}"#, &strings[2..]),
                ("_has_key", r#""20""#, &strings[1..2]),
                ("_has_keys_all", r#"["n", "m"]"#, &twenty[6..]),
                ("_has_keys_any", r#"["20", "m"]"#, &[twenty[6], strings[1]]),
            ],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn json_has_a_total_order() {
    let sorted = [
        "[]",
        "null",
        "\"a\"",
        "\"b\"",
        "1",
        "2",
        "false",
        "true",
        "[1]",
        "[0,0]",
        "{}",
        r#"{"a":1}"#,
        r#"{"b":0}"#,
        r#"{"a":1,"b":1}"#,
    ];
    on_both(async |app| {
        let acme = stored(&app, &sorted).await;
        for (direction, expected) in [("asc", sorted.to_vec()), ("desc", sorted.iter().rev().copied().collect())] {
            let query = format!("{{ key_value(order_by: {{value: {direction}}}) {{ key }} }}");
            let keys = acme.ask(&query).await.column("key");
            let found: Vec<_> = keys.iter().map(|key| sorted[key.parse::<usize>().unwrap()]).collect();
            assert_eq!(found, expected, "{direction}");
        }
        claim(
            &acme,
            &sorted,
            &[
                ("_gt", "1", &sorted[5..]),
                ("_gte", "1", &sorted[4..]),
                ("_lt", "\"a\"", &sorted[..2]),
                ("_lte", "null", &sorted),
                ("_gt", "[1]", &sorted[9..]),
                ("_lte", "{}", &sorted[..11]),
            ],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn containment_is_structural() {
    let documents = [
        r#"{"cfg":{"cpu":2,"mem":"x"}}"#,
        "[1,2,3]",
        "[1,[2]]",
        r#"{"a":[1,2]}"#,
        "[5]",
        "5",
        "[[5]]",
        r#"[{"a":1,"b":2}]"#,
        "{}",
        "[]",
        "\"x\"",
    ];
    on_both(async |app| {
        let acme = stored(&app, &documents).await;
        claim(
            &acme,
            &documents,
            &[
                ("_contains", r#"{"cfg": {"cpu": 2.0}}"#, &documents[..1]),
                ("_contains", "[3, 1]", &["[1,2,3]"]),
                ("_contains", "[1, 1]", &["[1,2,3]", "[1,[2]]"]),
                ("_contains", "2", &["[1,2,3]"]),
                ("_contains", "[2]", &["[1,2,3]"]),
                ("_contains", "[[2]]", &["[1,[2]]"]),
                ("_contains", r#"{"a": 1}"#, &[]),
                ("_contains", r#"{"a": [2]}"#, &[r#"{"a":[1,2]}"#]),
                ("_contains", "5", &["[5]", "5"]),
                ("_contains", "[5]", &["[5]"]),
                ("_contains", r#"[{"a": 1}]"#, &[r#"[{"a":1,"b":2}]"#]),
                ("_contains", "{}", &[r#"{"cfg":{"cpu":2,"mem":"x"}}"#, r#"{"a":[1,2]}"#, "{}"]),
                ("_contains", "[]", &["[1,2,3]", "[1,[2]]", "[5]", "[[5]]", r#"[{"a":1,"b":2}]"#, "[]"]),
                ("_contained_in", "[5, 6]", &["[5]", "5", "[]"]),
                ("_contained_in", "5", &["5"]),
                ("_contained_in", r#"{"a": [1, 2, 3]}"#, &[r#"{"a":[1,2]}"#, "{}"]),
            ],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn keys_are_of_objects_of_arrays_and_of_the_string_itself() {
    let documents = [r#"{"a":1,"b":null}"#, r#"["a","c"]"#, "\"a\"", "[[\"a\"]]", "1", r#"{"x":{"a":1}}"#];
    on_both(async |app| {
        let acme = stored(&app, &documents).await;
        claim(
            &acme,
            &documents,
            &[
                ("_has_key", "\"a\"", &documents[..3]),
                ("_has_key", "\"b\"", &documents[..1]),
                ("_has_key", "\"1\"", &[]),
                ("_has_keys_any", "[\"c\", \"b\"]", &documents[..2]),
                ("_has_keys_any", "[]", &[]),
                ("_has_keys_all", "[\"a\", \"b\"]", &documents[..1]),
                ("_has_keys_all", "[\"a\"]", &documents[..3]),
                ("_has_keys_all", "[]", &documents),
            ],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_cast_gives_the_text_that_postgres_writes() {
    let documents = [
        (r#"{"y":[1,2],"x":2}"#, r#"{"x": 2, "y": [1, 2]}"#),
        (r#"{"aa":1,"b":2,"c":3,"a":4}"#, r#"{"a": 4, "b": 2, "c": 3, "aa": 1}"#),
        ("5.0", "5.0"),
        ("1.10", "1.10"),
        ("1e3", "1000"),
        ("-0", "0"),
        ("\"h\\u00e9\\n\"", "\"hé\\n\""),
        ("null", "null"),
    ];
    on_both(async |app| {
        let acme = stored(&app, &documents.map(|(document, _)| document)).await;
        let query = "query($t: String) { key_value(where: {value: {_cast: {String: {_eq: $t}}}}) { key } }";
        for (at, (document, text)) in documents.iter().enumerate() {
            let reply = acme.graphql(query, json!({"t": text})).await;
            assert_eq!(reply.column("key"), [format!("{at:02}")], "{document}");
        }
        let like = r#"{value: {_cast: {String: {_like: "{\"_\": _, %", _nlike: "%aa%"}}}}"#;
        assert_eq!(acme.keys(like).await, ["00"]);
        assert_eq!(acme.keys(r#"{value: {_cast: {String: {_regex: "^\\d+$"}}}}"#).await, ["04", "05"]);
        assert_eq!(acme.keys("{value: {_cast: {String: {_is_null: true}}}}").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_path_leads_into_the_value() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    acme.put("v", r#"{"a":{"b":[10,20.0],"1":"x"},"x y":{"é-1":true},"n":null}"#).await;
    let table = [
        ("$", r#"{"a":{"b":[10,20.0],"1":"x"},"x y":{"é-1":true},"n":null}"#),
        ("$.a.b[0]", "10"),
        ("a.b[1]", "20.0"),
        (".a", r#"{"b":[10,20.0],"1":"x"}"#),
        ("a[\"b\"].[0]", "10"),
        ("$['x y']", r#"{"é-1":true}"#),
        ("$[\"x y\"].é-1", "true"),
        ("a[1]", "\"x\""),
        ("n", "null"),
        ("a.b[7]", "null"),
        ("a.b[0].c", "null"),
        ("nope.nope", "null"),
    ];
    let query = "query($p: String) { key_value { value(path: $p) } }";
    for (path, part) in table {
        let reply = acme.graphql(query, json!({"p": path})).await;
        assert_eq!(reply.text, format!("{{\"data\":{{\"key_value\":[{{\"value\":{part}}}]}}}}"), "{path}");
    }
    assert_eq!(acme.graphql(query, json!({"p": null})).await.text, acme.graphql(query, json!({"p": "$"})).await.text);
    let parts = acme.ask("{ key_value { whole: value b: value(path: \"$.a.b\") } }").await.data();
    assert_eq!(parts["key_value"][0]["b"], json!([10, 20.0]));
    for path in ["", "$..a", "$.a[", "$.a[?(1)]", "$.", "a b", "[x]"] {
        let reply = acme.graphql(query, json!({"p": path})).await;
        assert_eq!(reply.status, 200);
        assert!(reply.message().starts_with(&format!("parse json path error: {path}. Accept letters")), "{reply:?}");
    }
}
