//! Lists that are written as text, from rows that are not the ORM's: byte for byte what the engine answers, over what
//! the ORM reads.

use std::time::Duration;

use highwater::{
    domain::{JsonText, Kind, Value as Stored},
    service::{Description, Expiry, Only, SetOptions},
};

use serde_json::Value;

use crate::support::{
    actor::Actor,
    app::{TestApp, on_both},
};

/// Puts in a pair of each type, with keys and descriptions that JSON has to escape.
async fn fill(app: &TestApp, acme: &Actor) {
    let caller = app.caller(acme).await;
    let typed = |kind, json| Stored::typed(kind, JsonText::parse(json).unwrap()).unwrap();
    let values = [
        ("\"quoted\"", typed(Kind::String, r#""a\"\\\n\u0000é😀\ud800""#)),
        ("back\\slash", typed(Kind::Number, "12345678901234567890.10")),
        ("nul\0 and \u{1f}", typed(Kind::Boolean, "false")),
        ("tab\tnew\nline", typed(Kind::DateTime, r#""2021-09-01T01:02:03.5Z""#)),
        ("é😀\u{2028}\u{7f}", typed(Kind::Date, r#""2021-09-01""#)),
        ("</script>", typed(Kind::Duration, r#""P1DT30M""#)),
        ("plain", typed(Kind::Json, r#"{"b":[1.0,{"a":null}],"b":2}"#)),
        ("null", Stored::null()),
        ("bytes", Stored::Bytes(vec![0, 0xFF, b'a'])),
        ("no bytes", Stored::Bytes(Vec::new())),
    ];
    for (at, (key, value)) in values.into_iter().enumerate() {
        let is_even = at % 2 == 0;
        let options = SetOptions {
            description: Description::Put(is_even.then(|| format!("\"{at}\"\n😀"))),
            expiry: (at % 3 == 0).then_some(Expiry::After(Duration::from_hours(1))),
            only: Only::Always,
        };
        app.clock.advance(Duration::from_micros(100_010 * at as u64));
        app.service.set(&caller, caller.address(None, key.to_owned()).unwrap(), value, options).await.unwrap();
    }
}

/// The fields of a pair that need no argument, as the schema has them.
async fn fields(acme: &Actor) -> Vec<String> {
    let asked = acme.ask("{ __type(name: \"key_value\") { fields { name } } }").await.data();
    let fields = asked["__type"]["fields"].as_array().unwrap().iter();
    fields.map(|field| field["name"].as_str().unwrap().to_owned()).chain(["__typename".to_owned()]).collect()
}

#[tokio::test]
async fn a_list_reads_alike_however_it_is_written() {
    on_both(async |app| {
        let acme = app.acme().await;
        fill(&app, &acme).await;
        let fields = fields(&acme).await;
        assert!(fields.len() > 10, "{fields:?}");
        let all = fields.join(" ");
        let renamed: Vec<_> = fields.iter().map(|field| format!("x_{field}: {field}")).collect();
        let sets = fields.iter().cloned().chain([all, renamed.join(" "), "key again: key".to_owned()]);
        for set in sets {
            let ask = async |query: &str| acme.ask(query).await.text;
            let read = ask(&format!("{{ key_value(order_by: {{key: asc}}) {{ {set} }} }}")).await;
            // No database compares values, so these rows are the ORM's, for the evaluator to look at.
            let filter = "where: {value: {_neq: \"none\"}}, order_by: {key: asc}";
            assert_eq!(read, ask(&format!("{{ key_value({filter}) {{ {set} }} }}")).await);
            for (at, arguments) in [
                filter,
                "where: {key: {_eq: \"bytes\"}}",
                "where: {key: {_eq: \"none\"}}",
                "order_by: {key: asc}",
                "order_by: {key: asc}, limit: 3, offset: 2",
            ]
            .into_iter()
            .enumerate()
            {
                let written = ask(&format!("{{ key_value({arguments}) {{ {set} }} }}")).await;
                let resolved = ask(&format!("{{ key_value({arguments}) {{ ... {{ {set} }} }} }}")).await;
                assert_eq!(written, resolved);
                assert_eq!(written.contains("[]"), at == 2, "{written}");
                let nodes = |set: &str| format!("{{ key_value_aggregate({arguments}) {{ nodes {{ {set} }} }} }}");
                let (written, resolved) =
                    (ask(&nodes(&set)).await, ask(&nodes(&format!("... on key_value {{ {set} }}"))).await);
                assert_eq!(written, resolved);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_selected_twice_under_one_name_is_one() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    acme.put("a", "1").await;
    acme.put("b", "2").await;
    let table = [
        ("{ key_value { key } key_value { value } }", r#"{"key_value":[{"key":"a","value":1},{"key":"b","value":2}]}"#),
        ("{ key_value { key key } }", r#"{"key_value":[{"key":"a"},{"key":"b"}]}"#),
        (
            "{ ...one key_value { value } } fragment one on Query { key_value { key } }",
            r#"{"key_value":[{"key":"a","value":1},{"key":"b","value":2}]}"#,
        ),
        (
            "{ key_value_aggregate { nodes { key } nodes { value } } }",
            r#"{"key_value_aggregate":{"nodes":[{"key":"a","value":1},{"key":"b","value":2}]}}"#,
        ),
        (
            "{ x: key_value_aggregate { nodes { key } } x: key_value_aggregate { nodes { value } } }",
            r#"{"x":{"nodes":[{"key":"a","value":1},{"key":"b","value":2}]}}"#,
        ),
        (
            "{ key_value { key } more: key_value(limit: 1) { value } }",
            r#"{"key_value":[{"key":"a"},{"key":"b"}],"more":[{"value":1}]}"#,
        ),
        (
            "query($no: Boolean! = false) { key_value { key value @include(if: $no) } }",
            r#"{"key_value":[{"key":"a"},{"key":"b"}]}"#,
        ),
        (
            "{ key_value { value_text(first: 1) value(path: \"$\") } }",
            r#"{"key_value":[{"value_text":"1","value":1},{"value_text":"2","value":2}]}"#,
        ),
    ];
    for (query, data) in table {
        assert_eq!(acme.ask(query).await.data(), serde_json::from_str::<Value>(data).unwrap(), "{query}");
    }
}
