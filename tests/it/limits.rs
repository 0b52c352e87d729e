//! Licence tiers: how many pairs, how large a value.

use futures_util::future::join_all;
use highwater::domain::Permission;
use serde_json::json;

use crate::support::{
    actor::Actor,
    app::{TestApp, on_both},
    postgres,
    server::{SQLITE, Server},
};

#[tokio::test]
async fn the_eleventh_pair_of_a_free_tenant_is_refused_and_overwriting_is_not() {
    on_both(async |app| {
        let free = app.tenant("free", "free").await;
        let mut ids = Vec::new();
        for n in 0..10 {
            ids.push(free.put(&format!("k{n}"), "1").await);
        }
        let refused = free.set("k10", "1").await;
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (200, "LIMIT_EXCEEDED"));
        assert_eq!(refused.message(), "the tenant holds 10 pairs, the free tier allows 10");
        assert_eq!(free.put("k0", "2").await, ids[0]);
        assert_eq!(free.keys("{}").await.len(), 10);
        let delete = "mutation($id: UUID!) { delete_key_value(input: {key_value_id: $id}) { success } }";
        free.graphql(delete, json!({"id": ids[3]})).await.data();
        free.put("k10", "1").await;
        assert_eq!(free.set("k11", "1").await.code(), "LIMIT_EXCEEDED");
    })
    .await;
}

#[tokio::test]
async fn two_hundred_parallel_creates_fill_exactly_ten_places() {
    on_both(async |app| {
        let free = app.tenant("free", "free").await;
        let keys: Vec<_> = (0..200).map(|n| format!("k{n}")).collect();
        let replies = join_all(keys.iter().map(|key| free.set(key, "1"))).await;
        let refused = replies.iter().filter(|reply| reply.json().get("errors").is_some());
        let codes: Vec<_> = refused.map(|reply| reply.code()).collect();
        assert_eq!((codes.len(), codes.iter().all(|code| code == "LIMIT_EXCEEDED")), (190, true), "{codes:?}");
        assert_eq!(free.keys("{}").await.len(), 10);
    })
    .await;
}

#[tokio::test]
async fn two_servers_on_one_postgres_fill_exactly_ten_places() {
    two_servers(&postgres::fresh_database().await).await;
}

#[tokio::test]
async fn two_servers_on_one_sqlite_file_fill_exactly_ten_places() {
    two_servers(SQLITE).await;
}

async fn two_servers(database_url: &str) {
    let first = Server::start(database_url);
    let second = first.another();
    let token = first.token(&["--name", "free", "--tier", "free"]);
    let actors = [&first, &second].map(|server| Actor::new(&server.url, Some(token.clone()), String::new()));
    let sets = (0..200).map(|n| (&actors[n % 2], format!("k{n}")));
    let replies = join_all(sets.map(async |(actor, key)| actor.set(&key, "1").await)).await;
    let created = replies.iter().filter(|reply| reply.json().get("errors").is_none()).count();
    let refused = replies.iter().filter(|reply| reply.text.contains("LIMIT_EXCEEDED")).count();
    assert_eq!((created, refused), (10, 190), "{:?}", replies.iter().map(|reply| &reply.text).collect::<Vec<_>>());
    for actor in &actors {
        assert_eq!(actor.keys("{}").await.len(), 10);
    }
}

#[tokio::test]
async fn a_value_may_have_as_many_bytes_of_compact_json_as_its_tier_says() {
    on_both(async |app| {
        for (tier, limit) in [("free", 10_000), ("standard", 100_000), ("enterprise", 1_000_000)] {
            let tenant = app.tenant(tier, tier).await;
            let text = |bytes: usize| format!("\"{}\"", "x".repeat(bytes - 2));
            tenant.put("foo", &text(limit)).await;
            let refused = tenant.set("foo", &text(limit + 1)).await;
            assert_eq!(refused.code(), "LIMIT_EXCEEDED");
            let reason = format!("the value is {} bytes of compact JSON, the {tier} tier allows {limit}", limit + 1);
            assert_eq!(refused.message(), reason);
            let length =
                tenant.ask("{ key_value { value } }").await.data()["key_value"][0]["value"].as_str().unwrap().len();
            assert_eq!(length, limit - 2, "a refused value changes nothing");
        }
    })
    .await;
}

#[tokio::test]
async fn white_space_and_escapes_do_not_count() {
    let app = TestApp::start().await;
    let free = app.tenant("free", "free").await;
    let spaced = format!("[{}1]", "1 ,   \n".repeat(4_999 - 1));
    free.put("spaced", &spaced).await;
    let emoji = format!("\"{}\"", "\\ud83d\\ude00".repeat(2_499));
    free.put("emoji", &emoji).await;
    assert_eq!(free.set("emoji", &format!("\"{}\"", "\\ud83d\\ude00".repeat(2_500))).await.code(), "LIMIT_EXCEEDED");
}

#[tokio::test]
async fn the_tokens_tier_decides_before_the_tenants() {
    on_both(async |app| {
        let tenant = app.tenant("acme", "starter").await;
        let licence = "{ auth_info { license } }";
        assert_eq!(
            tenant.ask(licence).await.data()["auth_info"]["license"]["terms"],
            json!({
                "plan": "starter", "key_value_pairs": 100, "value_bytes": 10_000, "tenants": 1,
                "requests_per_minute": null, "users": null, "read_only_users": null, "flow_concurrency": null,
                "history_retention_days": null, "is_self_serve": false, "is_usage_based": false, "frozen": false,
                "permissions": Permission::ALL.iter().map(|permission| permission.name()).collect::<Vec<_>>(),
            })
        );
        let free = app.grant("acme", |grant| grant.tier = Some("free".to_owned())).await;
        assert_eq!(free.ask(licence).await.data()["auth_info"]["license"]["terms"]["key_value_pairs"], 10);
        for n in 0..11 {
            tenant.put(&format!("k{n}"), "1").await;
        }
        assert_eq!(free.set("more", "1").await.message(), "the tenant holds 11 pairs, the free tier allows 10");
        free.put("k0", "2").await;
        tenant.put("more", "1").await;
        app.service.set_tier("acme", "free").await.unwrap();
        assert_eq!(tenant.set("yet more", "1").await.code(), "LIMIT_EXCEEDED");
        tenant.put("k0", "3").await;
    })
    .await;
}
