//! Requests per minute, where a licence limits them.

use std::time::Duration;

use highwater::{
    domain::{Limits, Tiers},
    service::Service,
};
use serde_json::json;

use crate::support::{
    actor::{Actor, Reply},
    app::{TestApp, on_both},
    server::Server,
};

async fn asked(actor: &Actor, path: &str, prefect: bool) -> Reply {
    let mut request = actor.post(path).header("content-type", "application/json");
    if prefect {
        request = request.header("x-prefect-core-version", "1.4.1");
    }
    Reply::of(request.body(r#"{"query": "{ hello }"}"#)).await
}

#[tokio::test]
async fn past_the_limit_comes_429_with_retry_after_in_every_dialect() {
    let server = Server::in_file("[tiers.free]\nrequests_per_minute = 8\n[tiers.enterprise]\n");
    let free = Actor::new(&server.url, Some(server.token(&["--name", "free", "--tier", "free"])), String::new());
    let admin = Actor::new(&server.url, server.admin_token.clone(), String::new());
    let mut taken = 0;
    // The minute may end while we count: then it begins anew, once.
    let refused = loop {
        let reply = asked(&free, "/graphql", false).await;
        if reply.status.as_u16() == 429 {
            break reply;
        }
        taken += 1;
        assert!(taken <= 16, "{reply:?}");
    };
    assert!(taken >= 8, "{taken}");
    assert_eq!(refused.code(), "RATE_LIMITED");
    assert!(refused.message().starts_with("the free tier allows 8 requests per minute; go on in "), "{refused:?}");
    let seconds: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds));
    for (path, prefect) in [("/", false), ("/graphql", true)] {
        let refused = asked(&free, path, prefect).await;
        // As above: a new minute takes it.
        if !refused.status.is_success() {
            assert_eq!((refused.status.as_u16(), refused.headers.contains_key("retry-after")), (429, true));
        }
    }
    let kestra = Reply::of(free.get("/api/v1/main/namespaces/default/kv")).await;
    assert!(kestra.status.is_success() || kestra.headers.contains_key("retry-after"), "{kestra:?}");
    admin.ask("{ hello }").await.data();
}

/// A server of the app's database, with a tier of five requests per minute.
fn limited(app: &TestApp) -> Service {
    let limits = Limits { requests_per_minute: Some(5), ..Limits::default() };
    Service::new(app.store.clone(), app.clock.clone(), Tiers::from_iter([("slow".to_owned(), limits)]))
}

#[tokio::test]
async fn servers_count_together_and_each_minute_begins_anew() {
    on_both(async |app| {
        let acme = app.acme().await;
        let mut caller = app.caller(&acme).await;
        let [one, other] = [limited(&app), limited(&app)];
        let mut identity = (*caller.identity).clone();
        identity.tier = one.tiers().get("slow").unwrap();
        caller.identity = std::sync::Arc::new(identity);
        let admitted = |service: &Service| (0..10).filter(|_| service.admit(&caller).is_ok()).count();
        for _ in 0..3 {
            one.admit(&caller).unwrap();
        }
        one.share_rates().await;
        other.admit(&caller).unwrap();
        other.share_rates().await;
        assert_eq!(admitted(&other), 1, "three of the one, one and one of the other");
        one.share_rates().await;
        other.share_rates().await;
        one.share_rates().await;
        assert_eq!(admitted(&one), 0);
        let refused = one.admit(&caller).unwrap_err().to_string();
        assert_eq!(refused, "the slow tier allows 5 requests per minute; go on in 60 s");
        app.clock.advance(Duration::from_secs(59));
        assert_eq!(admitted(&one), 0);
        app.clock.advance(Duration::from_secs(1));
        assert_eq!(admitted(&one), 5);
    })
    .await;
}

#[tokio::test]
async fn each_of_a_batch_counts() {
    let server = Server::in_file("[tiers.free]\nrequests_per_minute = 8\n");
    let free = Actor::new(&server.url, Some(server.token(&["--name", "free", "--tier", "free"])), String::new());
    let batch = serde_json::Value::from(vec![json!({"query": "{ hello }"}); 9]).to_string();
    let refused = free.send(batch).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (429, "RATE_LIMITED"));
}
