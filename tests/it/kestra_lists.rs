//! Kestra's door: lists of keys, pages, sorting, filters, inheritance, on both databases.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{
    actor::{Actor, Reply},
    app::{TestApp, namespace, on_both},
};

async fn put(actor: &Actor, namespace: &str, key: &str) {
    let request = actor.request("PUT", &format!("/api/v1/main/namespaces/{namespace}/kv/{key}")).body("1");
    assert_eq!(Reply::of(request).await.status, 200);
}

async fn ask(actor: &Actor, path: &str) -> Reply {
    Reply::of(actor.request("GET", path)).await
}

/// `namespace/key` of the entries, and how many there are on all pages.
async fn page(actor: &Actor, query: &str) -> (Vec<String>, Value) {
    let reply = ask(actor, &format!("/api/v1/main/kv?{query}")).await;
    assert_eq!(reply.status, 200, "{query}: {reply:?}");
    let json = reply.json();
    let name = |entry: &Value| format!("{}/{}", entry["namespace"].as_str().unwrap(), entry["key"].as_str().unwrap());
    (json["results"].as_array().unwrap().iter().map(name).collect(), json["total"].clone())
}

async fn filled(app: &TestApp) -> Actor {
    let acme = app.acme().await;
    for (namespace, key) in [
        ("prod", "a"),
        ("prod.db", "Url"),
        ("prod.db.eu", "url_eu"),
        ("prod2", "b"),
        ("test", "my-url"),
        ("te_st", "c"),
    ] {
        put(&acme, namespace, key).await;
        app.clock.advance(Duration::from_mins(1));
    }
    put(&acme, "prod", "a").await;
    acme
}

#[tokio::test]
async fn a_page_has_ten_keys_or_as_many_as_asked_for() {
    on_both(async |app| {
        let acme = app.acme().await;
        for n in 0..12 {
            put(&acme, if n % 2 == 0 { "a" } else { "b.c" }, &format!("k{n:02}")).await;
        }
        let (first, total) = page(&acme, "").await;
        assert_eq!((first.len(), total), (10, json!(12)));
        assert_eq!(first[..7], ["a/k00", "a/k02", "a/k04", "a/k06", "a/k08", "a/k10", "b.c/k01"]);
        assert_eq!(page(&acme, "page=2").await, (vec!["b.c/k09".to_owned(), "b.c/k11".to_owned()], json!(12)));
        assert_eq!(page(&acme, "page=3&size=5").await.0, ["b.c/k09", "b.c/k11"]);
        assert_eq!(page(&acme, "page=99&size=1000").await, (vec![], json!(12)));
        let slash = ask(&acme, "/api/v1/main/kv/?size=1").await.json();
        assert_eq!((&slash["results"][0]["key"], &slash["total"]), (&json!("k00"), &json!(12)));
        for query in ["size=1001", "size=0", "size=x", "page=0", "page=-1", "page=99999999999999999999"] {
            let refused = ask(&acme, &format!("/api/v1/main/kv?{query}")).await;
            assert_eq!(refused.status, 422, "{query}");
            assert!(refused.json()["message"].as_str().unwrap().starts_with("Illegal argument: "), "{refused:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn keys_sort_by_every_field_and_by_several() {
    on_both(async |app| {
        let acme = filled(&app).await;
        let ttl = acme.request("PUT", "/api/v1/main/namespaces/test/kv/my-url");
        Reply::of(ttl.header("ttl", "PT1H").header("description", "d").body("1")).await;
        let first = async |sort: &str| page(&acme, &format!("sort={sort}&size=1")).await.0.remove(0);
        assert_eq!(first("namespace:desc").await, "test/my-url");
        for (sort, name) in [
            ("key:asc", "prod.db/Url"),
            ("name:desc", "prod.db.eu/url_eu"),
            ("revision:desc,namespace:desc", "test/my-url"),
            ("version:DESC", "prod/a"),
            ("creationDate:asc", "prod/a"),
            ("created:desc", "te_st/c"),
            ("updateDate:asc", "prod.db/Url"),
            ("updated:desc", "prod/a"),
            ("expirationDate:asc", "test/my-url"),
            ("expirationDate:desc", "test/my-url"),
            ("description:asc", "test/my-url"),
            ("revision%3Adesc&sort=key%3Adesc", "test/my-url"),
        ] {
            assert_eq!(first(sort).await, name, "{sort}");
        }
        for sort in ["%20", "key:asc,", "key", "x:asc", "key:up", "value:asc", "key:asc,x"] {
            let refused = ask(&acme, &format!("/api/v1/main/kv?sort={sort}")).await;
            assert_eq!(refused.status, 422, "{sort}");
            let message = refused.json()["message"].as_str().unwrap().to_owned();
            assert!(message.starts_with("Illegal argument: Invalid sort parameter"), "{message}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_filter_takes_what_it_says_and_several_must_all_hold() {
    on_both(async |app| {
        let acme = filled(&app).await;
        let (prod, db, eu, prod2) = ("prod/a", "prod.db/Url", "prod.db.eu/url_eu", "prod2/b");
        let (low, test) = ("te_st/c", "test/my-url");
        for (filter, names) in [
            ("filters[q][EQUALS]=URL", vec![db, eu, test]),
            ("filters[q][NOT_EQUALS]=url", vec![prod, prod2, low]),
            ("filters[q][EQUALS]=_", vec![eu]),
            ("filters[q][EQUALS]=%25", vec![]),
            ("filters[namespace][EQUALS]=prod", vec![prod]),
            ("filters%5Bnamespace%5D%5BEQUALS%5D=prod", vec![prod]),
            ("filters[namespace][NOT_EQUALS]=prod", vec![db, eu, prod2, low, test]),
            ("filters[namespace][CONTAINS]=_", vec![low]),
            ("filters[namespace][CONTAINS]=d.d", vec![db, eu]),
            ("filters[namespace][STARTS_WITH]=prod", vec![prod, db, eu, prod2]),
            ("filters[namespace][ENDS_WITH]=st", vec![low, test]),
            ("filters[namespace][REGEX]=^te.?st$", vec![low, test]),
            ("filters[namespace][IN]=prod,test", vec![prod, test]),
            ("filters[namespace][NOT_IN]=prod, test", vec![db, eu, prod2, low]),
            ("filters[namespace][PREFIX]=prod", vec![prod, db, eu]),
            ("filters[namespace][PREFIX]=prod.db", vec![db, eu]),
            ("filters[namespace][PREFIX]=prod&filters[q][EQUALS]=url", vec![db, eu]),
            ("filters[updated][GREATER_THAN_OR_EQUAL_TO]=2026-01-01T00:05:00Z", vec![prod, low]),
            ("filters[updated][LESS_THAN]=2026-01-01T00:02:00Z", vec![db]),
            ("filters[expirationDate][GREATER_THAN]=2020-01-01", vec![]),
            ("filters[or][0][namespace][EQUALS]=prod&filters[or][1][namespace][EQUALS]=test", vec![prod, test]),
            ("filters[or][0][and][0][namespace][PREFIX]=prod&filters[or][0][and][1][q][EQUALS]=url&filters[or][1][q][EQUALS]=c", vec![db, eu, low]),
            ("filters[and][0][or][0][q][EQUALS]=a&filters[and][0][or][1][q][EQUALS]=b&filters[and][1][namespace][EQUALS]=prod", vec![prod]),
        ] {
            let (found, total) = page(&acme, filter).await;
            assert_eq!(found, names, "{filter}");
            assert_eq!(total, names.len(), "{filter}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_filter_that_nobody_knows_is_refused() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    for filter in [
        "filters[key][EQUALS]=a",
        "filters[q][CONTAINS]=a",
        "filters[namespace][GREATER_THAN]=a",
        "filters[namespace][equals]=a",
        "filters[updated][EQUALS]=soon",
        "filters[updated][IN]=2026-01-01",
        "filters[namespace][REGEX]=(",
        "filters[namespace]=a",
        "filters=a",
        "filters[]=a",
        "filters[or][x][q][EQUALS]=a",
        "filters[xor][0][q][EQUALS]=a",
        "filters[or][0][and][0][or][0][q][EQUALS]=a",
        "filters[labels][EQUALS][k]=a",
        "filters[q][EQUALS]x=a",
    ] {
        let refused = ask(&acme, &format!("/api/v1/main/kv?{filter}")).await;
        assert_eq!(refused.status, 400, "{filter}: {refused:?}");
        assert!(refused.json()["message"].as_str().unwrap().starts_with("Invalid query filters: "), "{refused:?}");
    }
    let many = "filters[q][EQUALS]=a&".repeat(101);
    assert_eq!(ask(&acme, &format!("/api/v1/main/kv?{many}")).await.status, 400);
    assert_eq!(page(&acme, "other=1&tenantId=x").await.1, 0);
}

#[tokio::test]
async fn a_namespace_inherits_from_those_above_it_the_nearest_first() {
    on_both(async |app| {
        let acme = app.acme().await;
        for (namespace, key) in
            [("a", "x"), ("a", "y"), ("a.b", "x"), ("a.b", "z"), ("a.b.c", "own"), ("a.bc", "no"), ("b", "no")]
        {
            put(&acme, namespace, key).await;
        }
        let inherited = async |namespace: &str| {
            let path = format!("/api/v1/main/namespaces/{namespace}/kv/inheritance");
            let json = ask(&acme, &path).await.json();
            let name =
                |entry: &Value| format!("{}/{}", entry["namespace"].as_str().unwrap(), entry["key"].as_str().unwrap());
            json.as_array().unwrap().iter().map(name).collect::<Vec<_>>()
        };
        assert_eq!(inherited("a.b.c").await, ["a.b/x", "a.b/z", "a/y"]);
        assert_eq!(inherited("a.b").await, ["a/x", "a/y"]);
        assert_eq!(inherited("a").await, [""; 0]);
        assert_eq!(inherited("nowhere.at.all").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn lists_show_what_the_token_reaches_and_unknown_namespaces_are_empty() {
    on_both(async |app| {
        let acme = filled(&app).await;
        let other = app.tenant("other", "free").await;
        let team = app.grant("acme", |grant| grant.namespace = Some(namespace("prod"))).await;
        assert_eq!(page(&team, "").await, (vec!["prod/a".to_owned()], json!(1)));
        assert_eq!(page(&team, "filters[namespace][STARTS_WITH]=prod").await.1, 1);
        assert_eq!(page(&other, "").await, (vec![], json!(0)));
        let nothing = ask(&acme, "/api/v1/main/namespaces/no.such/kv").await;
        assert_eq!((nothing.status.as_u16(), nothing.text.as_str()), (200, "[]"));
    })
    .await;
}
