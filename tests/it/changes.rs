//! `key_value_changes`: each committed write once and in order, for every reader.

use std::time::Duration;

use futures_util::{StreamExt, future::join_all};
use serde_json::{Value, json};

use crate::support::{
    actor::Actor,
    app::{TestApp, namespace, on_both},
    node, postgres,
    server::{SQLITE, Server},
};

/// How long a change may take to arrive; it takes milliseconds, or a fifth of a second from another server.
const PATIENCE: Duration = Duration::from_secs(30);

/// A stream of events.
struct Events {
    response: reqwest::Response,
    text: String,
}

impl Events {
    async fn of(actor: &Actor, arguments: &str) -> Self {
        Self::of_fields(actor, arguments, "revision operation key namespace version").await
    }

    async fn of_fields(actor: &Actor, arguments: &str, fields: &str) -> Self {
        let query = format!("subscription {{ key_value_changes{arguments} {{ {fields} }} }}");
        let request =
            actor.post("/graphql").header("accept", "text/event-stream").header("content-type", "application/json");
        let response = request.body(json!({"query": query}).to_string()).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        Self { response, text: String::new() }
    }

    /// The next event: its name and its data.
    async fn next(&mut self) -> (String, Value) {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                let found =
                    field("event:").map(|event| (event.to_owned(), field("data:").unwrap_or_default().to_owned()));
                self.text = String::from(rest);
                if let Some((event, data)) = found {
                    return (event, serde_json::from_str(&data).unwrap_or_default());
                }
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk()).await.expect("an event in time");
            self.text.push_str(std::str::from_utf8(&chunk.unwrap().expect("the stream goes on")).unwrap());
        }
    }

    async fn change(&mut self) -> Value {
        let (event, data) = self.next().await;
        assert_eq!(event, "next", "{data}");
        assert!(data.get("errors").is_none(), "{data}");
        data["data"]["key_value_changes"].clone()
    }

    async fn keys(&mut self, count: usize) -> Vec<String> {
        let mut keys = Vec::new();
        for _ in 0..count {
            keys.push(self.change().await["key"].as_str().unwrap().to_owned());
        }
        keys
    }
}

#[tokio::test]
async fn sets_and_deletes_arrive_once_and_in_order() {
    on_both(async |app| {
        let acme = app.acme().await;
        let mut events = Events::of(&acme, "(after_revision: 0)").await;
        let id = acme.put("a", "1").await;
        acme.put("a", "2").await;
        let delete = "mutation($id: UUID!) { delete_key_value(input: {key_value_id: $id}) { success } }";
        acme.graphql(delete, json!({"id": id})).await.data();
        acme.set("", "refused").await;
        acme.put("b", "1").await;
        for (revision, operation, key, version) in
            [(1, "set", "a", 1), (2, "set", "a", 2), (3, "delete", "a", 2), (4, "set", "b", 1)]
        {
            let expected = json!({
                "revision": revision, "operation": operation, "key": key, "namespace": "default", "version": version,
            });
            assert_eq!(events.change().await, expected);
        }
    })
    .await;
}

#[tokio::test]
async fn a_reader_sees_its_own_namespaces_and_tenant_only() {
    on_both(async |app| {
        let (acme, other) = (app.acme().await, app.tenant("other", "free").await);
        let team = app.grant("acme", |grant| grant.namespace = Some(namespace("team"))).await;
        let mut own = Events::of(&team, "(after_revision: 0)").await;
        let mut reach = Events::of(&team, "(after_revision: 0, namespace: \"*\")").await;
        let mut all = Events::of(&acme, "(after_revision: 0, namespace: \"*\")").await;
        acme.put("default's", "1").await;
        other.put("other's", "1").await;
        team.put("team's", "1").await;
        assert_eq!(own.keys(1).await, ["team's"]);
        assert_eq!(reach.keys(1).await, ["team's"]);
        assert_eq!(all.keys(2).await, ["default's", "team's"]);
        let (event, refused) = Events::of(&team, "(namespace: \"default\")").await.next().await;
        assert_eq!((event.as_str(), &refused["errors"][0]["extensions"]["code"]), ("next", &json!("FORBIDDEN")));
    })
    .await;
}

#[tokio::test]
async fn a_reader_that_comes_back_goes_on_where_it_left() {
    on_both(async |app| {
        let acme = app.acme().await;
        for n in 0..600 {
            acme.put(&format!("k{n:03}"), "1").await;
        }
        let mut events = Events::of(&acme, "(after_revision: 250)").await;
        let rest: Vec<_> = (250..600).map(|n| format!("k{n:03}")).collect();
        assert_eq!(events.keys(350).await, rest);
        acme.put("live", "1").await;
        assert_eq!(events.keys(1).await, ["live"]);
    })
    .await;
}

#[tokio::test]
async fn changes_that_are_kept_no_more_are_refused_with_the_revision_to_go_on_from() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    for chunk in (0..11_500).collect::<Vec<_>>().chunks(500) {
        let sets = chunk.iter().map(|n| acme.put("k", if n % 2 == 0 { "0" } else { "1" }));
        join_all(sets).await;
    }
    let (_, refused) = Events::of(&acme, "(after_revision: 5)").await.next().await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "RESUME");
    assert!(refused["errors"][0]["message"].as_str().unwrap().ends_with("go on from revision 11500"), "{refused}");
    assert_eq!(Events::of(&acme, "(after_revision: 11499)").await.change().await["revision"], 11_500);
}

#[tokio::test]
async fn a_reader_that_falls_behind_is_told_where_to_go_on() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    let mut slow = Events::of_fields(&acme, "(after_revision: 0)", "revision key_value { value }").await;
    let value = format!("\"{}\"", "x".repeat(100_000));
    for _ in 0..12 {
        join_all((0..100).map(|_| acme.put("k", &value))).await;
    }
    let mut last = 0;
    let refused = loop {
        let (_, data) = slow.next().await;
        match data["data"]["key_value_changes"]["revision"].as_i64() {
            Some(revision) => {
                assert_eq!(revision, last + 1);
                last = revision;
            }
            None => break data,
        }
    };
    assert_eq!(refused["errors"][0]["extensions"]["code"], "RESUME", "{refused}");
    let message = refused["errors"][0]["message"].as_str().unwrap();
    assert!(message.ends_with(&format!("go on with after_revision {last}")), "{message}");
    assert_eq!(slow.next().await.0, "complete");
    let mut resumed = Events::of(&acme, &format!("(after_revision: {last})")).await;
    assert_eq!(resumed.change().await["revision"], last + 1);
}

#[tokio::test]
async fn a_reader_on_one_server_sees_writes_on_another() {
    for url in [SQLITE.to_owned(), postgres::fresh_database().await] {
        let first = Server::start(&url);
        let second = first.another();
        let token = first.admin_token().to_owned();
        let [here, there] = [&first, &second].map(|server| Actor::new(&server.url, Some(token.clone()), String::new()));
        let mut events = Events::of(&here, "(after_revision: 0)").await;
        let sets = (0..100).map(|n| (if n % 2 == 0 { &here } else { &there }, format!("k{n}")));
        join_all(sets.map(async |(actor, key)| actor.put(&key, "1").await)).await;
        for revision in 1..=100 {
            assert_eq!(events.change().await["revision"], revision);
        }
    }
}

#[tokio::test]
async fn a_thousand_readers_all_see_every_change() {
    let app = TestApp::start().await;
    let acme = app.acme().await;
    let mut readers: Vec<_> = futures_util::stream::iter(0..1_000)
        .map(|_| Events::of(&acme, "(after_revision: 0)"))
        .buffer_unordered(50)
        .collect()
        .await;
    for n in 0..5 {
        acme.put(&format!("k{n}"), "1").await;
    }
    for events in &mut readers {
        assert_eq!(events.keys(5).await, ["k0", "k1", "k2", "k3", "k4"]);
    }
}

#[tokio::test]
async fn a_server_that_stops_ends_its_streams() {
    let server = Server::start(SQLITE);
    let actor = Actor::new(&server.url, Some(server.admin_token().to_owned()), String::new());
    let mut events = Events::of(&actor, "").await;
    let stopped = tokio::task::spawn_blocking(move || server.stop());
    assert_eq!(events.next().await.0, "complete");
    assert_eq!(stopped.await.unwrap().code(), Some(0));
}

#[test]
fn the_npm_clients_graphql_ws_and_graphql_sse_stream_changes() {
    let server = Server::start(SQLITE);
    let said = node::script("streams", "clients.mjs", &[&format!("{}/graphql", server.url), server.admin_token()]);
    assert_eq!(said.lines().count(), 6, "{said}");
}

#[test]
fn each_mistake_on_a_websocket_gets_its_close_code() {
    let server = Server::start(SQLITE);
    let said = node::script("streams", "frames.mjs", &[&format!("{}/graphql", server.url), server.admin_token()]);
    assert_eq!(said.lines().count(), 21, "{said}");
}
