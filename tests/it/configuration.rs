//! Settings: defaults < file < environment < flags, and what wrong ones get.

use std::{net::TcpListener, process::Output};

use crate::support::{
    actor::Actor,
    postgres,
    server::{Command, SQLITE, Server},
};

/// The exit codes of docs/cli.md that come up here.
const FAILED: i32 = 1;
const USAGE: i32 = 2;
const CONFLICT: i32 = 6;

fn refusal(output: &Output, code: i32) -> String {
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The address that a server could not listen on.
fn tried(output: &Output) -> String {
    let said = refusal(output, FAILED);
    said.split_once("cannot listen on ").unwrap_or_else(|| panic!("{said}")).1.split(": ").next().unwrap().to_owned()
}

#[test]
fn a_flag_is_stronger_than_the_environment_and_that_than_the_file() {
    // Addresses that are taken: the server names the one it tried, and ends.
    let taken: [TcpListener; 5] = std::array::from_fn(|_| TcpListener::bind("127.0.0.1:0").unwrap());
    let [file, other, environment, flag, bare] = taken.each_ref().map(|it| it.local_addr().unwrap().to_string());
    let mut command = Command::on(SQLITE);
    command.file("highwater.toml", &format!("listen = \"{file}\"\n"));
    assert_eq!(tried(&command.run(&[])), file);
    command.file("other.toml", &format!("listen = \"{other}\"\n"));
    assert_eq!(tried(&command.run(&["--config", "other.toml"])), other);
    command.env("HIGHWATER_LISTEN", &environment);
    assert_eq!(tried(&command.run(&["serve"])), environment);
    assert_eq!(tried(&command.run(&["serve", "--listen", &flag])), flag);
    assert_eq!(tried(&command.run(&["--listen", &bare])), bare);
}

#[test]
fn unknown_and_wrong_settings_are_refused_by_name_with_what_is_allowed() {
    let with_file = |text: &str| {
        let command = Command::on(SQLITE);
        command.file("highwater.toml", text);
        refusal(&command.run(&["tenant", "list"]), FAILED)
    };
    let with_env_ending = |code: i32, name: &'static str, value: &str| {
        let mut command = Command::on(SQLITE);
        command.env(name, value);
        refusal(&command.run(&["tenant", "list"]), code)
    };
    let with_env = |name, value| with_env_ending(FAILED, name, value);
    let cases = [
        (with_file("lisen = \"x\""), ["lisen", "listen", "highwater.toml"]),
        (with_file("[limits]\nbody = 1"), ["body", "body_bytes", "highwater.toml"]),
        (with_file("[database]\nwait = \"soon\""), ["wait", "30s", "highwater.toml"]),
        (with_file("[log]\nformat = \"xml\""), ["format", "text", "json"]),
        (with_file("default_tier = \"gold\""), ["default_tier", "free", "enterprise"]),
        (with_file("[tiers.free]\npair = 3"), ["pair", "pairs", "value_bytes"]),
        (with_env("HIGHWATER_LISTN", "x"), ["HIGHWATER_LISTN", "HIGHWATER_LISTEN", "HIGHWATER_DATABASE_URL"]),
        (with_env("HIGHWATER_LIMITS__BATCH", "many"), ["HIGHWATER_LIMITS__BATCH", "whole number", "100"]),
        (with_env("HIGHWATER_LISTEN", "nowhere"), ["listen", "HOST:PORT", "127.0.0.1:4200"]),
        (with_env_ending(USAGE, "HIGHWATER_DATABASE_URL", "mysql://x"), ["database_url", "sqlite://", "postgres://"]),
    ];
    for (said, words) in cases {
        assert!(words.iter().all(|word| said.contains(word)), "{words:?} in: {said}");
    }
}

#[test]
fn tiers_are_configuration() {
    let command = Command::on(SQLITE);
    assert!(command.run(&["migrate", "up"]).status.success());
    let unknown = refusal(&command.run(&["tenant", "create", "acme", "--tier", "gold"]), USAGE);
    assert!(unknown.contains("enterprise, free, standard, starter"), "{unknown}");
    command.file("highwater.toml", "[tiers.gold]\npairs = 7\n");
    assert!(command.run(&["tenant", "create", "acme", "--tier", "gold"]).status.success());
    let listed = String::from_utf8(command.run(&["tenant", "list"]).stdout).unwrap();
    assert!(listed.lines().any(|line| line.ends_with("acme  acme  gold")), "{listed}");
    assert!(command.run(&["tenant", "set-tier", "acme", "free"]).status.success());
    assert!(
        refusal(&command.run(&["tenant", "set-tier", "nobody", "free"]), USAGE).contains("no tenant with this slug")
    );
    assert!(refusal(&command.run(&["tenant", "create", "acme"]), CONFLICT).contains("exists already"));
    assert!(refusal(&command.run(&["tenant", "create", "Not OK"]), USAGE).contains("lower-case"));
}

#[tokio::test]
async fn the_operator_sees_how_much_of_its_licence_a_tenant_uses() {
    for database in [SQLITE.to_owned(), postgres::fresh_database().await] {
        let server = Server::start(&database);
        let admin = Actor::new(&server.url, server.admin_token.clone(), String::new());
        for n in 0..3 {
            admin.put(&format!("k{n}"), "1").await;
        }
        assert!(server.cli(&["tenant", "create", "acme", "--tier", "free"]).status.success());
        let usage = |slug: &[&str]| {
            let said = server.cli(&[&["tenant", "usage"], slug].concat());
            assert!(said.status.success(), "{said:?}");
            String::from_utf8(said.stdout).unwrap()
        };
        let all = "SLUG     TIER        PAIRS  ALLOWED  BYTES A VALUE  REQUESTS A MINUTE  NEXT LIMIT\n\
                   acme     free        0      10       10000          -                  tenants 1/1\n\
                   default  enterprise  3      -        1000000        -                  -\n";
        assert_eq!(usage(&[]), all);
        assert!(server.cli(&["tenant", "set-tier", "default", "free"]).status.success());
        let one = "SLUG     TIER  PAIRS  ALLOWED  BYTES A VALUE  REQUESTS A MINUTE  NEXT LIMIT\n\
                   default  free  3      10       10000          -                  tenants 1/1\n";
        assert_eq!(usage(&["default"]), one);
        let unknown = refusal(&server.cli(&["tenant", "usage", "nobody"]), USAGE);
        assert!(unknown.contains("there is no tenant with this slug"), "{unknown}");
    }
}
