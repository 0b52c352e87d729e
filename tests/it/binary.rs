//! The binary as its operator meets it: first start, more servers, health, the end.

use std::path::Path;

use crate::support::{
    postgres,
    python::Prefect,
    server::{SQLITE, Server},
};

const VERSION: &str = env!("CARGO_PKG_VERSION");

#[test]
fn the_first_start_on_sqlite_prints_lines_to_paste_and_no_later_one_does() {
    first_start(SQLITE);
}

#[tokio::test]
async fn the_first_start_on_postgres_prints_lines_to_paste_and_no_later_one_does() {
    first_start(&postgres::fresh_database().await);
}

fn first_start(database_url: &str) {
    let first = Server::start(database_url);
    let said = first.stdout();
    let api = format!("export PREFECT__CLOUD__API={}", first.url);
    let key = format!("export PREFECT__CLOUD__API_KEY={}", first.admin_token());
    for line in ["export PREFECT__BACKEND=cloud", &api, &key] {
        assert_eq!(said.lines().filter(|said| *said == line).count(), 1, "{line} in:\n{said}");
    }
    assert!(said.ends_with(&format!("Highwater {VERSION} is ready on {}\n", first.url)), "{said}");
    assert!(!first.stderr().contains(first.admin_token()), "a token in the log");

    let second = first.another();
    assert_eq!(second.stdout(), format!("Highwater {VERSION} is ready on {}\n", second.url));
    let prefect = Prefect::with_key(&second.url, first.admin_token());
    assert_eq!(prefect.cli(&["kv", "list"]).stdout, "No keys found\n");
}

#[test]
fn sigterm_ends_the_server_with_0() {
    let server = Server::start(SQLITE);
    let next = server.another();
    assert_eq!(server.stop().code(), Some(0));
    assert_eq!(next.stop().code(), Some(0));
}

#[test]
fn what_was_answered_survives_kill_9() {
    let mut server = Server::start(SQLITE);
    let token = server.admin_token().to_owned();
    Prefect::with_key(&server.url, &token).cli(&["kv", "set", "foo", "bar"]);
    server.kill();
    let next = server.another();
    assert_eq!(Prefect::with_key(&next.url, &token).cli(&["kv", "get", "foo"]).stdout, "Key 'foo' has value 'bar'\n");
}

#[test]
fn health_says_whether_a_server_answers() {
    let mut server = Server::start(SQLITE);
    assert!(server.cli(&["health", &server.url]).status.success());
    server.kill();
    let dead = server.cli(&["health", &server.url]);
    assert!(!dead.status.success());
    assert!(!dead.stderr.is_empty(), "it says why");
}

#[test]
fn a_new_token_is_all_that_token_create_prints() {
    let server = Server::start(SQLITE);
    let output = server.cli(&["token", "create", "--name", "ci", "--expires", "90d"]);
    let printed = String::from_utf8(output.stdout).unwrap();
    let token = printed.strip_suffix('\n').unwrap();
    assert!(!token.is_empty() && !token.contains(char::is_whitespace), "{printed}");
    assert_eq!(Prefect::with_key(&server.url, token).cli(&["kv", "list"]).stdout, "No keys found\n");
}

#[test]
fn schema_graphql_is_what_the_binary_prints() {
    let printed = Server::start(SQLITE).cli(&["schema"]).stdout;
    let kept = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql")).unwrap();
    assert!(printed == kept, "run: cargo run -q -- schema > schema.graphql");
}
