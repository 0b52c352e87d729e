//! What one server changes of tokens, members and licences, every other server of the database goes by
//! within two seconds.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::support::{
    actor::Actor,
    app::on_both,
    node, postgres,
    server::{SQLITE, Server},
};

/// What the servers promise.
const WITHIN: Duration = Duration::from_secs(2);

/// Waits until `seen` says yes; it must do so in time.
#[expect(clippy::disallowed_methods, reason = "the promise is about the time of day")]
async fn in_time<F: Future<Output = bool>>(seen: impl Fn() -> F) {
    let begun = Instant::now();
    while !seen().await {
        // Half a second for what a busy machine takes to ask.
        assert!(begun.elapsed() < WITHIN + Duration::from_millis(500), "not seen within two seconds");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn two_servers_on_one_sqlite_file_agree_in_time() {
    agree(SQLITE).await;
}

#[tokio::test]
async fn two_servers_on_one_postgres_agree_in_time() {
    agree(&postgres::fresh_database().await).await;
}

async fn agree(database_url: &str) {
    let first = Server::start(database_url);
    let second = first.another();
    let token = first.token(&["--name", "person", "--role", "user"]);
    let admin = Actor::new(&first.url, first.admin_token.clone(), String::new());
    let [here, there] = [&first, &second].map(|server| Actor::new(&server.url, Some(token.clone()), String::new()));
    here.put("foo", "1").await;
    there.put("foo", "1").await;

    let place = "{ membership(where: {username: {_eq: \"person@default\"}}) { id } auth_role { id name } }";
    let data = admin.ask(place).await.data();
    let role = data["auth_role"].as_array().unwrap().iter().find(|role| role["name"] == "Read Only User").unwrap();
    let input = json!({"input": {"membership_id": data["membership"][0]["id"], "role_id": role["id"]}});
    let set = "mutation($input: set_membership_role_input!) { set_membership_role(input: $input) { id } }";
    admin.graphql(set, input).await.data();
    assert_eq!(here.set("foo", "2").await.code(), "FORBIDDEN", "the server that made the change goes by it at once");
    in_time(async || there.set("foo", "2").await.text.contains("FORBIDDEN")).await;

    let listed = String::from_utf8(first.cli(&["token", "list"]).stdout).unwrap();
    let id = listed.lines().find(|line| line.contains("person")).unwrap().split_whitespace().next().unwrap().to_owned();
    assert!(first.cli(&["token", "revoke", &id]).status.success());
    for actor in [&here, &there] {
        in_time(async || actor.ask("{ hello }").await.status.as_u16() == 401).await;
    }
}

#[tokio::test]
async fn the_streams_of_a_revoked_token_end_in_time_on_every_server() {
    for url in [SQLITE.to_owned(), postgres::fresh_database().await] {
        let first = Server::start(&url);
        let second = first.another();
        let [here, there] = [&first, &second].map(|server| format!("{}/graphql", server.url));
        let said = node::script("streams", "revoked.mjs", &[&here, &there, first.admin_token()]);
        assert_eq!(said.lines().count(), 4, "{said}");
    }
}

#[tokio::test]
async fn a_tier_counts_at_once_for_writes_by_any_server() {
    let first = Server::start(SQLITE);
    let second = first.another();
    let actor = Actor::new(&second.url, first.admin_token.clone(), String::new());
    for n in 0..11 {
        actor.put(&format!("k{n}"), "1").await;
    }
    assert!(first.cli(&["tenant", "set-tier", "default", "free"]).status.success());
    let refused = actor.set("more", "1").await;
    assert_eq!(refused.message(), "the tenant holds 11 pairs, the free tier allows 10");
    actor.put("k3", "2").await;
    assert_eq!(actor.keys("{}").await.len(), 11, "what is there stays readable");
    assert_eq!(actor.set("k3", &format!("\"{}\"", "x".repeat(10_000))).await.code(), "LIMIT_EXCEEDED");
    let license =
        actor.ask("{ license_usage { plan key_value_pairs key_value_pairs_used next_limit { name used allowed } } }");
    let full = json!({"name": "key_value_pairs", "used": 11, "allowed": 10});
    let usage = json!({"plan": "free", "key_value_pairs": 10, "key_value_pairs_used": 11, "next_limit": full});
    assert_eq!(license.await.data()["license_usage"], usage);
}

#[tokio::test]
async fn the_last_use_of_a_key_is_kept() {
    on_both(async |app| {
        let acme = app.acme().await;
        let query = "{ auth_api_key { last_used_at } }";
        assert_eq!(acme.ask(query).await.data()["auth_api_key"][0]["last_used_at"], "2026-01-01T00:00:00+00:00");
        app.clock.advance(Duration::from_mins(1));
        assert_eq!(acme.ask(query).await.data()["auth_api_key"][0]["last_used_at"], "2026-01-01T00:01:00+00:00");
        let unused = app.grant("acme", |grant| grant.name = "unused".to_owned()).await;
        let query = "{ auth_api_key(where: {last_used_at: {_is_null: true}}) { name } }";
        assert_eq!(acme.ask(query).await.data()["auth_api_key"], json!([{"name": "unused"}]));
        unused.ask("{ hello }").await.data();
        assert_eq!(acme.ask(query).await.data()["auth_api_key"], json!([]));
    })
    .await;
}
