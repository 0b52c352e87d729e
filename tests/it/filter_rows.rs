//! Which rows, in which order, how many, and what is counted over them (contract filter.md, section 6).

use serde_json::{Value, json};

use crate::support::{
    actor::Actor,
    app::{TestApp, on_both},
};

/// Five pairs, a second apart; `e` was written twice.
async fn five(app: &TestApp) -> Actor {
    let acme = app.acme().await;
    for (key, value) in [("e", "0"), ("a", "2"), ("c", "1"), ("b", "2"), ("d", "1"), ("e", "3")] {
        acme.put(key, value).await;
        app.clock.advance(std::time::Duration::from_secs(1));
    }
    acme
}

/// The keys that `key_value` with these arguments gives, in one text.
async fn keys(actor: &Actor, arguments: &str) -> String {
    actor.ask(&format!("{{ key_value({arguments}) {{ key }} }}")).await.column("key").concat()
}

async fn claim(actor: &Actor, table: &[(&str, &str)]) {
    for (arguments, expected) in table {
        assert_eq!(keys(actor, arguments).await, *expected, "{arguments}");
    }
}

#[tokio::test]
async fn rows_come_in_the_order_of_every_term_as_written() {
    on_both(async |app| {
        let acme = five(&app).await;
        claim(
            &acme,
            &[
                ("order_by: {key: asc}", "abcde"),
                ("order_by: {key: desc}", "edcba"),
                ("order_by: {created: asc}", "eacbd"),
                ("order_by: {updated: desc}", "edbca"),
                ("order_by: {version: desc, key: asc}", "eabcd"),
                ("order_by: {value: asc, key: desc}", "dcbae"),
                ("order_by: {key: desc, value: asc}", "edcba"),
                ("order_by: [{value: desc}, {key: asc}]", "eabcd"),
                ("order_by: [{namespace: asc, type: desc}, {tenant_id: asc}, {key: asc_nulls_first}]", "abcde"),
                ("order_by: [{description: asc, expires_at: desc_nulls_last}, {key: desc_nulls_last}]", "edcba"),
            ],
        )
        .await;
        let query = "query($o: [key_value_order_by!]) { key_value(order_by: $o) { key } }";
        let body = |order: &str| format!("{{\"query\": {}, \"variables\": {{\"o\": {order}}}}}", Value::from(query));
        for (order, expected) in [
            (r#"{"value": "asc", "key": "desc"}"#, "dcbae"),
            (r#"[{"key": "desc", "value": "asc"}]"#, "edcba"),
            (r#"[{"value": "desc_nulls_last", "key": null}, {"key": "asc"}]"#, "eabcd"),
        ] {
            assert_eq!(acme.send(body(order)).await.column("key").concat(), expected, "{order}");
        }
    })
    .await;
}

#[tokio::test]
async fn limit_and_offset_cut_the_ordered_rows() {
    on_both(async |app| {
        let acme = five(&app).await;
        claim(
            &acme,
            &[
                ("order_by: {key: asc}, limit: 2", "ab"),
                ("order_by: {key: asc}, limit: 2, offset: 1", "bc"),
                ("order_by: {key: asc}, offset: 3", "de"),
                ("order_by: {key: asc}, limit: 0", ""),
                ("order_by: {key: asc}, limit: 2147483647", "abcde"),
                ("order_by: {key: asc}, offset: 2147483647", ""),
                ("order_by: {value: asc, key: asc}, limit: 2, offset: 1", "da"),
                ("order_by: {key: asc}, limit: 2, where: {value: {_gt: 1}}", "ab"),
                ("order_by: {key: asc}, limit: 2, offset: 1, where: {value: {_gt: 1}}", "be"),
            ],
        )
        .await;
        assert_eq!(keys(&acme, "limit: 3").await.len(), 3);
        assert_eq!(keys(&acme, "limit: 3, where: {value: {_gt: 0}}").await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn distinct_on_keeps_the_first_of_each_group() {
    on_both(async |app| {
        let acme = five(&app).await;
        claim(
            &acme,
            &[
                ("distinct_on: value, order_by: {value: asc, key: asc}", "cae"),
                ("distinct_on: [value], order_by: [{value: asc}, {key: desc}]", "dbe"),
                ("distinct_on: value, order_by: {value: desc, created: asc}, limit: 2", "ea"),
                ("distinct_on: value, order_by: {value: asc, key: asc}, offset: 1", "ae"),
                ("distinct_on: [value, version], order_by: {version: asc, value: asc, key: asc}", "cae"),
                ("distinct_on: [], order_by: {key: asc}", "abcde"),
                ("distinct_on: value, order_by: {value: asc, key: asc}, where: {key: {_neq: \"c\"}}", "dae"),
            ],
        )
        .await;
        assert_eq!(keys(&acme, "distinct_on: namespace").await.len(), 1);
        assert_eq!(keys(&acme, "distinct_on: [description, expires_at]").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_aggregate_is_over_the_rows_that_are_left() {
    on_both(async |app| {
        let acme = five(&app).await;
        let of = async |arguments: &str| {
            let fields = "{ aggregate { count all: count(columns: [key]) values: count(columns: [value], distinct: true) \
                          none: count(columns: [description]) pairs: count(columns: [value, version], distinct: true) \
                          min { key version created } max { key value_type: type description } } nodes { key } }";
            acme.ask(&format!("{{ key_value_aggregate{arguments} {fields} }}")).await.data()["key_value_aggregate"].clone()
        };
        let all = of("(order_by: {key: asc})").await;
        assert_eq!(
            all["aggregate"],
            json!({
                "count": 5, "all": 5, "values": 3, "none": 0, "pairs": 3,
                "min": {"key": "a", "version": 1, "created": "2026-01-01T00:00:00+00:00"},
                "max": {"key": "e", "value_type": "NUMBER", "description": null},
            })
        );
        assert_eq!(all["nodes"], json!([{"key": "a"}, {"key": "b"}, {"key": "c"}, {"key": "d"}, {"key": "e"}]));
        let some = of("(order_by: {key: asc}, limit: 2, offset: 1, where: {key: {_neq: \"b\"}})").await;
        assert_eq!((&some["aggregate"]["count"], &some["aggregate"]["min"]["key"]), (&json!(2), &json!("c")));
        assert_eq!(some["nodes"], json!([{"key": "c"}, {"key": "d"}]));
        let distinct = of("(distinct_on: value)").await;
        assert_eq!(distinct["aggregate"]["count"], 3);
        let none = of("(where: {_or: []})").await;
        assert_eq!((&none["aggregate"]["count"], &none["nodes"]), (&json!(0), &json!([])));
        assert_eq!(none["aggregate"]["min"], json!({"key": null, "version": null, "created": null}));
    })
    .await;
}

#[tokio::test]
async fn a_count_alone_is_the_number_of_rows() {
    on_both(async |app| {
        let acme = five(&app).await;
        for (arguments, count) in [
            ("", 5),
            ("(where: {key: {_gt: \"b\"}})", 3),
            ("(where: {value: {_gt: 1}})", 3),
            ("(where: {key: {_gt: \"b\"}}, limit: 2)", 2),
            ("(where: {key: {_gt: \"b\"}}, limit: 9, offset: 2)", 1),
            ("(offset: 9)", 0),
            ("(limit: 0)", 0),
            ("(order_by: {value: asc}, limit: 4)", 4),
            ("(distinct_on: value)", 3),
            ("(where: {value: {_gt: 1}}, limit: 2)", 2),
            ("(namespace: \"*\")", 5),
        ] {
            let query = format!("{{ key_value_aggregate{arguments} {{ aggregate {{ n: count ...F }} __typename }} }} fragment F on key_value_aggregate_fields {{ count(distinct: true) }}");
            let aggregate = acme.ask(&query).await.data()["key_value_aggregate"]["aggregate"].clone();
            assert_eq!(aggregate, json!({"n": count, "count": count}), "{arguments}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_pair_is_found_by_its_id_alone() {
    on_both(async |app| {
        let acme = app.acme().await;
        let id = acme.put("a", "1").await;
        let by_pk = async |actor: &Actor, id: &str| {
            actor.ask(&format!("{{ key_value_by_pk(id: \"{id}\") {{ key value }} }}")).await.data()["key_value_by_pk"]
                .clone()
        };
        assert_eq!(by_pk(&acme, &id).await, json!({"key": "a", "value": 1}));
        assert_eq!(by_pk(&acme, "00000000-0000-4000-8000-000000000000").await, Value::Null);
        let other = app.tenant("other", "enterprise").await;
        assert_eq!(by_pk(&other, &id).await, Value::Null);
    })
    .await;
}

#[tokio::test]
async fn no_condition_reaches_another_tenants_pairs() {
    on_both(async |app| {
        let (acme, other) = (app.acme().await, app.tenant("other", "enterprise").await);
        acme.put("mine", "1").await;
        let theirs = other.put("theirs", "1").await;
        let (me, them) = (&acme.tenant_id, &other.tenant_id);
        for condition in [
            "{}".to_owned(),
            "{_not: {_or: []}}".to_owned(),
            format!("{{_or: [{{tenant_id: {{_neq: \"{me}\"}}}}, {{}}]}}"),
            format!("{{_or: [{{tenant_id: {{_eq: \"{them}\"}}}}, {{tenant_id: {{_eq: \"{me}\"}}}}]}}"),
            format!("{{tenant_id: {{_in: [\"{me}\", \"{them}\"]}}}}"),
            format!("{{_not: {{tenant_id: {{_eq: \"{them}\"}}}}}}"),
            "{value: {_eq: 1}}".to_owned(),
            "{key: {_regex: \".\"}}".to_owned(),
        ] {
            assert_eq!(acme.keys(&condition).await, ["mine"], "{condition}");
            let all = format!("{{ key_value(namespace: \"*\", where: {condition}) {{ key }} }}");
            assert_eq!(acme.ask(&all).await.column("key"), ["mine"], "{condition}");
            let count =
                format!("{{ key_value_aggregate(namespace: \"*\", where: {condition}) {{ aggregate {{ count }} }} }}");
            assert_eq!(acme.ask(&count).await.data()["key_value_aggregate"]["aggregate"]["count"], 1, "{condition}");
        }
        for condition in [
            format!("{{tenant_id: {{_eq: \"{them}\"}}}}"),
            format!("{{tenant_id: {{_neq: \"{me}\"}}}}"),
            format!("{{id: {{_eq: \"{theirs}\"}}}}"),
            "{key: {_eq: \"theirs\"}}".to_owned(),
            "{_or: [{key: {_like: \"their%\"}}, {value: {_eq: 2}}]}".to_owned(),
        ] {
            assert_eq!(acme.keys(&condition).await, [""; 0], "{condition}");
        }
    })
    .await;
}
