//! The schema goes up, down and up again, on both databases, one server at a time.

use std::{process::Output, time::Duration};

use futures_util::future::join_all;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database};
use serde_json::json;

use crate::support::{
    app::{Backend, on_both},
    postgres,
    server::{self, SQLITE},
};

fn migrate(command: &server::Command, arguments: &[&str]) -> Output {
    command.run(&[&["migrate"], arguments].concat())
}

fn states(output: &Output) -> Vec<String> {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout.clone()).unwrap();
    printed.lines().skip(1).map(|line| line.split_whitespace().last().unwrap().to_owned()).collect()
}

#[test]
fn the_schema_goes_up_and_down_and_up_on_sqlite() {
    up_down_up(SQLITE);
}

#[tokio::test]
async fn the_schema_goes_up_and_down_and_up_on_postgres() {
    up_down_up(&postgres::fresh_database().await);
}

fn up_down_up(database_url: &str) {
    let command = server::Command::on(database_url);
    let all = |state: &str, states: &[String]| !states.is_empty() && states.iter().all(|one| one == state);
    assert!(all("missing", &states(&migrate(&command, &["status"]))));
    assert!(all("applied", &states(&migrate(&command, &["up"]))));
    assert!(all("applied", &states(&migrate(&command, &["up"]))), "twice is once");
    assert!(command.run(&["tenant", "create", "acme"]).status.success());
    assert!(all("missing", &states(&migrate(&command, &["down"]))));
    let behind = command.run(&["tenant", "list"]);
    assert_eq!(behind.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&behind.stderr).contains("migrations behind"), "{behind:?}");
    let refused = command.run(&["serve", "--no-migrate", "--listen", "127.0.0.1:0"]);
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    assert!(all("applied", &states(&migrate(&command, &["up"]))));
    assert!(command.run(&["tenant", "create", "acme"]).status.success(), "the data is gone");
}

#[tokio::test]
async fn servers_that_start_together_migrate_once_and_greet_once() {
    let url = postgres::fresh_database().await;
    let starts = (0..3).map(|_| {
        tokio::task::spawn_blocking({
            let url = url.clone();
            move || server::Server::start(&url)
        })
    });
    let servers: Vec<_> = join_all(starts).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(servers.iter().filter(|server| server.admin_token.is_some()).count(), 1);
}

#[tokio::test]
async fn pairs_live_through_the_steps_that_index_when_they_were_written() {
    on_both(async |app| {
        let acme = app.acme().await;
        let db = Database::connect(&app.database_url).await.unwrap();
        // From midnight on, so that "c" is the last of the first ten minutes.
        for key in ["a", "b", "c", "d"] {
            acme.put(key, "1").await;
            app.clock.advance(Duration::from_mins(4));
        }
        for (steps, latest, later) in
            [(1, ["a", "d", "c", "b"], vec!["a", "d"]), (2, ["b", "a", "d", "c"], vec!["a", "b", "d"])]
        {
            Migrator::down(&db, Some(steps)).await.unwrap();
            Migrator::up(&db, None).await.unwrap();
            acme.put(latest[0], "2").await;
            let found = acme.ask("{ key_value(order_by: {updated: desc}) { key } }").await.data();
            assert_eq!(found, json!({"key_value": latest.map(|key| json!({"key": key}))}));
            assert_eq!(acme.keys("{updated: {_gt: \"2026-01-01T00:08:00Z\"}}").await, later);
            app.clock.advance(Duration::from_mins(4));
        }
        if app.backend == Backend::Sqlite {
            let alone = db.execute_unprepared("UPDATE key_value SET updated = updated + 600000000").await;
            assert!(alone.unwrap_err().to_string().contains("CHECK constraint failed"));
        }
    })
    .await;
}
