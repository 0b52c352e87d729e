//! PROMINENCE's door on the wire: every row of its contract's table, on both databases.

use futures_util::future::join_all;
use highwater::{
    domain::{Role, Value as Stored},
    service::SetOptions,
};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::support::{
    actor::Actor,
    app::{TestApp, namespace, on_both},
};

/// An answer.
#[derive(Debug, PartialEq)]
struct Answer {
    status: u16,
    body: Vec<u8>,
    headers: HeaderMap,
}

async fn ask(actor: &Actor, method: &str, path: &str, body: impl Into<Vec<u8>>) -> Answer {
    let response = actor.request(method, path).body(body.into()).send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Answer { status, headers, body: response.bytes().await.unwrap().to_vec() }
}

async fn get(actor: &Actor, path: &str) -> Answer {
    ask(actor, "GET", path, "").await
}

async fn set(actor: &Actor, path: &str, body: impl Into<Vec<u8>>) -> Answer {
    ask(actor, "POST", path, body).await
}

async fn delete(actor: &Actor, path: &str) -> Answer {
    ask(actor, "DELETE", path, "").await
}

impl Answer {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn json(&self) -> Value {
        assert_eq!(self.headers["content-type"], "application/json", "{self:?}");
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Status and the text of `error`.
    fn error(&self) -> (u16, String) {
        (self.status, self.json()["error"].as_str().unwrap_or_else(|| panic!("no error: {self:?}")).to_owned())
    }

    fn refusal(status: u16, message: &str) -> (u16, String) {
        (status, message.to_owned())
    }
}

#[tokio::test]
async fn a_value_is_set_got_and_deleted_under_both_base_paths() {
    on_both(async |app| {
        let acme = app.acme().await;
        for base in ["/prominence/v1/kv", "/kv"] {
            let path = format!("{base}/mykey/path/example");
            assert_eq!(get(&acme, &path).await.error(), Answer::refusal(404, "No such key"));
            for value in ["example string", "another"] {
                let answer = set(&acme, &path, value).await;
                assert_eq!((answer.status, answer.json()), (201, json!({})));
                let read = get(&acme, &path).await;
                assert_eq!((read.status, read.text()), (200, value));
                assert_eq!(read.headers["content-type"], "text/plain; charset=utf-8");
                assert_eq!(read.headers["x-content-type-options"], "nosniff");
            }
            let head = ask(&acme, "HEAD", &path, "").await;
            assert_eq!(
                (head.status, head.body.len(), &head.headers["content-length"]),
                (200, 0, &"7".parse().unwrap())
            );
            for _ in 0..2 {
                let answer = delete(&acme, &path).await;
                assert_eq!((answer.status, answer.json()), (200, json!({})), "as good when there is nothing to delete");
            }
            assert_eq!(get(&acme, &path).await.status, 404);
        }
    })
    .await;
}

#[tokio::test]
async fn any_bytes_come_back_as_they_went_in() {
    on_both(async |app| {
        let acme = app.acme().await;
        let all: Vec<u8> = (0..=255).collect();
        let most = vec![0xC3; 16_384];
        for (value, text) in [
            (all, false),
            (most, false),
            (b"\0".to_vec(), true),
            (b"a\0b\r\n".to_vec(), true),
            ("é 😀".into(), true),
            (b"\xff".to_vec(), false),
            (b"{\"a\": 1.0}\n".to_vec(), true),
            (vec![b'x'; 16_384], true),
        ] {
            assert_eq!(set(&acme, "/kv/bytes", value.clone()).await.status, 201);
            let read = get(&acme, "/kv/bytes").await;
            assert!(read.body == value, "{} bytes came back of {}", read.body.len(), value.len());
            let media = if text { "text/plain; charset=utf-8" } else { "application/octet-stream" };
            assert_eq!(read.headers["content-type"], media);
            assert_eq!(read.headers["x-content-type-options"], "nosniff");
        }
    })
    .await;
}

#[tokio::test]
async fn an_empty_value_and_one_over_the_limit_are_refused_and_the_old_one_stays() {
    on_both(async |app| {
        let acme = app.acme().await;
        set(&acme, "/kv/a", "old").await;
        assert_eq!(set(&acme, "/kv/a", "").await.error(), Answer::refusal(400, "No value provided"));
        let long = vec![b'x'; 16_385];
        assert_eq!(set(&acme, "/kv/a", long).await.error(), Answer::refusal(400, "Content of value too large"));
        let huge = vec![b'x'; 5 << 20];
        assert_eq!(set(&acme, "/kv/a", huge).await.error(), Answer::refusal(413, "Content of value too large"));
        let small = app.tenant("small", "free").await;
        let over = vec![b'x'; 9_999];
        assert_eq!(set(&small, "/kv/a", over).await.error(), Answer::refusal(400, "Content of value too large"));
        assert_eq!(get(&acme, "/kv/a").await.text(), "old");
        for n in 0..10 {
            assert_eq!(set(&small, &format!("/kv/k{n}"), "1").await.status, 201);
        }
        let refused = Answer::refusal(400, "the tenant holds 10 pairs, the free tier allows 10");
        assert_eq!(set(&small, "/kv/k10", "1").await.error(), refused);
        assert_eq!(set(&small, "/kv/k9", "2").await.status, 201, "overwriting needs no room");
    })
    .await;
}

#[tokio::test]
async fn a_value_is_replaced_only_where_it_is_the_one_that_is_expected() {
    on_both(async |app| {
        let acme = app.acme().await;
        let refused = Answer::refusal(400, "Atomic replacement not successful");
        assert_eq!(set(&acme, "/kv/a?prev=", "1").await.error(), refused, "there is nothing to replace");
        assert_eq!(set(&acme, "/kv/a?prev=0", "1").await.error(), refused);
        set(&acme, "/kv/a", "é +").await;
        assert_eq!(set(&acme, "/kv/a?prev=e", "1").await.error(), refused);
        assert_eq!(get(&acme, "/kv/a").await.text(), "é +");
        assert_eq!(set(&acme, "/kv/a?prev=%C3%A9%20%2B", "n0").await.status, 201);
        // Of many that replace the same value, one does.
        let racers = (1..=20).map(|n| {
            let acme = acme.clone();
            async move { set(&acme, "/kv/a?prev=n0", format!("n{n}")).await.status }
        });
        let answers = join_all(racers).await;
        assert_eq!(answers.iter().filter(|status| **status == 201).count(), 1, "{answers:?}");
        acme.put("number", "1.0").await;
        assert_eq!(set(&acme, "/kv/number?prev=1.0", "2").await.status, 201, "other types read as their JSON text");
    })
    .await;
}

#[tokio::test]
async fn a_list_is_of_all_keys_with_a_prefix_in_the_order_of_bytes() {
    on_both(async |app| {
        let acme = app.acme().await;
        for key in [
            "in",
            "in/a",
            "in2/x",
            "IN",
            "é",
            "z",
            "a%25b",
            "a_b",
            "axb",
            "_internal_/1/host",
            "x_internal_y",
            "%F0%9F%98%80",
        ] {
            assert_eq!(set(&acme, &format!("/kv/{key}"), format!("v {key}")).await.status, 201);
        }
        let list = async |path: &str| get(&acme, path).await.json();
        let all = json!(["/IN", "/a%b", "/a_b", "/axb", "/in", "/in/a", "/in2/x", "/z", "/é", "/😀"]);
        for flag in ["list", "list=", "list=false", "list=0", "x&list"] {
            assert_eq!(list(&format!("/kv?{flag}")).await, all, "{flag}");
        }
        assert_eq!(list("/kv/in?list").await, json!(["/in", "/in/a", "/in2/x"]));
        assert_eq!(list("/kv/in/?list").await, json!(["/in/a"]));
        assert_eq!(list("/kv//in/?list").await, json!(["/in/a"]));
        assert_eq!(list("/kv/a_?list").await, json!(["/a_b"]), "no wildcards");
        assert_eq!(list("/kv/a%25?list").await, json!(["/a%b"]));
        assert_eq!(list("/kv/nothing?list").await, json!([]));
        assert_eq!(list(&format!("/kv/{}?list", "k".repeat(2_000))).await, json!([]));
        assert_eq!(list("/kv/_internal_?list").await, json!([]));
        assert_eq!(get(&acme, "/kv/_internal_/1/host").await.text(), "v _internal_/1/host");
        let values = get(&acme, "/kv/in?list&values").await;
        assert_eq!(values.text(), "[{\"/in\":\"v in\"},{\"/in/a\":\"v in/a\"},{\"/in2/x\":\"v in2/x\"}]\n");
        assert_eq!(get(&acme, "/kv/%C3%A9?list&values").await.text(), "[{\"/\\u00e9\":\"v \\u00e9\"}]\n");
        assert_eq!(get(&acme, "/kv/in?values").await.text(), "v in", "without list it is a plain get");
        assert_eq!(get(&acme, "/kv").await.error(), Answer::refusal(400, "Key not specified"));
        assert_eq!(get(&acme, "/kv?values").await.error(), Answer::refusal(400, "Key not specified"));
    })
    .await;
}

#[tokio::test]
async fn a_list_is_as_long_as_it_is_and_a_prefix_is_deleted_whole() {
    on_both(async |app| {
        let acme = app.acme().await;
        let caller = app.caller(&acme).await;
        let fill = (0..1_203).map(|n| {
            let (service, caller) = (&app.service, &caller);
            async move {
                let at = caller.address(None, format!("big/{n:04}")).unwrap();
                let value = Stored::Bytes(vec![0xFF, u8::try_from(n % 256).unwrap()]);
                service.set(caller, at, value, SetOptions::default()).await.unwrap();
            }
        });
        join_all(fill).await;
        set(&acme, "/kv/bigger", "stays").await;
        let keys = get(&acme, "/kv/big/?list").await.json();
        let expected: Vec<String> = (0..1_203).map(|n| format!("/big/{n:04}")).collect();
        assert_eq!(keys, json!(expected));
        let values = get(&acme, "/kv/big/?list&values").await.json();
        assert_eq!(values.as_array().unwrap().len(), 1_203);
        assert_eq!(values[257], json!({"/big/0257": "/wE="}), "bytes that are no text are shown as base64");
        for _ in 0..2 {
            let answer = delete(&acme, "/kv/big/?prefix=False").await;
            assert_eq!((answer.status, answer.json()), (200, json!({})), "as good when nothing matches");
        }
        assert_eq!(get(&acme, "/kv?list").await.json(), json!(["/bigger"]));
    })
    .await;
}

#[tokio::test]
async fn the_whole_store_is_no_key_and_other_methods_are_refused_with_those_allowed() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    set(&acme, "/kv/a", "1").await;
    for (method, path) in [
        ("GET", "/kv/"),
        ("DELETE", "/kv/?prefix"),
        ("DELETE", "/kv//?prefix"),
        ("POST", "/kv/"),
        ("POST", "/kv//"),
        ("GET", "/prominence/v1/kv///"),
    ] {
        assert_eq!(ask(&acme, method, path, "x").await.error().0, 404, "{method} {path}");
    }
    for (method, path) in
        [("POST", "/kv"), ("DELETE", "/kv?prefix"), ("PUT", "/kv/a"), ("PATCH", "/prominence/v1/kv/a")]
    {
        let answer = ask(&acme, method, path, "x").await;
        assert_eq!(answer.error().0, 405, "{method} {path}");
        assert!(answer.headers["allow"].to_str().unwrap().contains("GET"), "{answer:?}");
    }
    let options = ask(&acme, "OPTIONS", "/kv/a", "").await;
    assert_eq!((options.status, options.headers["allow"].to_str().unwrap()), (200, "DELETE, GET, HEAD, OPTIONS, POST"));
    assert_eq!(get(&acme, "/kv?list").await.json(), json!(["/a"]));
}

#[tokio::test]
async fn every_bad_credential_is_the_same_401_and_a_token_does_only_what_it_may() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    set(&acme, "/kv/a", "1").await;
    let refused = Answer::refusal(401, "Authentication failure");
    let token = acme.token.clone().unwrap();
    for bad in [None, Some("garbage"), Some("a.b.c"), Some(&token[..token.len() - 2])] {
        let anyone = app.anyone(bad);
        for path in ["/kv/a", "/kv/missing", "/kv?list", "/kv"] {
            assert_eq!(get(&anyone, path).await.error(), refused, "{path}");
        }
        assert_eq!(set(&anyone, "/kv/a", "").await.error(), refused, "before anything else is looked at");
    }
    for scheme in ["Basic", "Token", ""] {
        let request = app.anyone(None).get("/kv/a").header("authorization", format!("{scheme} {token}").trim());
        assert_eq!(request.send().await.unwrap().status(), 401, "{scheme}");
    }
    let lower = app.anyone(None).get("/kv/a").header("authorization", format!("bearer {token}"));
    assert_eq!(lower.send().await.unwrap().text().await.unwrap(), "1");

    let reader = app.grant("acme", |grant| grant.role = Role::ReadOnly).await;
    assert_eq!(get(&reader, "/kv/a").await.text(), "1");
    let answer = set(&reader, "/kv/a", "2").await;
    assert_eq!(answer.error(), Answer::refusal(403, "the token lacks the permission update:key-value"));
    assert_eq!(delete(&reader, "/kv/a").await.status, 403);
    assert_eq!(delete(&reader, "/kv/?prefix").await.status, 404);
    assert_eq!(delete(&reader, "/kv/a?prefix").await.status, 403);
    assert_eq!(get(&acme, "/kv/a").await.text(), "1");
}

#[tokio::test]
async fn a_users_own_namespace_is_private_to_the_user_whatever_the_name() {
    let app = TestApp::start().await;
    app.acme().await;
    let bob = app.grant("acme", |grant| grant.namespace = Some(namespace("users.bob"))).await;
    let bobby = app.grant("acme", |grant| grant.namespace = Some(namespace("users.bobby"))).await;
    set(&bobby, "/kv/secret", "mine").await;
    set(&bob, "/kv/a", "his").await;
    assert_eq!(get(&bob, "/kv?list").await.json(), json!(["/a"]));
    assert_eq!(get(&bob, "/kv/secret").await.status, 404);
    delete(&bob, "/kv/s?prefix").await;
    assert_eq!(get(&bobby, "/kv/secret").await.text(), "mine");
}

#[tokio::test]
async fn pairs_of_every_type_read_here_as_text_and_what_is_set_here_reads_elsewhere() {
    on_both(async |app| {
        let acme = app.acme().await;
        for (key, value, text) in [
            ("string", r#""a \"b\" é""#, "a \"b\" é"),
            ("number", "12345678901234567890123.50", "12345678901234567890123.50"),
            ("boolean", "true", "true"),
            ("json", r#"{"b": [1, null], "a": "x"}"#, r#"{"b":[1,null],"a":"x"}"#),
            ("null", "null", "null"),
        ] {
            acme.put(key, value).await;
            assert_eq!(get(&acme, &format!("/kv/{key}")).await.text(), text);
        }
        set(&acme, "/kv/text", "{\"a\": 1}").await;
        set(&acme, "/kv/bytes", vec![0, 0xFF, 0xFE]).await;
        let rows = acme
            .ask("{ key_value(where: {key: {_in: [\"bytes\", \"text\"]}}, order_by: {key: asc}) { key type value } }")
            .await;
        let expected = json!([
            {"key": "bytes", "type": "BINARY", "value": "AP/+"},
            {"key": "text", "type": "STRING", "value": "{\"a\": 1}"},
        ]);
        assert_eq!(rows.data()["key_value"], expected);
        let base64 = "mutation { set_key_value(input: {key: \"set\", type: BINARY, value: \"\\\"AP/+\\\"\"}) { id } }";
        acme.ask(base64).await.data();
        assert_eq!(get(&acme, "/kv/set").await.body, [0, 0xFF, 0xFE]);
    })
    .await;
}
