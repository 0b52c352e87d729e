//! GraphQL over HTTP as the draft has it, for clients that are not Prefect's.

use highwater::domain::Role;
use serde_json::json;

use crate::support::{
    actor::{Actor, Reply, SET},
    app::TestApp,
    node,
    server::{SQLITE, Server},
};

const JSON: &str = "application/json; charset=utf-8";
const GRAPHQL: &str = "application/graphql-response+json; charset=utf-8";
const HELLO: &str = r#"{"query": "{ hello }"}"#;

#[test]
fn every_must_and_should_of_the_graphql_over_http_audit_passes() {
    let server = Server::start(SQLITE);
    let url = format!("{}/graphql", server.url);
    let said = node::script("graphql-http", "audit.mjs", &[&url, server.admin_token()]);
    println!("{said}");
    let passed = said.lines().filter(|line| line.starts_with("ok ")).count();
    assert!(passed >= 60, "{passed} audits passed; has the audit shrunk?\n{said}");
}

async fn accepting(actor: &Actor, accept: &str, query: &str) -> Reply {
    let post = actor.post("/graphql").header("content-type", "application/json").header("accept", accept);
    Reply::of(post.body(json!({"query": query}).to_string())).await
}

#[tokio::test]
async fn the_media_type_is_the_one_the_client_likes_best_and_406_where_there_is_none() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    for (accept, media) in [
        ("*/*", JSON),
        ("application/graphql-response+json, application/json;q=0.9", GRAPHQL),
        ("application/graphql-response+json;q=0.1, application/json;q=0.9", JSON),
        ("application/graphql-response+json;q=0, application/*;q=0.1", JSON),
    ] {
        let reply = accepting(&acme, accept, "{ hello }").await;
        assert_eq!((reply.status.as_u16(), reply.content_type()), (200, media), "{accept}");
    }
    let set = "mutation { set_key_value(input: {key: \"a\", value: 1}) { id } }";
    for accept in ["text/html", "application/json;q=0", "application/json; charset=utf-16"] {
        let reply = accepting(&acme, accept, set).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (406, "BAD_REQUEST"), "{accept}");
    }
    assert!(acme.keys("{}").await.is_empty(), "nothing was run");
}

#[tokio::test]
async fn a_refused_document_is_400_only_under_the_new_media_type_and_never_has_data() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    for query in ["{", "{ nope }", "query($a: Int!) { hello }", "query A { hello } query B { hello }", ""] {
        for (accept, status) in [("application/json", 200), ("application/graphql-response+json", 400)] {
            let reply = accepting(&acme, accept, query).await;
            assert_eq!(reply.status.as_u16(), status, "{accept} {query}: {reply:?}");
            assert!(reply.json().get("data").is_none() && !reply.code().is_empty(), "{reply:?}");
        }
    }
    let failed = accepting(&acme, "application/graphql-response+json", "{ key_value(namespace: \"?\") { key } }").await;
    assert_eq!((failed.status.as_u16(), &failed.json()["data"]), (200, &json!(null)), "a field's error is no refusal");
}

#[tokio::test]
async fn a_body_that_does_not_say_it_is_json_is_415_and_never_run() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    let set = "mutation { set_key_value(input: {key: \"a\", value: 1}) { id } }";
    let form = format!("query={}", set.replace(' ', "+"));
    let part = format!("--x\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\n{set}\r\n--x--\r\n");
    let body = json!({"query": set}).to_string();
    let mut requests = vec![
        acme.post("/graphql").header("content-type", "application/x-www-form-urlencoded").body(form),
        acme.post("/graphql").header("content-type", "multipart/form-data; boundary=x").body(part),
        acme.post("/graphql").header("content-type", "application/graphql").body(set),
        acme.post("/graphql").body(body.clone()),
        acme.post("/graphql")
            .header("content-type", "application/json")
            .header("content-type", "text/plain")
            .body(body.clone()),
    ];
    for content_type in ["text/plain", "text/plain; application/json", "application/json; charset=utf-16"] {
        requests.push(acme.post("/graphql").header("content-type", content_type).body(body.clone()));
        requests.push(acme.post("/").header("content-type", content_type).body(body.clone()));
    }
    for request in requests {
        let reply = Reply::of(request).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (415, "BAD_REQUEST"));
        assert!(reply.message().contains("Content-Type: application/json"), "{reply:?}");
    }
    assert!(acme.keys("{}").await.is_empty(), "nothing was run");
    for content_type in ["application/json;charset=UTF-8", "APPLICATION/JSON; charset=\"utf-8\""] {
        Reply::of(acme.post("/graphql").header("content-type", content_type).body(HELLO)).await.data();
    }
}

#[tokio::test]
async fn get_runs_queries_and_nothing_else() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    acme.put("foo", "1").await;
    let get = async |parameters: &[(&str, &str)]| Reply::of(acme.get("/graphql").query(parameters)).await;
    let query = "query($k: String) { key_value(where: {key: {_eq: $k}}) { key } }";
    let extensions = ("extensions", r#"{"some": "value"}"#);
    let reply = get(&[("query", query), ("variables", r#"{"k": "foo"}"#), ("operationName", ""), extensions]).await;
    assert_eq!(reply.column("key"), ["foo"]);
    assert_eq!(reply.headers["cache-control"], "no-store");

    let mutation = "mutation B { set_key_value(input: {key: \"a\", value: 1}) { id } }";
    let both = format!("query A {{ hello }} {mutation}");
    for parameters in [&[("query", mutation)][..], &[("query", both.as_str()), ("operationName", "B")]] {
        let reply = get(parameters).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (405, "BAD_REQUEST"), "{reply:?}");
        assert_eq!(reply.headers["allow"], "POST");
    }
    assert_eq!(get(&[("query", both.as_str()), ("operationName", "A")]).await.data(), json!({"hello": "👋"}));
    assert_eq!(acme.keys("{}").await, ["foo"]);

    let bad: [&[(&str, &str)]; 6] = [
        &[],
        &[("variables", "{}")],
        &[("query", "{ hello }"), ("query", "{ hello }")],
        &[("query", "{ hello }"), ("variables", "[]")],
        &[("query", "{ hello }"), ("extensions", "{")],
        &[("query", "{ hello }"), ("extensions", "7")],
    ];
    for parameters in bad {
        let reply = get(parameters).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (400, "BAD_REQUEST"), "{parameters:?}");
    }
    let broken = Reply::of(acme.get("/graphql?query=%7Bhello%7D%20%23%ff")).await;
    assert_eq!((broken.status.as_u16(), broken.message().as_str()), (400, "the query string is not UTF-8 text"));
    Reply::of(acme.get("/graphql?query=%7Bhello%7D%20%23%EF%BF%BD")).await.data();
}

#[tokio::test]
async fn a_method_that_is_neither_get_nor_post_is_405() {
    let app = TestApp::start().await;
    let client = reqwest::Client::new();
    for path in ["/", "/graphql"] {
        let reply = Reply::of(client.put(format!("{}{path}", app.url)).body(HELLO)).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (405, "BAD_REQUEST"));
        assert_eq!(reply.headers["allow"], "GET,HEAD,POST");
    }
}

#[tokio::test]
async fn who_has_no_token_gets_401_and_who_may_not_gets_403() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    let elsewhere = format!("/graphql?query={{hello}}&token={0}&access_token={0}", acme.token.as_deref().unwrap());
    for request in [
        app.anyone(None).get("/graphql?query={hello}"),
        app.anyone(None).get(&elsewhere),
        app.anyone(None).post(&elsewhere).header("content-type", "application/json").body(HELLO),
        app.anyone(None).post("/graphql").header("content-type", "application/json").body("no JSON"),
        app.anyone(None).post("/graphql").header("content-type", "application/json").body(format!("[{HELLO}]")),
        app.anyone(Some("nonsense")).post("/graphql").header("content-type", "application/json").body(HELLO),
    ] {
        let reply = Reply::of(request).await;
        assert_eq!((reply.status.as_u16(), &reply.headers["www-authenticate"]), (401, &"Bearer".parse().unwrap()));
        assert!(reply.text.contains("UNAUTHENTICATED"), "{reply:?}");
    }
    let reader = app.grant("acme", |grant| grant.role = Role::ReadOnly).await;
    let set = json!({"query": SET, "variables": {"input": {"key": "a", "value": 1}}}).to_string();
    for (headers, status) in [(&[][..], 403), (&[("x-prefect-core-version", "1.4.1")], 200)] {
        let post = reader.post("/graphql").header("content-type", "application/json").body(set.clone());
        let reply = Reply::of(headers.iter().fold(post, |post, (name, value)| post.header(*name, *value))).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (status, "FORBIDDEN"), "{reply:?}");
    }
}

#[tokio::test]
async fn a_body_that_is_no_request_is_400_and_says_why() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    for (body, why) in [
        (&b""[..], "not valid JSON"),
        (b"{\"query\": \"{ hello }\"", "not valid JSON"),
        (b"{\"query\": \"{ hello }\"} {}", "not valid JSON"),
        (b"{\"query\": \"\xff\"}", "not UTF-8"),
        (b"\xef\xbb\xbf{\"query\": \"{ hello }\"}", "not valid JSON"),
        (b"null", "must be a JSON object"),
        (b"\"{ hello }\"", "must be a JSON object"),
        (b"[]", "batch is empty"),
        (b"[7]", "must be a JSON object"),
        (deep.as_bytes(), "must be a JSON object"),
        (b"{}", "\"query\" is missing"),
        (b"{\"query\": null}", "\"query\" is missing"),
        (b"{\"query\": [\"{ hello }\"]}", "\"query\" must be a string"),
        (b"{\"query\": \"{ hello }\", \"query\": \"{ api { mode } }\"}", "given twice"),
        (b"{\"query\": \"{ hello }\", \"\\ud800\": 1}", "not text"),
        (b"{\"query\": \"{ hello }\", \"operationName\": 7}", "\"operationName\" must be"),
        (b"{\"query\": \"{ hello }\", \"variables\": []}", "Variables are invalid JSON"),
        (b"{\"query\": \"{ hello }\", \"extensions\": \"x\"}", "\"extensions\" must be"),
    ] {
        let post = acme.post("/graphql").header("content-type", "application/json").body(body.to_vec());
        let reply = Reply::of(post).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (400, "BAD_REQUEST"), "{why}: {reply:?}");
        assert!(reply.message().contains(why) && reply.json().get("data").is_none(), "{why}: {reply:?}");
    }
}

#[tokio::test]
async fn introspection_is_for_callers_with_a_token() {
    let app = TestApp::start().await;
    app.acme().await;
    let full = include_str!("../clients/introspection.graphql");
    let reader = app.grant("acme", |grant| grant.role = Role::ReadOnly).await;
    let schema = reader.ask(full).await.data()["__schema"].clone();
    assert_eq!((&schema["queryType"]["name"], &schema["mutationType"]["name"]), (&json!("Query"), &json!("Mutation")));
    let names: Vec<_> = schema["types"].as_array().unwrap().iter().map(|of| of["name"].as_str().unwrap()).collect();
    assert!(["key_value", "key_value_bool_exp", "uuid", "jsonb"].iter().all(|name| names.contains(name)), "{names:?}");
    let by_get = Reply::of(reader.get("/graphql").query(&[("query", full)])).await;
    assert_eq!(by_get.data()["__schema"], schema);
    let stranger = app.anyone(None);
    for query in [full, "{ __type(name: \"key_value\") { name } }", "{ key_valeu { key } }", "{"] {
        let reply = stranger.ask(query).await;
        assert_eq!(reply.status.as_u16(), 401);
        assert!(!reply.text.contains("key_value") && !reply.text.contains("expected"), "{reply:?}");
    }
}

#[tokio::test]
async fn what_clients_send_beside_the_query_is_accepted() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    for more in [
        json!({"extensions": {"clientLibrary": {"name": "x", "version": "1"}}}),
        json!({"extensions": null, "variables": null, "operationName": null}),
        json!({"operationName": "", "variables": {}, "id": "unknown to us"}),
        json!({"variables": {"undeclared": [1, {"a": null}]}}),
    ] {
        let mut body = json!({"query": "query Q { hello }"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        acme.send(body.to_string()).await.data();
    }
}

#[tokio::test]
async fn a_required_variable_is_checked_whether_it_is_used_or_not() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    let query = "query($id: ID!, $n: Int = 5, $k: [String!]) { hello }";
    for variables in [json!({}), json!({"id": null}), json!({"id": true}), json!({"id": "a", "n": "b"})] {
        assert_eq!(acme.graphql(query, variables).await.code(), "BAD_USER_INPUT");
    }
    for variables in [json!({"id": "a", "k": [null]}), json!({"id": {"a": 1}}), json!({"id": "a", "n": 1.5})] {
        assert_eq!(acme.graphql(query, variables).await.code(), "BAD_USER_INPUT");
    }
    for variables in [json!({"id": "a"}), json!({"id": 7, "k": "one"}), json!({"id": "a", "n": null, "k": []})] {
        let reply = acme.graphql("query($id: ID!, $n: Int, $k: [String!]) { hello }", variables).await;
        assert_eq!(reply.code(), "GRAPHQL_VALIDATION_FAILED", "a variable that nothing uses is no good either");
    }
}
