//! Kestra's door, one key at a time: types, ends, revisions, errors, on both databases.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{
    actor::{Actor, Reply},
    app::{TestApp, namespace, on_both},
};

const TEAM: &str = "/api/v1/main/namespaces/company.team/kv";

pub async fn put(actor: &Actor, key: &str, body: &str) -> Reply {
    Reply::of(actor.request("PUT", &format!("{TEAM}/{key}")).body(body.to_owned())).await
}

async fn get(actor: &Actor, key: &str) -> Reply {
    Reply::of(actor.request("GET", &format!("{TEAM}/{key}"))).await
}

#[track_caller]
fn refused(reply: &Reply, status: u16, message: &str) {
    let json = reply.json();
    assert_eq!((reply.status.as_u16(), json["message"].as_str()), (status, Some(message)), "{reply:?}");
    assert_eq!(json["_links"]["self"][0]["templated"], false, "{reply:?}");
    assert!(json["_links"]["self"][0]["href"].as_str().unwrap().starts_with("/api/v1/"), "{reply:?}");
    assert_eq!(reply.content_type(), "application/json");
}

#[tokio::test]
async fn every_type_of_the_contract_is_inferred_stored_and_read_back_exactly() {
    on_both(async |app| {
        let acme = app.acme().await;
        for (body, kind, value) in [
            (r#""Hello World""#, "STRING", r#""Hello World""#),
            (r#""""#, "STRING", r#""""#),
            (r#""42""#, "STRING", r#""42""#),
            (r#""PT5S""#, "STRING", r#""PT5S""#),
            ("PT5S", "DURATION", r#""PT5S""#),
            ("P1D", "DURATION", r#""PT24H""#),
            ("P3DT3H2M1S", "DURATION", r#""PT75H2M1S""#),
            ("P1Y", "STRING", r#""P1Y""#),
            ("42", "NUMBER", "42"),
            ("1.0", "NUMBER", "1.0"),
            ("12345678901234567890123", "NUMBER", "12345678901234567890123"),
            ("3.1415926535897932384626433", "NUMBER", "3.1415926535897932384626433"),
            ("true", "BOOLEAN", "true"),
            ("True", "STRING", r#""True""#),
            ("2021-09-01", "DATE", r#""2021-09-01""#),
            ("2021-09-01T01:02:03.000Z", "DATETIME", r#""2021-09-01T01:02:03Z""#),
            ("2024-01-01T00:00:00Z", "DATETIME", r#""2024-01-01T00:00:00Z""#),
            ("2021-09-01T01:02:03+02:00", "DATETIME", r#""2021-08-31T23:02:03Z""#),
            ("2021-02-30", "STRING", r#""2021-02-30""#),
            (r#"{"b": [1.0, null], "a": "é"}"#, "JSON", r#"{"b":[1.0,null],"a":"é"}"#),
            ("[]", "JSON", "[]"),
            ("stringValue", "STRING", r#""stringValue""#),
            ("hello world", "STRING", r#""hello world""#),
            ("1.2.3", "STRING", r#""1.2.3""#),
            (r#"{"a":1"#, "STRING", r#""{\"a\":1""#),
            ("", "STRING", r#""""#),
        ] {
            let reply = put(&acme, "k", body).await;
            assert_eq!((reply.status, reply.text.as_str()), (StatusCode::OK, ""), "{body}");
            let reply = get(&acme, "k").await;
            let start = format!(r#"{{"type":"{kind}","value":{value},"revision":"#);
            assert!(reply.text.starts_with(&start), "{body}: {reply:?}");
        }
        put(&acme, "k", "null").await;
        assert!(
            get(&acme, "k")
                .await
                .text
                .starts_with(r#"{"type":"STRING","revision":27,"updated":"2026-01-01T00:00:00.000Z"}"#)
        );
        let stored = acme.ask("{ key_value(namespace: \"company.team\") { type value } }").await.data();
        assert_eq!(stored["key_value"], json!([{"type": "JSON", "value": null}]));
    })
    .await;
}

#[tokio::test]
async fn the_content_type_never_decides_the_type() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    for media in [
        "application/json",
        "text/plain; charset=utf-8",
        "text/plain;charset=latin1",
        "application/x-www-form-urlencoded",
        "nonsense",
    ] {
        for (body, kind) in [("42", "NUMBER"), ("\"42\"", "STRING"), ("héllo", "STRING"), ("PT1S", "DURATION")] {
            let request = acme.request("PUT", &format!("{TEAM}/k")).header("content-type", media).body(body);
            assert_eq!(Reply::of(request).await.status, StatusCode::OK);
            assert_eq!(get(&acme, "k").await.json()["type"], kind, "{media}");
        }
    }
}

#[tokio::test]
async fn both_path_families_and_every_tenant_name_reach_the_same_pairs() {
    on_both(async |app| {
        let acme = app.acme().await;
        put(&acme, "k", "1").await;
        for base in [
            "/api/v1/namespaces/company.team",
            "/api/v1/main/namespaces/company.team",
            "/api/v1/other%20one/namespaces/company.team",
        ] {
            let found = Reply::of(acme.request("GET", &format!("{base}/kv/k"))).await;
            assert_eq!(found.json()["value"], 1, "{base}");
            let listed = Reply::of(acme.request("GET", &format!("{base}/kv"))).await;
            assert_eq!(listed.json()[0]["key"], "k", "{base}");
        }
        let missing = Reply::of(acme.request("GET", "/api/v1/namespaces/company.team/kv/nope")).await;
        refused(&missing, 404, "Not Found: No value found for key 'nope' in namespace 'company.team'");
        assert_eq!(missing.json()["_links"]["self"][0]["href"], "/api/v1/namespaces/company.team/kv/nope");
    })
    .await;
}

#[tokio::test]
async fn a_put_replaces_value_end_and_description_and_keeps_the_creation_date() {
    on_both(async |app| {
        let acme = app.acme().await;
        let request =
            acme.request("PUT", &format!("{TEAM}/k")).header("ttl", "P1D").header("description", "été").body("1");
        assert_eq!(Reply::of(request).await.status, StatusCode::OK);
        let list = async || Reply::of(acme.request("GET", TEAM)).await.json();
        let first = json!([{"namespace": "company.team", "key": "k", "revision": 1, "version": 1, "description": "été",
            "creationDate": "2026-01-01T00:00:00.000Z", "updateDate": "2026-01-01T00:00:00.000Z",
            "expirationDate": "2026-01-02T00:00:00.000Z"}]);
        assert_eq!(list().await, first);
        app.clock.advance(Duration::from_micros(1_234_567));
        let latin = reqwest::header::HeaderValue::from_bytes(b"\xe9t\xe9").unwrap();
        let request =
            acme.request("PUT", &format!("{TEAM}/k")).header("description", latin).header("ttl", "").body("2");
        Reply::of(request).await;
        let second = json!([{"namespace": "company.team", "key": "k", "revision": 2, "version": 2, "description": "été",
            "creationDate": "2026-01-01T00:00:00.000Z", "updateDate": "2026-01-01T00:00:01.234Z"}]);
        assert_eq!(list().await, second);
        put(&acme, "k", "3").await;
        assert_eq!(list().await[0].get("description"), None);
        assert_eq!(get(&acme, "k").await.json()["revision"], 3);
    })
    .await;
}

#[tokio::test]
async fn an_expired_key_is_410_once_and_then_404() {
    on_both(async |app| {
        let acme = app.acme().await;
        let request = acme.request("PUT", &format!("{TEAM}/k")).header("ttl", "pt1.5s").body("1");
        Reply::of(request).await;
        app.clock.advance(Duration::from_millis(1_499));
        assert_eq!(get(&acme, "k").await.json()["value"], 1);
        app.clock.advance(Duration::from_millis(1));
        assert_eq!(Reply::of(acme.request("GET", TEAM)).await.json(), json!([]));
        let reads = join_all((0..8).map(|_| get(&acme, "k"))).await;
        let gone: Vec<_> = reads.iter().filter(|reply| reply.status == 410).collect();
        assert_eq!(gone.len(), 1, "{reads:?}");
        refused(gone[0], 410, "Resource has expired: The requested value has expired");
        assert!(reads.iter().all(|reply| [404, 410].contains(&reply.status.as_u16())));
        refused(&get(&acme, "k").await, 404, "Not Found: No value found for key 'k' in namespace 'company.team'");
        let request = acme.request("PUT", &format!("{TEAM}/k")).header("ttl", "PT0S").body("1");
        assert_eq!(Reply::of(request).await.status, StatusCode::OK);
        let deleted = Reply::of(acme.request("DELETE", &format!("{TEAM}/k"))).await;
        assert_eq!(deleted.text, "false");
        assert_eq!(get(&acme, "k").await.status, StatusCode::GONE);
    })
    .await;
}

#[tokio::test]
async fn deleting_says_whether_there_was_a_key() {
    on_both(async |app| {
        let acme = app.acme().await;
        put(&acme, "k", "1").await;
        for answer in ["true", "false"] {
            let deleted = Reply::of(acme.request("DELETE", &format!("{TEAM}/k"))).await;
            assert_eq!((deleted.status, deleted.text.as_str()), (StatusCode::OK, answer));
        }
        for key in ["a", "b", "c"] {
            put(&acme, key, "1").await;
        }
        let bulk = async |body: &str| Reply::of(acme.request("DELETE", TEAM).body(body.to_owned())).await;
        assert_eq!(bulk(r#"{"keys": ["b", "nope", "a", "a"]}"#).await.text, r#"{"keys":["b","a"]}"#);
        for body in [r#"{"keys": null}"#, "{}", r#"{"keys": []}"#, r#"{"other": 1}"#] {
            assert_eq!(bulk(body).await.text, r#"{"keys":[]}"#, "{body}");
        }
        refused(&bulk(r#"{"keys": ["c", "a b"]}"#).await, 422, BAD_KEY);
        for body in ["", "{", "[]", r#"{"keys": "c"}"#, r#"{"keys": [1]}"#] {
            let message = r#"Bad Request: the body must be JSON such as {"keys": ["a", "b"]}"#;
            refused(&bulk(body).await, 400, message);
        }
        assert_eq!(get(&acme, "c").await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn twenty_four_parallel_puts_are_twenty_four_revisions() {
    on_both(async |app| {
        let acme = app.acme().await;
        let bodies: Vec<_> = (0..24).map(|n| n.to_string()).collect();
        let replies = join_all(bodies.iter().map(|body| put(&acme, "k", body))).await;
        assert!(replies.iter().all(|reply| reply.status == StatusCode::OK));
        assert_eq!(get(&acme, "k").await.json()["revision"], 24);
    })
    .await;
}

const BAD_KEY: &str = "Illegal argument: Key must start with an alphanumeric character (uppercase or lowercase) and can \
    contain alphanumeric characters (uppercase or lowercase), dots (.), underscores (_), and hyphens (-) only.";

#[tokio::test]
async fn bad_requests_get_kestras_errors_and_write_nothing() {
    on_both(async |app| {
        let acme = app.acme().await;
        for key in ["_a", "-a", ".a", "a%2Fb", "a%20b", "%C3%A9", "a%00", "a$"] {
            for method in ["PUT", "GET", "DELETE"] {
                let reply = Reply::of(acme.request(method, &format!("{TEAM}/{key}")).body("1")).await;
                refused(&reply, 422, BAD_KEY);
            }
        }
        let utf8 = "Illegal argument: the path is not percent-encoded UTF-8 text";
        refused(&get(&acme, "%FF").await, 422, utf8);
        refused(
            &get(&acme, &"k".repeat(1_025)).await,
            422,
            "Illegal argument: the key is 1025 bytes long, at most 1024 are allowed",
        );
        for (ttl, message) in [
            ("x", "Illegal argument: Cannot convert value 'x' to Duration"),
            ("P1Y", "Illegal argument: Cannot convert value 'P1Y' to Duration"),
            ("PT-1S", "Illegal argument: ttl cannot be negative"),
            ("P9999999D", "Illegal argument: the end of the pair is after the year 9999"),
        ] {
            let reply = Reply::of(acme.request("PUT", &format!("{TEAM}/k")).header("ttl", ttl).body("1")).await;
            refused(&reply, 422, message);
        }
        let long = acme.request("PUT", &format!("{TEAM}/k")).header("description", "d".repeat(4_097)).body("1");
        refused(
            &Reply::of(long).await,
            422,
            "Illegal argument: the description is 4097 bytes long, at most 4096 are allowed",
        );
        let bytes = acme.request("PUT", &format!("{TEAM}/k")).body(vec![0xFF, 0xFE]);
        refused(&Reply::of(bytes).await, 422, "Illegal argument: the body is not UTF-8 text");
        let deep = format!("{}{}", "[".repeat(600), "]".repeat(600));
        refused(
            &put(&acme, "k", &deep).await,
            422,
            "Illegal argument: the value nests arrays and objects more than 512 deep",
        );
        let spaced = Reply::of(acme.request("PUT", "/api/v1/main/namespaces/a%20b/kv/k").body("1")).await;
        assert_eq!(spaced.status, 422);
        for path in ["/api/v1/main/flows", "/api/v1/", "/api/v1/main/namespaces/team/kv/a/b"] {
            let nowhere = Reply::of(acme.request("GET", path)).await;
            refused(&nowhere, 404, "Not Found: this server has only the KV store of Kestra's API; see /openapi.json");
        }
        let patched = Reply::of(acme.request("PATCH", &format!("{TEAM}/k"))).await;
        refused(&patched, 405, "Method Not Allowed: the path does not take this method; see the header Allow");
        assert!(patched.headers["allow"].to_str().unwrap().contains("PUT"));
        let usage = app.service.usage("acme").await.unwrap();
        assert_eq!((usage.revision, usage.rows), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn what_is_over_a_limit_says_which_and_writes_nothing() {
    on_both(async |app| {
        let free = app.tenant("free", "free").await;
        let large = format!("\"{}\"", "x".repeat(9_999));
        refused(
            &put(&free, "k", &large).await,
            422,
            "Illegal argument: the value is 10001 bytes of compact JSON, the free tier allows 10000",
        );
        for n in 0..10 {
            assert_eq!(put(&free, &format!("k{n}"), "1").await.status, StatusCode::OK);
        }
        refused(
            &put(&free, "more", "1").await,
            422,
            "Illegal argument: the tenant holds 10 pairs, the free tier allows 10",
        );
        assert_eq!(put(&free, "k0", "2").await.status, StatusCode::OK);
        let huge = "x".repeat(5_000_000);
        let message = "Payload Too Large: the body is larger than the 4194304 bytes allowed; nothing was written";
        refused(&put(&free, "k0", &huge).await, 413, message);
        assert_eq!(get(&free, "k0").await.json()["value"], 2);
    })
    .await;
}

#[tokio::test]
async fn a_token_opens_the_door_as_bearer_and_as_the_password_of_basic() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    put(&acme, "k", "1").await;
    let token = acme.token.clone().unwrap();
    let anyone = app.anyone(None);
    let ask = async |header: String| {
        Reply::of(anyone.request("GET", &format!("{TEAM}/k")).header("authorization", header)).await
    };
    let basic = |credentials: String| format!("bAsIc {}", STANDARD.encode(credentials));
    for header in [
        format!("Bearer {token}"),
        format!("bearer {token}"),
        basic(format!("any one:{token}")),
        basic(format!(":{token}")),
    ] {
        assert_eq!(ask(header.clone()).await.status, StatusCode::OK, "{header}");
    }
    let bare = Reply::of(anyone.request("GET", &format!("{TEAM}/k"))).await;
    refused(&bare, 401, "Unauthorized: no API token: send the header Authorization: Bearer TOKEN");
    let schemes: Vec<_> = bare.headers.get_all("www-authenticate").iter().collect();
    assert_eq!(schemes, ["Basic realm=\"Highwater\"", "Bearer"]);
    for header in [
        basic("a:b".into()),
        basic(token.clone()),
        "Basic !".into(),
        "Basic".into(),
        "Digest x".into(),
        "Bearer x".into(),
        "é".into(),
    ] {
        let refusal = ask(header.clone()).await;
        assert_eq!(refusal.status, StatusCode::UNAUTHORIZED, "{header}");
        assert!(!refusal.text.contains(&token));
    }
    let put = anyone.request("PUT", &format!("{TEAM}/k")).basic_auth("user", Some("wrong")).body("2");
    assert_eq!(Reply::of(put).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(get(&acme, "k").await.json()["value"], 1);
}

#[tokio::test]
async fn a_token_reaches_its_namespaces_and_does_what_its_role_may() {
    on_both(async |app| {
        let acme = app.acme().await;
        put(&acme, "k", "1").await;
        let team = app.grant("acme", |grant| grant.namespace = Some(namespace("other"))).await;
        let reader = app.grant("acme", |grant| grant.role = highwater::domain::Role::ReadOnly).await;
        for (method, path) in [("GET", "/k"), ("PUT", "/k"), ("DELETE", "/k"), ("GET", ""), ("GET", "/inheritance")] {
            let reply = Reply::of(team.request(method, &format!("{TEAM}{path}")).body("2")).await;
            refused(&reply, 403, "Forbidden: the token does not reach this namespace");
        }
        let bulk = Reply::of(team.request("DELETE", TEAM).body(r#"{"keys": ["k"]}"#)).await;
        refused(&bulk, 403, "Forbidden: the token does not reach this namespace");
        refused(&put(&reader, "k", "2").await, 403, "Forbidden: the token lacks the permission update:key-value");
        assert_eq!(get(&reader, "k").await.json()["value"], 1);
    })
    .await;
}

#[tokio::test]
async fn bytes_and_prefects_pairs_are_shown_and_keys_named_ion_or_inheritance_are_keys() {
    on_both(async |app| {
        let acme = app.acme().await;
        let set = "mutation($v: JSON) { set_key_value(input: {key: \"b\", value: $v, type: BINARY, namespace: \"company.team\"}) { id } }";
        acme.graphql(set, json!({"v": "AP/+"})).await.data();
        assert!(get(&acme, "b").await.text.starts_with(r#"{"type":"STRING","value":"AP/+","#));
        for key in ["data.ion.json", "inheritance", "A", "a", "0"] {
            assert_eq!(put(&acme, key, "1").await.status, StatusCode::OK, "{key}");
        }
        let listed = Reply::of(acme.request("GET", TEAM)).await.json();
        let keys: Vec<_> = listed.as_array().unwrap().iter().map(|entry| entry["key"].clone()).collect();
        assert_eq!(Value::from(keys), json!(["0", "A", "a", "b", "data.ion.json", "inheritance"]));
        assert_eq!(get(&acme, "inheritance").await.json(), json!([]));
        let deleted = Reply::of(acme.request("DELETE", &format!("{TEAM}/inheritance"))).await;
        assert_eq!(deleted.text, "true");
    })
    .await;
}
