//! A request that takes too long is refused in its door's own form.

use sea_orm::{ConnectionTrait, Database, TransactionTrait};

use crate::support::{
    actor::{Actor, Reply},
    postgres,
    server::Server,
};

#[tokio::test]
async fn every_door_says_in_its_own_form_that_the_time_is_over() {
    let url = postgres::fresh_database().await;
    let server = Server::with_on(&url, &[("HIGHWATER_LIMITS__REQUEST_TIME", "500ms")]);
    let actor = Actor::new(&server.url, Some(server.admin_token().to_owned()), String::new());
    actor.put("k", "1").await;
    // Another session holds the tenant's lock, so that every write waits.
    let db = Database::connect(&url).await.unwrap();
    let lock = db.begin().await.unwrap();
    lock.execute_unprepared("SELECT id FROM tenant FOR UPDATE").await.unwrap();

    let graphql = actor.set("k", "2").await;
    assert_eq!((graphql.status.as_u16(), graphql.code().as_str()), (503, "TIMEOUT"));
    let kestra = Reply::of(actor.request("PUT", "/api/v1/main/namespaces/default/kv/k").body("2")).await;
    let message = "Service Unavailable: the request took longer than 0.5 s; ask for less, or try again";
    assert_eq!((kestra.status.as_u16(), kestra.json()["message"].as_str()), (503, Some(message)));
    assert_eq!(kestra.json()["_links"]["self"][0]["href"], "/api/v1/main/namespaces/default/kv/k");
    let prominence = Reply::of(actor.post("/kv/k").body("2")).await;
    let message = "the request took longer than 0.5 s; try again";
    assert_eq!((prominence.status.as_u16(), prominence.json()["error"].as_str()), (503, Some(message)));
    for reply in [graphql, kestra, prominence] {
        assert_eq!(reply.headers["retry-after"], "1", "{reply:?}");
    }
    lock.rollback().await.unwrap();
}
