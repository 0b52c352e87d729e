//! How conditions combine, and what an absent operand means (contract filter.md, section 4).

use serde_json::{Value, json};

use crate::support::{
    actor::Actor,
    app::{TestApp, on_both},
};

const ALL: [&str; 3] = ["a", "b", "c"];

async fn three(app: &TestApp) -> Actor {
    let acme = app.acme().await;
    for (key, value) in [("a", "1"), ("b", "null"), ("c", r#"{"x": 1}"#)] {
        acme.put(key, value).await;
    }
    acme
}

/// Claims which keys each condition, written as GraphQL, picks.
async fn claim(actor: &Actor, table: &[(&str, &[&str])]) {
    for (condition, keys) in table {
        assert_eq!(actor.keys(condition).await, *keys, "{condition}");
    }
}

#[tokio::test]
async fn conditions_combine_as_hasura_combines_them() {
    on_both(async |app| {
        let acme = three(&app).await;
        claim(
            &acme,
            &[
                ("{}", &ALL),
                ("{key: {}}", &ALL),
                ("{value: {_cast: {}}}", &ALL),
                ("{value: {_cast: {String: {}}}}", &ALL),
                ("{_and: []}", &ALL),
                ("{_or: []}", &[]),
                ("{_not: {}}", &[]),
                ("{_not: {_or: []}}", &ALL),
                ("{_or: [{}]}", &ALL),
                ("{_and: [{}, {key: {_eq: \"a\"}}]}", &["a"]),
                ("{_or: [{key: {_eq: \"a\"}}, {key: {_eq: \"c\"}}]}", &["a", "c"]),
                ("{_not: {key: {_eq: \"a\"}}}", &["b", "c"]),
                ("{_not: {_not: {key: {_eq: \"a\"}}}}", &["a"]),
                ("{key: {_gt: \"a\", _lt: \"c\"}}", &["b"]),
                ("{key: {_eq: \"a\"}, _or: [{key: {_eq: \"a\"}}, {key: {_eq: \"b\"}}]}", &["a"]),
                ("{key: {_neq: \"a\"}, _or: {}, _not: {key: {_eq: \"b\"}}, _and: {}}", &["c"]),
                ("{_or: [{key: {_eq: \"a\"}}, {value: {_eq: {x: 1}}}]}", &["a", "c"]),
                ("{_or: [], key: {_eq: \"a\"}}", &[]),
            ],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_single_value_stands_for_a_list_of_one() {
    on_both(async |app| {
        let acme = three(&app).await;
        claim(
            &acme,
            &[
                ("{_and: {key: {_eq: \"a\"}}}", &["a"]),
                ("{_or: {key: {_eq: \"a\"}}}", &["a"]),
                ("{key: {_in: \"a\"}}", &["a"]),
                ("{key: {_nin: \"a\"}}", &["b", "c"]),
                ("{value: {_in: 1}}", &["a"]),
                ("{value: {_has_keys_any: \"x\"}}", &["c"]),
                ("{value: {_has_keys_all: \"x\"}}", &["c"]),
            ],
        )
        .await;
        let query =
            "query($w: key_value_bool_exp, $o: [key_value_order_by!]) { key_value(where: $w, order_by: $o) { key } }";
        let variables = json!({"w": {"_or": {"key": {"_in": "b"}}}, "o": {"key": "desc"}});
        assert_eq!(acme.graphql(query, variables).await.column("key"), ["b"]);
        let listed = acme.ask("{ key_value(order_by: {key: desc}, distinct_on: key) { key } }").await;
        assert_eq!(listed.column("key"), ["c", "b", "a"]);
        let counted = "{ key_value_aggregate { aggregate { count(columns: key) } } }";
        assert_eq!(acme.ask(counted).await.data()["key_value_aggregate"]["aggregate"]["count"], 3);
    })
    .await;
}

#[tokio::test]
async fn empty_sets_take_nothing_and_everything() {
    on_both(async |app| {
        let acme = three(&app).await;
        for column in ["key", "id", "created", "value", "namespace", "description", "expires_at", "version", "type"] {
            claim(
                &acme,
                &[
                    (&format!("{{{column}: {{_in: []}}}}"), &[]),
                    (&format!("{{{column}: {{_nin: []}}}}"), &ALL),
                    (&format!("{{_not: {{{column}: {{_in: []}}}}}}"), &ALL),
                    (&format!("{{_or: [{{{column}: {{_in: []}}}}, {{{column}: {{_in: []}}}}]}}"), &[]),
                ],
            )
            .await;
        }
        claim(&acme, &[("{key: {_in: [\"a\", \"a\", \"b\"]}}", &["a", "b"]), ("{value: {_has_keys_any: []}}", &[])])
            .await;
        claim(&acme, &[("{value: {_has_keys_all: []}}", &ALL)]).await;
    })
    .await;
}

#[tokio::test]
async fn a_null_operand_is_ignored_wherever_it_comes_from() {
    let columns = [
        (
            "key",
            "String",
            "_eq _neq _gt _gte _lt _lte _like _nlike _ilike _nilike _similar _nsimilar _regex _nregex _iregex _niregex _starts_with",
        ),
        ("id", "uuid", "_eq _neq _gt _gte _lt _lte"),
        ("created", "timestamptz", "_eq _neq _gt _gte _lt _lte"),
        ("value", "jsonb", "_eq _neq _gt _gte _lt _lte _contains _contained_in"),
    ];
    on_both(async |app| {
        let acme = three(&app).await;
        let mut cases: Vec<_> = columns
            .iter()
            .flat_map(|(column, of, operators)| {
                operators.split(' ').map(move |operator| (*column, (*of).to_owned(), operator))
            })
            .collect();
        for (column, of, _) in columns {
            cases.extend([(column, format!("[{of}!]"), "_in"), (column, format!("[{of}!]"), "_nin")]);
            cases.push((column, "Boolean".to_owned(), "_is_null"));
        }
        cases.push(("value", "String".to_owned(), "_has_key"));
        cases.push(("value", "[String!]".to_owned(), "_has_keys_any"));
        for (column, of, operator) in cases {
            let what = format!("{column} {operator}");
            assert_eq!(acme.keys(&format!("{{{column}: {{{operator}: null}}}}")).await, ALL, "{what}");
            let query =
                format!("query($v: {of}) {{ key_value(where: {{_not: {{{column}: {{{operator}: $v}}}}}}) {{ key }} }}");
            for variables in [json!({"v": null}), json!({})] {
                assert_eq!(acme.graphql(&query, variables).await.data()["key_value"], json!([]), "{what}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn null_is_ignored_in_place_of_a_condition_a_column_or_an_argument() {
    on_both(async |app| {
        let acme = three(&app).await;
        claim(
            &acme,
            &[
                ("null", &ALL),
                ("{_and: null, _or: null, _not: null, key: null, value: null, id: null}", &ALL),
                ("{key: {_eq: null, _gt: \"a\"}}", &["b", "c"]),
                ("{value: {_cast: null}}", &ALL),
                ("{value: {_cast: {String: null}}}", &ALL),
            ],
        )
        .await;
        let arguments = "where: null, order_by: null, limit: null, offset: null, distinct_on: null, namespace: null";
        let reply = acme.ask(&format!("{{ key_value({arguments}) {{ key }} }}")).await;
        assert_eq!(reply.data()["key_value"].as_array().map(Vec::len), Some(3));
        let reply = acme.ask("{ key_value(order_by: {created: null, key: desc}) { key } }").await;
        assert_eq!(reply.column("key"), ["c", "b", "a"]);
        let query = "query($w: key_value_bool_exp, $l: Int, $o: [key_value_order_by!]) \
                     { key_value(where: $w, limit: $l, order_by: $o) { key } }";
        for variables in [Value::Null, json!({}), json!({"w": null, "l": null, "o": null}), json!({"w": {"key": null}})]
        {
            let reply = acme.graphql(query, variables).await;
            assert_eq!(reply.data()["key_value"].as_array().map(Vec::len), Some(3));
        }
    })
    .await;
}

#[tokio::test]
async fn sql_null_is_unknown_and_json_null_is_a_value() {
    on_both(async |app| {
        let acme = three(&app).await;
        claim(
            &acme,
            &[
                ("{value: {_is_null: true}}", &[]),
                ("{value: {_is_null: false}}", &ALL),
                ("{value: {_eq: null}}", &ALL),
                ("{value: {_cast: {String: {_eq: \"null\"}}}}", &["b"]),
                // No pair has a description: a comparison with it is unknown, and so is its contrary.
                ("{description: {_is_null: true}}", &ALL),
                ("{description: {_is_null: false}}", &[]),
                ("{description: {_eq: \"x\"}}", &[]),
                ("{description: {_neq: \"x\"}}", &[]),
                ("{_not: {description: {_eq: \"x\"}}}", &[]),
                ("{_not: {description: {_in: [\"x\", \"y\"]}}}", &[]),
                ("{description: {_nlike: \"x%\"}}", &[]),
                ("{_or: [{description: {_eq: \"x\"}}, {key: {_eq: \"a\"}}]}", &["a"]),
                ("{_not: {_or: [{description: {_eq: \"x\"}}, {key: {_eq: \"a\"}}]}}", &[]),
                ("{_not: {_and: [{description: {_eq: \"x\"}}, {key: {_eq: \"a\"}}]}}", &["b", "c"]),
                ("{expires_at: {_is_null: true}}", &ALL),
                ("{expires_at: {_gt: \"2020-01-01\"}}", &[]),
                ("{_not: {expires_at: {_gt: \"2020-01-01\"}}}", &[]),
            ],
        )
        .await;
    })
    .await;
}
