//! The real, unmodified prefect 1.4.1 against the real binary: functions, limits, a flow, the command line.

use crate::support::{
    actor::Actor,
    postgres,
    python::{Prefect, Said},
    server::{SQLITE, Server},
};

#[test]
fn the_four_functions_keep_every_value_under_every_key_on_sqlite() {
    functions(SQLITE);
}

#[tokio::test]
async fn the_four_functions_keep_every_value_under_every_key_on_postgres() {
    functions(&postgres::fresh_database().await);
}

fn functions(database_url: &str) {
    let server = Server::start(database_url);
    Prefect::with_key(&server.url, server.admin_token()).script("functions.py");
}

#[test]
fn a_free_token_has_10_pairs_of_10_000_bytes_on_sqlite() {
    limits(SQLITE);
}

#[tokio::test]
async fn a_free_token_has_10_pairs_of_10_000_bytes_on_postgres() {
    limits(&postgres::fresh_database().await);
}

fn limits(database_url: &str) {
    let server = Server::start(database_url);
    let token = server.token(&["--name", "limits", "--tier", "free"]);
    Prefect::with_key(&server.url, &token).script("limits.py");
}

#[test]
fn a_flow_keeps_its_watermark_between_runs_on_sqlite() {
    watermark(SQLITE);
}

#[tokio::test]
async fn a_flow_keeps_its_watermark_between_runs_on_postgres() {
    watermark(&postgres::fresh_database().await);
}

fn watermark(database_url: &str) {
    let server = Server::start(database_url);
    Prefect::with_key(&server.url, server.admin_token()).script("watermark_flow.py");
}

#[test]
fn prefect_kv_prints_what_prefect_cloud_made_it_print_on_sqlite() {
    command_line(SQLITE);
}

#[tokio::test]
async fn prefect_kv_prints_what_prefect_cloud_made_it_print_on_postgres() {
    command_line(&postgres::fresh_database().await);
}

fn command_line(database_url: &str) {
    let server = Server::start(database_url);
    let prefect = Prefect::with_key(&server.url, server.admin_token());
    let kv = |arguments: &[&str]| prefect.cli(&[&["kv"], arguments].concat());

    prints(&kv(&["list"]), "No keys found\n");
    prints(&kv(&["set", "foo", "bar"]), "Key value pair set successfully\n");
    prints(&kv(&["get", "foo"]), "Key 'foo' has value 'bar'\n");
    prints(&kv(&["set", "another \"key\" 😀", "123"]), "Key value pair set successfully\n");
    prints(&kv(&["get", "another \"key\" 😀"]), "Key 'another \"key\" 😀' has value '123'\n");
    prefect.python("from prefect.backend import set_key_value; set_key_value('foo', {'b': [1.0, None], 'a': 2})");
    let object = "{\n    \"b\": [\n        1.0,\n        null\n    ],\n    \"a\": 2\n}";
    prints(&kv(&["get", "foo"]), &format!("Key 'foo' has value {object}\n"));
    prints(&kv(&["list"]), "another \"key\" 😀\nfoo\n");
    prints(&kv(&["delete", "foo"]), "Key 'foo' has been deleted\n");

    let missing = "ValueError: No value found for key: foo\n\nError retrieving value for key 'foo'\n";
    fails(&kv(&["get", "foo"]), missing);
    fails(&kv(&["delete", "foo"]), "ValueError: No key foo found to delete\n\nAn error occurred deleting the key\n");
    let refused = kv(&["set", "", "bar"]);
    fails(&refused, "\n\nAn error occurred setting the key value pair\n");
    assert!(refused.stdout.contains("prefect.exceptions.ClientError"), "{refused:?}");
    let stranger = Prefect::with_key(&server.url, "no-such-key-1").cli(&["kv", "list"]);
    fails(&stranger, "\n\nAn error occurred when listing keys\n");
    assert!(stranger.stdout.contains("prefect.exceptions.AuthorizationError"), "{stranger:?}");
    prints(&kv(&["list"]), "another \"key\" 😀\n");
}

#[test]
fn prefect_auth_login_keeps_the_key_for_later_commands_on_sqlite() {
    login(SQLITE);
}

#[tokio::test]
async fn prefect_auth_login_keeps_the_key_for_later_commands_on_postgres() {
    login(&postgres::fresh_database().await);
}

fn login(database_url: &str) {
    let server = Server::start(database_url);
    let prefect = Prefect::without_key(&server.url);

    let refused = prefect.cli(&["auth", "login", "--key", "no-such-key-1"]);
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), "Unauthorized. Invalid Prefect Cloud API key.\n"));
    let token = server.token(&["--name", "a person", "--role", "user"]);
    prints(
        &prefect.cli(&["auth", "login", "--key", &token]),
        "Logged in to Prefect Cloud tenant 'default' (default)\n",
    );
    let status = prefect.cli(&["auth", "status"]);
    let [api, key, tenant] = status.stdout.lines().collect::<Vec<_>>()[..] else { panic!("{status:?}") };
    assert_eq!(api, format!("You are connecting to {}", server.url));
    assert_eq!(key, "You are authenticating with an API key");
    let tenant = tenant.strip_prefix("You are logged in to tenant ").unwrap();
    let listed = format!("NAME     SLUG     ID\ndefault  default  {tenant}  *\n");
    prints(&prefect.cli(&["auth", "list-tenants"]), &listed);
    let switched = format!("Tenant switched to {tenant}\n");
    prints(&prefect.cli(&["auth", "switch-tenants", "--slug", "default"]), &switched);
    prints(&prefect.cli(&["auth", "switch-tenants", "--id", tenant]), &switched);
    let restored = format!("Tenant restored to the default tenant for your API key: {tenant}\n");
    prints(&prefect.cli(&["auth", "switch-tenants", "--default"]), &restored);
    let foreign = prefect.cli(&["auth", "switch-tenants", "--id", "00000000-0000-4000-8000-000000000000"]);
    let unauthorized = "Unauthorized. Your API key is not valid for that tenant.\n";
    assert_eq!((foreign.code, foreign.stdout.as_str()), (Some(1), unauthorized));

    prints(&prefect.cli(&["kv", "set", "foo", "bar"]), "Key value pair set successfully\n");
    prints(&prefect.cli(&["kv", "get", "foo"]), "Key 'foo' has value 'bar'\n");
}

#[tokio::test]
async fn prefect_auth_switches_between_two_tenants_on_sqlite() {
    switching(SQLITE).await;
}

#[tokio::test]
async fn prefect_auth_switches_between_two_tenants_on_postgres() {
    switching(&postgres::fresh_database().await).await;
}

async fn switching(database_url: &str) {
    let server = Server::start(database_url);
    let admin = Actor::new(&server.url, Some(server.admin_token().to_owned()), String::new());
    let here = admin.ask("{ auth_info { tenant_id } }").await.data()["auth_info"]["tenant_id"].clone();
    let made = "mutation { create_tenant(input: {name: \"Data Science\"}) { id } }";
    let there = admin.ask(made).await.data()["create_tenant"]["id"].clone();
    let (here, there) = (here.as_str().unwrap(), there.as_str().unwrap());

    let prefect = Prefect::without_key(&server.url);
    let run = |line: &[&str], text: &str| prints(&prefect.cli(line), text);
    let tenants = |stars: [&str; 2]| {
        format!(
            "NAME          SLUG          ID\nData Science  data-science  {there}{}\ndefault       default       {here}{}\n",
            stars[0], stars[1]
        )
    };
    run(&["auth", "login", "--key", server.admin_token()], "Logged in to Prefect Cloud tenant 'default' (default)\n");
    run(&["auth", "list-tenants"], &tenants(["", "  *"]));
    run(&["kv", "set", "foo", "here"], "Key value pair set successfully\n");
    run(&["auth", "switch-tenants", "--slug", "data-science"], &format!("Tenant switched to {there}\n"));
    run(&["auth", "list-tenants"], &tenants(["  *", ""]));
    run(&["kv", "list"], "No keys found\n");
    run(&["kv", "set", "foo", "there"], "Key value pair set successfully\n");
    let restored = format!("Tenant restored to the default tenant for your API key: {here}\n");
    run(&["auth", "switch-tenants", "--default"], &restored);
    run(&["kv", "get", "foo"], "Key 'foo' has value 'here'\n");
    run(&["auth", "switch-tenants", "--id", there], &format!("Tenant switched to {there}\n"));
    run(&["kv", "get", "foo"], "Key 'foo' has value 'there'\n");
    let unknown = prefect.cli(&["auth", "switch-tenants", "--slug", "nobodys"]);
    assert_eq!(unknown.code, Some(1), "{unknown:?}");
    assert!(unknown.stderr.ends_with("ValueError: No matching tenant found for slug 'nobodys'.\n"), "{unknown:?}");
    run(&["kv", "get", "foo"], "Key 'foo' has value 'there'\n");
}

#[test]
fn prefect_auth_makes_lists_and_revokes_keys_on_sqlite() {
    keys(SQLITE);
}

#[tokio::test]
async fn prefect_auth_makes_lists_and_revokes_keys_on_postgres() {
    keys(&postgres::fresh_database().await);
}

fn keys(database_url: &str) {
    let server = Server::start(database_url);
    let prefect = Prefect::with_key(&server.url, &server.token(&["--name", "a person", "--role", "user"]));

    let quiet = prefect.cli(&["auth", "create-key", "--name", "nightly", "--quiet"]);
    assert_eq!(quiet.code, Some(0), "{quiet:?}");
    let key = quiet.stdout.trim();
    let nightly = Prefect::with_key(&server.url, key);
    prints(&nightly.cli(&["kv", "set", "foo", "bar"]), "Key value pair set successfully\n");
    let dated = prefect.cli(&["auth", "create-key", "--name", "dated", "--expire", "2099-01-01"]);
    assert_eq!(dated.code, Some(0), "{dated:?}");

    let listed = prefect.cli(&["auth", "list-keys"]);
    assert_eq!(listed.code, Some(0), "{listed:?}");
    let row = |name: &str| listed.stdout.lines().find(|line| line.contains(name)).map(ToOwned::to_owned);
    assert!(row("dated").unwrap_or_else(|| panic!("{listed:?}")).contains("2099-01-01T00:00:00+00:00"), "{listed:?}");
    let nightly_row = row("nightly").unwrap_or_else(|| panic!("{listed:?}"));
    let id = nightly_row.split_whitespace().find(|word| word.len() == 36).unwrap_or_else(|| panic!("{listed:?}"));

    let revoked = prefect.cli(&["auth", "revoke-key", "--id", id]);
    assert_eq!(revoked.code, Some(0), "{revoked:?}");
    let again = prefect.cli(&["auth", "revoke-key", "--id", id]);
    assert_eq!(again.code, Some(1), "{again:?}");
    assert!(again.stdout.contains(&format!("Unable to revoke key '{id}'")), "{again:?}");
    assert!(nightly.cli(&["kv", "get", "foo"]).stdout.contains("AuthorizationError"));
}

#[track_caller]
fn prints(said: &Said, text: &str) {
    assert_eq!((said.code, said.stdout.as_str()), (Some(0), text), "{}", said.stderr);
}

/// Prefect shows people its own traceback and then one line.
#[track_caller]
fn fails(said: &Said, ending: &str) {
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.stdout.starts_with("Traceback (most recent call last):\n"), "{said:?}");
    assert!(said.stdout.ends_with(ending), "{said:?}");
}
