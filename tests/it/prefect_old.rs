//! The real, unmodified prefect 0.15.13 and 0.14.22 against the real binary: signing in as they did, and the four
//! commands of the KV store.

use crate::support::{
    postgres,
    python::{Prefect, Said},
    server::{SQLITE, Server},
};

const OLD: &str = "prefect-0.15.13";
const OLDEST: &str = "prefect-0.14.22";

#[track_caller]
fn prints(said: &Said, text: &str) {
    assert_eq!((said.code, said.stdout.as_str()), (Some(0), text), "{}", said.stderr);
}

/// What every version does once it is signed in.
fn keeps_pairs(prefect: &Prefect) {
    let kv = |arguments: &[&str]| prefect.cli(&[&["kv"], arguments].concat());
    prints(&kv(&["set", "foo", "bar"]), "Key value pair set successfully\n");
    prints(&kv(&["get", "foo"]), "Key 'foo' has value 'bar'\n");
    prints(&kv(&["list"]), "foo\n");
    prints(&kv(&["delete", "foo"]), "Key 'foo' has been deleted\n");
    prints(&kv(&["list"]), "No keys found\n");
}

// Each on one of the databases: prefect 1.4.1 is tried on both.
#[test]
fn prefect_0_15_signs_in_with_a_key_or_with_a_key_as_token() {
    let server = Server::start(SQLITE);
    let token = server.token(&["--name", "a person", "--role", "user"]);
    let prefect = Prefect::without_key(&server.url).version(OLD);
    let refused = prefect.cli(&["auth", "login", "--key", "no-such-key-1"]);
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), "Unauthorized. Invalid Prefect Cloud API key.\n"));
    prints(
        &prefect.cli(&["auth", "login", "--token", &token]),
        "WARNING: You logged in with an API key using the `--token` flag which is deprecated. Please use `--key` \
         instead.\nLogged in to Prefect Cloud tenant 'default' (default)\n",
    );
    prints(
        &prefect.cli(&["auth", "login", "--key", &token]),
        "Logged in to Prefect Cloud tenant 'default' (default)\n",
    );
    let status = prefect.cli(&["auth", "status"]);
    let tenant = status.stdout.lines().last().unwrap().strip_prefix("You are logged in to tenant ").unwrap().to_owned();
    let listed = format!("NAME     SLUG     ID\ndefault  default  {tenant}  *\n");
    prints(&prefect.cli(&["auth", "list-tenants"]), &listed);
    let switched = format!("Tenant switched to {tenant}\n");
    prints(&prefect.cli(&["auth", "switch-tenants", "--slug", "default"]), &switched);
    prints(&prefect.cli(&["auth", "switch-tenants", "--id", &tenant]), &switched);
    let restored = format!("Tenant restored to the default tenant for your API key: {tenant}\n");
    prints(&prefect.cli(&["auth", "switch-tenants", "--default"]), &restored);
    keeps_pairs(&prefect);

    let key = prefect.cli(&["auth", "create-key", "--name", "nightly", "--quiet"]).stdout.trim().to_owned();
    let nightly = Prefect::with_key(&server.url, &key).version(OLD);
    prints(&nightly.cli(&["kv", "list"]), "No keys found\n");
    let listed = prefect.cli(&["auth", "list-keys"]).stdout;
    let row = listed.lines().find(|line| line.contains("nightly")).unwrap_or_else(|| panic!("{listed}"));
    let id = row.split_whitespace().find(|word| word.len() == 36).unwrap();
    assert_eq!(prefect.cli(&["auth", "revoke-key", "--id", id]).code, Some(0));
    assert!(nightly.cli(&["kv", "list"]).stdout.contains("AuthorizationError"));
}

#[tokio::test]
async fn prefect_0_14_signs_in_with_a_token_and_opens_a_session() {
    let server = Server::start(&postgres::fresh_database().await);
    let token = server.token(&["--name", "a person", "--role", "user"]);
    // A token in the environment is all that the KV commands need.
    keeps_pairs(&Prefect::without_key(&server.url).version(OLDEST).with("PREFECT__CLOUD__AUTH_TOKEN", &token));

    let prefect = Prefect::without_key(&server.url).version(OLDEST);
    let refused = prefect.cli(&["auth", "login", "--token", "no-such-token"]);
    assert!(refused.stdout.starts_with("Error attempting to use Prefect API token no-such-token."), "{refused:?}");
    prints(&prefect.cli(&["auth", "login", "--token", &token]), "Login successful!\n");
    let tenants = prefect.cli(&["auth", "list-tenants"]);
    assert!(
        tenants.stdout.lines().any(|line| line.starts_with("default  default  ") && line.ends_with('*')),
        "{tenants:?}"
    );
    prints(&prefect.cli(&["auth", "switch-tenants", "--slug", "default"]), "Tenant switched\n");
    keeps_pairs(&prefect);
    let stranger = prefect.cli(&["auth", "switch-tenants", "--slug", "somebody-elses"]);
    assert!(!stranger.stdout.contains("Tenant switched"), "{stranger:?}");
    let renewed =
        "from prefect import Client; c = Client(); c._refresh_access_token(); print(len(c.get_auth_token()) > 100)";
    assert_eq!(prefect.python(renewed), "True\n");
}
