//! What Prefect's clients put on the wire: the ten points of the contract's section 0, and the calls of section 2.

use serde_json::{Value, json};

use crate::support::{
    actor::{Reply, SET},
    app::{TestApp, on_both},
};

const GET: &str = "query {\n    key_value(where: { key: { _eq: \"foo\" } }) {\n        value\n    }\n}";

#[tokio::test]
async fn variables_may_be_a_json_string_or_the_string_null() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    let variables = r#"{"input": {"key": "foo", "value": "bar"}}"#;
    acme.send(json!({"query": SET, "variables": variables}).to_string()).await.data();
    let reply = acme.send(json!({"query": GET, "variables": "null"}).to_string()).await;
    assert_eq!(reply.text, r#"{"data":{"key_value":[{"value":"bar"}]}}"#);
    for (query, variables) in [(GET, json!(null)), (GET, json!({})), (GET, json!("{}"))] {
        acme.send(json!({"query": query, "variables": variables}).to_string()).await.data();
    }
    for variables in [json!("{"), json!("[]"), json!([]), json!(7), json!("NaN"), json!("{\"a\": NaN}")] {
        let reply = acme.send(json!({"query": GET, "variables": variables}).to_string()).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (400, "BAD_REQUEST"), "{variables}");
        assert!(reply.message().starts_with("Variables are invalid JSON"), "{reply:?}");
    }
}

#[tokio::test]
async fn both_paths_take_posts_and_the_root_shows_a_page() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    for path in ["/", "/graphql"] {
        let post = acme.post(path).header("content-type", "application/json").body(r#"{"query": "{ hello }"}"#);
        assert_eq!(Reply::of(post).await.data()["hello"], "👋");
    }
    let page = Reply::of(app.anyone(None).get("/")).await;
    assert!(page.status.is_success() && page.content_type().starts_with("text/html"), "{page:?}");
}

#[tokio::test]
async fn keys_in_literals_may_be_written_with_surrogate_pairs() {
    on_both(async |app| {
        let acme = app.acme().await;
        acme.put("😀 \"é\"\\", "1").await;
        let query = r#"query { key_value(where: { key: { _eq: "\ud83d\ude00 \"\u00e9\"\\" } }) { key } }"#;
        assert_eq!(acme.ask(query).await.column("key"), ["😀 \"é\"\\"]);
        let lone = acme.ask(r#"{ key_value(where: {key: {_eq: "\ud83d"}}) { key } }"#).await;
        assert_eq!(lone.code(), "GRAPHQL_PARSE_FAILED");
    })
    .await;
}

#[tokio::test]
async fn a_json_literal_is_text_to_parse_and_a_json_variable_is_the_value() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    let literals = [
        (r#""\"bar\"""#, r#""bar""#),
        (r#""{\"b\": 1.0, \"a\": [null]}""#, r#"{"b":1.0,"a":[null]}"#),
        (r#""12345678901234567890123""#, "12345678901234567890123"),
        ("12345678901234567890123", "12345678901234567890123"),
        ("1.50", "1.50"),
        ("true", "true"),
        ("null", "null"),
        (r#""null""#, "null"),
        (r#"{a: [1, 2.0], b: "x"}"#, r#"{"a":[1,2.0],"b":"x"}"#),
        (r#""""[1, "two"]""""#, r#"[1,"two"]"#),
    ];
    for (literal, stored) in literals {
        let query = format!("mutation {{ set_key_value(input: {{key: \"foo\", value: {literal}}}) {{ id }} }}");
        acme.ask(&query).await.data();
        assert_eq!(acme.ask(GET).await.text, format!("{{\"data\":{{\"key_value\":[{{\"value\":{stored}}}]}}}}"));
    }
    let reply = acme.ask("mutation { set_key_value(input: {key: \"foo\", value: \"{bad\"}) { id } }").await;
    assert_eq!(reply.code(), "BAD_USER_INPUT");
    assert!(acme.ask(GET).await.text.contains("two"), "a refused value changes nothing");
    for variable in [r#""bar""#, r#""{\"a\": 1}""#, r#""null""#] {
        acme.put("foo", variable).await;
        assert_eq!(acme.ask(GET).await.text, format!("{{\"data\":{{\"key_value\":[{{\"value\":{variable}}}]}}}}"));
    }
}

#[tokio::test]
async fn null_is_a_value_and_a_missing_value_is_refused() {
    on_both(async |app| {
        let acme = app.acme().await;
        acme.put("foo", "null").await;
        assert_eq!(acme.ask(GET).await.text, r#"{"data":{"key_value":[{"value":null}]}}"#);
        let missing = acme.graphql(SET, json!({"input": {"key": "gone"}})).await;
        assert_eq!(missing.code(), "BAD_USER_INPUT");
        let text = "mutation($k: String!, $v: JSON) { set_key_value(input: {key: $k, value: $v}) { id } }";
        assert_eq!(acme.graphql(text, json!({"k": "gone"})).await.code(), "BAD_USER_INPUT");
        acme.graphql(text, json!({"k": "there", "v": null})).await.data();
        let required = "mutation($k: String!, $v: JSON!) { set_key_value(input: {key: $k, value: $v}) { id } }";
        assert_eq!(acme.graphql(required, json!({"k": "gone", "v": null})).await.code(), "BAD_USER_INPUT");
        assert_eq!(acme.keys("{}").await, ["foo", "there"]);
    })
    .await;
}

#[tokio::test]
async fn a_bad_token_is_told_in_prefects_way_to_prefects_clients_and_in_http_to_others() {
    let app = TestApp::start().await;
    let body = r#"{"query": "{ hello }"}"#;
    for actor in [app.anyone(None), app.anyone(Some("nonsense")), app.anyone(Some("e30.e30.e30"))] {
        let post = |path: &str| actor.post(path).header("content-type", "application/json").body(body);
        let prefects = [
            post("/"),
            post("/graphql").header("x-prefect-core-version", "0.14.22"),
            post("/graphql").header("x-prefect-ui", "true"),
        ];
        for request in prefects {
            let reply = Reply::of(request).await;
            assert_eq!((reply.status.as_u16(), reply.code().as_str()), (200, "UNAUTHENTICATED"));
        }
        let reply = Reply::of(post("/graphql")).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (401, "UNAUTHENTICATED"));
        assert_eq!(reply.headers["www-authenticate"], "Bearer");
    }
}

#[tokio::test]
async fn a_good_answer_has_no_errors_key_and_a_users_error_is_never_5xx() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    assert_eq!(acme.ask("{ hello }").await.text, "{\"data\":{\"hello\":\"👋\"}}");
    let id = acme.put("foo", "1").await;
    let bad = [
        "{",
        "",
        "{ nope }",
        "{ key_value(where: {nope: 1}) { key } }",
        "{ key_value(where: {key: {_eq: 5}}) { key } }",
        "{ key_value(where: {id: {_eq: \"zzz\"}}) { key } }",
        "{ key_value(where: {created: {_gt: \"soon\"}}) { key } }",
        "{ key_value(limit: -1) { key } }",
        "{ key_value(offset: -1) { key } }",
        "{ key_value(limit: 99999999999) { key } }",
        "{ key_value(limit: 1.5) { key } }",
        "{ key_value(order_by: {key: up}) { key } }",
        "{ key_value_by_pk(id: 7) { key } }",
        "{ key_value(namespace: \"not a name\") { key } }",
        "mutation { set_key_value(input: {value: \"1\"}) { id } }",
        "mutation { set_key_value(input: {key: \"\", value: \"1\"}) { id } }",
        "mutation { delete_key_value(input: {key_value_id: \"zzz\"}) { success } }",
        "mutation { delete_key_value(input: {}) { success } }",
        "subscription { nope }",
        "query A { hello } query B { hello }",
        "query A { hello } query A { hello }",
        "query($a: Nope) { hello }",
        "{ ...F } fragment F on Query { ...F }",
    ];
    for query in bad {
        let reply = acme.ask(query).await;
        assert!(reply.status.as_u16() < 500, "{query}: {reply:?}");
        assert!(!reply.code().is_empty() && !reply.text.contains("API_ERROR"), "{query}: {reply:?}");
    }
    assert_eq!(acme.ask("{ key_value { id } }").await.column("id"), [id]);
}

#[tokio::test]
async fn setting_a_pair_again_and_again_leaves_one_pair() {
    on_both(async |app| {
        let acme = app.acme().await;
        let ids = [acme.put("foo", "1").await, acme.put("foo", "1").await, acme.put("foo", "2").await];
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        assert_eq!(
            acme.ask("{ key_value { key value version } }").await.data()["key_value"],
            json!([
                {"key": "foo", "value": 2, "version": 3}
            ])
        );
    })
    .await;
}

#[tokio::test]
async fn numbers_of_any_size_and_scale_come_out_as_they_went_in() {
    on_both(async |app| {
        let acme = app.acme().await;
        let values = [
            "1.0",
            "0.10",
            "-0",
            "1e400",
            "1E-7",
            "9007199254740993",
            "18446744073709551616",
            "123456789012345678901234567890",
            "[1.0,{\"n\":-12345678901234567890.00}]",
            "3.14159265358979323846264338327950288419716939937510",
        ];
        for value in values {
            acme.put("foo", value).await;
            assert_eq!(acme.ask(GET).await.text, format!("{{\"data\":{{\"key_value\":[{{\"value\":{value}}}]}}}}"));
        }
    })
    .await;
}

#[tokio::test]
async fn every_unicode_text_is_kept_in_keys_and_values() {
    on_both(async |app| {
        let acme = app.acme().await;
        let keys = [
            "a\u{0}b",
            " padded ",
            "é",
            "e\u{301}",
            "\u{10FFFF}",
            "%_\\'\"`${}",
            "UPPER",
            "upper",
            "\u{feff}",
            "a/b//c/",
            "\u{1b}[0m",
        ];
        for key in keys {
            acme.put(key, &json!({"text": key}).to_string()).await;
        }
        let mut sorted: Vec<_> = keys.map(ToOwned::to_owned).to_vec();
        sorted.sort();
        assert_eq!(acme.ask("{ key_value(order_by: {key: asc}) { key } }").await.column("key"), sorted);
        for key in keys {
            let query = "query($k: String) { key_value(where: {key: {_eq: $k}}) { value } }";
            let rows = acme.graphql(query, json!({"k": key})).await.data()["key_value"].clone();
            assert_eq!(rows, json!([{"value": {"text": key}}]));
        }
        // Half of a surrogate pair is JSON, though no text that Rust can hold: it stays an escape.
        acme.put("lone", r#"["\ud800", {"\udc00": 1}]"#).await;
        assert!(
            acme.ask("{ key_value(where: {key: {_eq: \"lone\"}}) { value } }")
                .await
                .text
                .contains(r#"["\ud800",{"\udc00":1}]"#)
        );
    })
    .await;
}

#[tokio::test]
async fn a_batch_is_answered_in_order_with_errors_in_their_places() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    let reply = acme
        .send(
            json!([
                {"query": "mutation { set_key_value(input: {key: \"a\", value: \"1\"}) { id __typename } }", "operationName": null},
                {"query": "{ nope }"},
                {"query": "query A { hello } query B { key_value { key } }", "operationName": "B", "variables": {}},
            ])
            .to_string(),
        )
        .await;
    let answers = reply.json();
    assert_eq!(answers[0]["data"]["set_key_value"]["__typename"], "set_key_value_payload");
    assert_eq!(answers[1]["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(answers[2]["data"], json!({"key_value": [{"key": "a"}]}));
    let one = acme.send(r#"[{"query": "{ hello }"}]"#).await;
    assert_eq!(one.json(), json!([{"data": {"hello": "👋"}}]));
    let many = vec![json!({"query": "{ hello }"}); 101];
    let refused = acme.send(serde_json::Value::from(many).to_string()).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (400, "BAD_REQUEST"));
}

#[tokio::test]
async fn the_calls_of_prefects_command_line_are_answered() {
    on_both(async |app| {
        let acme = app.acme().await;
        app.tenant("other", "free").await;
        let id = &acme.tenant_id;
        assert_eq!(
            acme.ask("query {\n    auth_info {\n        tenant_id\n    }\n}").await.data()["auth_info"]["tenant_id"],
            *id
        );
        let mine = json!([{"id": id, "slug": "acme", "name": "acme"}]);
        let by_id = format!("query {{ tenant(where: {{ id: {{ _eq: \"{id}\" }} }}) {{ id slug name }} }}");
        assert_eq!(acme.ask(&by_id).await.data()["tenant"], mine);
        assert_eq!(acme.ask("query { tenant(order_by: {slug: asc}) { name slug id } }").await.data()["tenant"], mine);
        let by_slug = "query($slug: String) { tenant(where: {slug: { _eq: $slug } }) { id } }";
        assert_eq!(acme.graphql(by_slug, json!({"slug": "acme"})).await.data()["tenant"], json!([{"id": id}]));
        assert_eq!(acme.graphql(by_slug, json!({"slug": "other"})).await.data()["tenant"], json!([]));
        let old = "query($slug: String, $id: uuid) { tenant(where: {slug: { _eq: $slug }, id: { _eq: $id } }) { id } }";
        for variables in [json!({"slug": "acme", "id": null}), json!({"slug": null, "id": id}), json!({"slug": "acme"})]
        {
            assert_eq!(acme.graphql(old, variables).await.data()["tenant"], json!([{"id": id}]));
        }
        let api = acme.ask("{ api { backend mode version core_version release_timestamp } }").await.data();
        assert_eq!((&api["api"]["backend"], &api["api"]["mode"]), (&json!("CLOUD"), &json!("normal")));
    })
    .await;
}

#[tokio::test]
async fn the_operations_of_prefects_web_page_are_answered() {
    on_both(async |app| {
        let acme = app.acme().await;
        acme.put("k", "1").await;
        let me = acme.ask("{ auth_info { user_id } }").await.data()["auth_info"]["user_id"].clone();
        let id = json!(acme.tenant_id);
        let key = json!({"user_id": me, "name": "page", "expires_at": null, "tenant_id": id});
        for (query, variables, field, fields) in [
            ("query { key_value { key value updated created id __typename } }", Value::Null, "key_value", 6),
            ("query License { auth_info { license permissions role_id __typename } }", Value::Null, "auth_info", 4),
            ("query Permissions { permissions_info { user_permissions_filtered_by_license_features all_permissions_filtered_by_license_features } }", Value::Null, "permissions_info", 2),
            ("query APIKeys { auth_api_key(order_by: {created: desc}) { id name created expires_at default_tenant_id user_id updated created_by { id username } } }", Value::Null, "auth_api_key", 8),
            ("mutation CreateAPIKey($user_id: UUID! $name: String! $expires_at: DateTime $tenant_id: UUID) { create_api_key(input: {user_id: $user_id, name: $name, expires_at: $expires_at, default_tenant_id: $tenant_id}) { id key } }", key, "create_api_key", 2),
            ("query Tenants { tenant { id created name info settings prefectAdminSettings: prefect_admin_settings stripe_customer license_id slug } }", Value::Null, "tenant", 9),
            ("mutation SwitchTenant($tenantId: UUID!) { switch_tenant(input: {tenant_id: $tenantId}) { access_token expires_at refresh_token } }", json!({"tenantId": id}), "switch_tenant", 3),
            ("query User { user { id username email settings default_membership_id first_name last_name memberships { id tenant { id name slug } role_detail { id name } } } }", Value::Null, "user", 8),
            ("query($id: uuid!) { tenant_by_pk(id: $id) { id name slug } }", json!({"id": id}), "tenant_by_pk", 3),
            ("query { api { backend mode version core_version release_timestamp } hello }", Value::Null, "api", 5),
            ("query { auth_role { name permissions created updated tenant_id id } }", Value::Null, "auth_role", 6),
        ] {
            let data = acme.graphql(query, variables).await.data();
            let found = &data[field];
            let one = found.get(0).unwrap_or(found);
            assert_eq!(one.as_object().map(serde_json::Map::len), Some(fields), "{query}: {data}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_message_that_quotes_a_document_cannot_trip_prefects_client() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    for query in ["{ UNAUTHENTICATED }", "{ API_ERROR }", "{ key_value(order_by: {key: UNAUTHENTICATED}) { key } }"] {
        let reply = acme.ask(query).await;
        assert!(!reply.text.contains("UNAUTHENTICATED") && !reply.text.contains("API_ERROR"), "{reply:?}");
    }
}
