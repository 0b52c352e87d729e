//! A database that cuts its connections, as at a fail-over (design.md, "What must hold", 8).

use std::sync::atomic::{AtomicI64, Ordering};

use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, Database};
use tokio_util::sync::CancellationToken;

use crate::support::{
    actor::Actor,
    app::{Backend, TestApp},
};

/// How often every connection is cut.
const CUTS: usize = 20;

const CUT: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
    WHERE datname = current_database() AND pid <> pg_backend_pid()";

#[tokio::test]
async fn reads_survive_cut_connections_and_no_write_is_lost_or_done_twice() {
    let app = TestApp::on(Backend::Postgres).await;
    let acme = app.acme().await;
    acme.put("watermark", "0").await;
    let (answered, unknown) = (AtomicI64::new(0), AtomicI64::new(0));
    let over = CancellationToken::new();

    let cut = async {
        let knife = Database::connect(&app.database_url).await.unwrap();
        for _ in 0..CUTS {
            let before = answered.load(Ordering::SeqCst);
            knife.execute_unprepared(CUT).await.unwrap();
            while answered.load(Ordering::SeqCst) < before + 5 {
                tokio::task::yield_now().await;
            }
        }
        over.cancel();
    };
    let readers = join_all((0..4).map(|_| read(&acme, &over)));
    let writers = join_all((0..4).map(|_| write(&acme, &over, &answered, &unknown)));
    tokio::join!(cut, readers, writers);

    let version = acme.ask("{ key_value { version } }").await.data()["key_value"][0]["version"].as_i64().unwrap();
    let (answered, unknown) = (answered.into_inner(), unknown.into_inner());
    let written = version - 1;
    assert!((answered..=answered + unknown).contains(&written), "{answered} + {unknown}?, found {written}");
    assert!(unknown < answered, "{answered} answered, {unknown} not");
}

async fn read(acme: &Actor, over: &CancellationToken) {
    while !over.is_cancelled() {
        assert_eq!(acme.keys("{key: {_eq: \"watermark\"}}").await, ["watermark"]);
    }
}

/// Overwrites the pair again and again. Where the connection went at the very COMMIT, nobody knows
/// whether it took effect, and the answer says to try again.
async fn write(acme: &Actor, over: &CancellationToken, answered: &AtomicI64, unknown: &AtomicI64) {
    while !over.is_cancelled() {
        let reply = acme.set("watermark", "1").await;
        match reply.status.as_u16() {
            200 => answered.fetch_add(i64::from(reply.data().is_object()), Ordering::SeqCst),
            503 => unknown.fetch_add(1, Ordering::SeqCst),
            status => panic!("{status}: {reply:?}"),
        };
    }
}
