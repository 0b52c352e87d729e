//! Expired pairs leave the disk: in batches, by one server at a time, without holding writers up.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::Duration,
};

use futures_util::future::join;
use highwater::{domain::TenantId, service::Sweep};
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use uuid::Uuid;

use crate::support::{
    actor::Actor,
    app::{TestApp, on_both},
    postgres,
    server::Server,
};

const ME: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);

/// Nothing is kept beyond its end; a hundred pairs at a time.
const SWEEP: Sweep = Sweep { interval: Duration::from_secs(1), grace: Duration::ZERO, batch: 100 };

async fn set(actor: &Actor, key: &str, ttl: &str) {
    let query =
        format!("mutation {{ set_key_value(input: {{key: \"{key}\", value: \"1\", ttl: \"{ttl}\"}}) {{ id }} }}");
    actor.ask(&query).await.data();
}

/// Gives a tenant `count` pairs that ended a second before the test's clock began.
async fn expired(app: &TestApp, tenant: TenantId, count: i64) {
    let db = Database::connect(&app.database_url).await.unwrap();
    let sqlite = "WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n + 1 < $2)
        INSERT INTO key_value (id, tenant_id, namespace, key, kind, json, version, revision, expires_at, created, updated,
        updated_period) SELECT randomblob(16), $1, 'default', CAST(printf('old-%06d', n) AS BLOB), 'NUMBER', '1', 1, 0,
        1767225599000000, 0, 0, 0 FROM n";
    let postgres = "INSERT INTO key_value
        (id, tenant_id, namespace, key, kind, json, version, revision, expires_at, created, updated)
        SELECT gen_random_uuid(), $1, 'default', convert_to(format('old-%s', n), 'UTF8'), 'NUMBER', '1', 1, 0,
        1767225599000000, 0, 0 FROM generate_series(0, $2 - 1) n";
    let backend = db.get_database_backend();
    let insert = if backend == DbBackend::Postgres { postgres } else { sqlite };
    let values = [tenant.0.into(), count.into()];
    db.execute_raw(Statement::from_sql_and_values(backend, insert, values)).await.unwrap();
    let update = "UPDATE tenant SET pairs = pairs + $2 WHERE id = $1";
    let values = [tenant.0.into(), count.into()];
    db.execute_raw(Statement::from_sql_and_values(backend, update, values)).await.unwrap();
}

#[tokio::test]
async fn what_has_expired_is_removed_and_the_rest_stays() {
    on_both(async |app| {
        let (acme, other) = (app.acme().await, app.tenant("other", "free").await);
        set(&acme, "a", "PT1S").await;
        set(&acme, "b", "PT1S").await;
        set(&acme, "later", "PT1.001S").await;
        acme.put("never", "1").await;
        set(&other, "c", "PT1S").await;
        assert_eq!(app.service.sweep(ME, SWEEP).await.unwrap(), Some(0));
        app.clock.advance(Duration::from_secs(1));
        let kept = Sweep { grace: Duration::from_millis(1), ..SWEEP };
        assert_eq!(app.service.sweep(ME, kept).await.unwrap(), Some(0));
        assert_eq!(app.service.sweep(ME, SWEEP).await.unwrap(), Some(3));
        assert_eq!(acme.keys("{}").await, ["later", "never"]);
        let (ours, theirs) = (app.service.usage("acme").await.unwrap(), app.service.usage("other").await.unwrap());
        assert_eq!((ours.rows, ours.revision, theirs.rows, theirs.revision), (2, 6, 0, 2));
    })
    .await;
}

#[tokio::test]
async fn one_server_sweeps_and_another_goes_on_where_it_died() {
    on_both(async |app| {
        let acme = app.acme().await;
        set(&acme, "a", "PT0S").await;
        assert_eq!(app.service.sweep(ME, SWEEP).await.unwrap(), Some(1));
        set(&acme, "b", "PT0S").await;
        assert_eq!(app.service.sweep(OTHER, SWEEP).await.unwrap(), None);
        assert_eq!(app.service.usage("acme").await.unwrap().rows, 1);
        app.clock.advance(Duration::from_mins(1));
        assert_eq!(app.service.sweep(OTHER, SWEEP).await.unwrap(), Some(1));
        set(&acme, "c", "PT0S").await;
        assert_eq!(app.service.sweep(ME, SWEEP).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn writers_have_their_turn_between_batches() {
    on_both(async |app| {
        let acme = app.acme().await;
        let tenant = app.service.tenant_by_slug("acme").await.unwrap();
        expired(&app, tenant.id, 5_000).await;
        let (done, writes) = (AtomicBool::new(false), AtomicUsize::new(0));
        let sweep = async {
            let swept = app.service.sweep(ME, SWEEP).await.unwrap();
            done.store(true, Ordering::SeqCst);
            swept
        };
        let write = async {
            while !done.load(Ordering::SeqCst) {
                acme.put("k", "1").await;
                writes.fetch_add(1, Ordering::SeqCst);
            }
        };
        let (swept, ()) = join(sweep, write).await;
        assert_eq!(swept, Some(5_000));
        let writes = writes.load(Ordering::SeqCst);
        assert!(writes >= 50, "{writes} writes during 50 batches");
        assert_eq!(app.service.usage("acme").await.unwrap().rows, 1);
    })
    .await;
}

#[tokio::test]
async fn the_expired_pairs_of_a_full_tenant_do_not_pile_up() {
    on_both(async |app| {
        let free = app.tenant("free", "free").await;
        let tenant = app.service.tenant_by_slug("free").await.unwrap();
        expired(&app, tenant.id, 2_500).await;
        for n in 0..10 {
            free.put(&format!("k{n}"), "1").await;
        }
        assert_eq!(free.set("more", "1").await.code(), "LIMIT_EXCEEDED");
        let rows = app.service.usage("free").await.unwrap().rows;
        assert_eq!(rows, 510, "writes near the limit leave no more than 500 to be counted each time");
    })
    .await;
}

#[tokio::test]
async fn running_servers_sweep_by_themselves() {
    let url = postgres::fresh_database().await;
    let settings = [("HIGHWATER_SWEEPER__INTERVAL", "50ms"), ("HIGHWATER_SWEEPER__GRACE", "1ms")];
    let server = Server::with_on(&url, &settings);
    let actor = Actor::new(&server.url, Some(server.admin_token().to_owned()), String::new());
    set(&actor, "a", "PT0.001S").await;
    actor.put("b", "1").await;
    let db = Database::connect(&url).await.unwrap();
    let mut rows = 2;
    for _ in 0..600 {
        let count = Statement::from_string(DbBackend::Postgres, "SELECT count(*) FROM key_value");
        rows = db.query_one_raw(count).await.unwrap().unwrap().try_get_by_index::<i64>(0).unwrap();
        if rows == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(rows, 1, "{}", server.stderr());
    assert!(tokio::task::spawn_blocking(move || server.stop()).await.unwrap().success());
    let leases = Statement::from_string(DbBackend::Postgres, "SELECT count(*) FROM lease");
    let leases = db.query_one_raw(leases).await.unwrap().unwrap().try_get_by_index::<i64>(0).unwrap();
    assert_eq!(leases, 0, "a server that stops leaves the task to another");
}
