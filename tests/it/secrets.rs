//! Changing the secret that signs; and no secret, token or value in the log of a whole run.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use serde_json::json;

use crate::support::{
    actor::{Actor, Reply},
    postgres,
    server::{SQLITE, Server},
};

/// Waits until `seen` says yes; it must do so within the two seconds that the servers promise.
#[expect(clippy::disallowed_methods, reason = "the promise is about the time of day")]
async fn in_time<F: Future<Output = bool>>(seen: impl Fn() -> F) {
    let begun = Instant::now();
    while !seen().await {
        assert!(begun.elapsed() < Duration::from_millis(2_500), "not seen within two seconds");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn every_server_on_one_sqlite_file_signs_with_the_new_secret() {
    rotate(SQLITE).await;
}

#[tokio::test]
async fn every_server_on_one_postgres_signs_with_the_new_secret() {
    rotate(&postgres::fresh_database().await).await;
}

async fn rotate(database_url: &str) {
    let first = Server::start(database_url);
    let second = first.another();
    let servers = [&first, &second];
    let works = async |server: &Server, token: &str| {
        let actor = Actor::new(&server.url, Some(token.to_owned()), String::new());
        actor.ask("{ hello }").await.status.is_success()
    };
    let oldest = first.token(&["--name", "oldest"]);
    let rotated = first.cli(&["secret", "rotate", "--keep", "1h"]);
    let said = "a new secret signs; tokens of the one before are taken for 1h more\n";
    assert_eq!(String::from_utf8(rotated.stdout).unwrap(), said);
    let old = first.token(&["--name", "old"]);
    for server in servers {
        assert!(works(server, &oldest).await, "still taken");
        in_time(async || works(server, &old).await).await;
    }
    assert!(first.cli(&["secret", "rotate", "--keep", "0s"]).status.success());
    let new = second.token(&["--name", "new"]);
    for server in servers {
        in_time(async || works(server, &new).await && !works(server, &old).await).await;
        assert!(works(server, &oldest).await, "its secret was given an hour");
    }
    let refused = Actor::new(&first.url, Some(old), String::new()).ask("{ hello }").await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (401, "UNAUTHENTICATED"));
}

#[test]
fn a_secret_in_a_file_is_not_rotated_in_the_database() {
    let server = Server::start(SQLITE);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, [b'x'; 40]).unwrap();
    let refused = server.cli_with(&["secret", "rotate"], &[("HIGHWATER_JWT_SECRET_FILE", &file)]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("replace that file"));
}

#[tokio::test]
async fn a_whole_run_leaves_no_token_secret_or_value_in_the_log_or_in_an_error() {
    let server = Server::with(&[("HIGHWATER_LOG__FILTER", "trace")]);
    let admin = Actor::new(&server.url, server.admin_token.clone(), String::new());
    let mut errors = String::new();
    admin.put("a key", "\"sesame-in-a-value\"").await;
    admin.keys("{value: {_eq: \"sesame-in-a-filter\"}}").await;
    let data = admin.ask("{ auth_info { user_id tenant_id } }").await.data()["auth_info"].clone();
    let make = "mutation($input: create_api_key_input!) { create_api_key(input: $input) { key } }";
    let input = json!({"input": {"name": "x", "user_id": data["user_id"]}});
    let key = admin.graphql(make, input).await.data()["create_api_key"]["key"].as_str().unwrap().to_owned();
    let switch = "mutation($id: UUID!) { switch_tenant(input: {tenant_id: $id}) { access_token refresh_token } }";
    let session = admin.graphql(switch, json!({"id": data["tenant_id"]})).await.data()["switch_tenant"].clone();
    let refresh = Actor::new(&server.url, session["refresh_token"].as_str().map(ToOwned::to_owned), String::new());
    let renew = "mutation($token: String!) { refresh_token(input: {access_token: $token}) { access_token } }";
    refresh.graphql(renew, json!({"token": session["access_token"]})).await.data();

    let torn = format!("{}x", admin.token.as_deref().unwrap());
    for token in ["sesame-as-a-token".to_owned(), torn.clone(), format!("sesame{}", "x".repeat(16_384))] {
        let refused = Actor::new(&server.url, Some(token), String::new()).ask("{ hello }").await;
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (401, "UNAUTHENTICATED"));
        errors += &refused.text;
    }
    for query in
        ["{ sesame", "mutation { set_key_value(input: {key: \"\", value: \"\\\"sesame-refused\\\"\"}) { id } }"]
    {
        errors += &admin.ask(query).await.text;
    }
    let kestra = admin.get("/api/v1/main/namespaces/default/kv/none").header("accept", "application/json");
    errors += &Reply::of(kestra).await.text;
    assert!(server.cli(&["secret", "rotate"]).status.success());
    in_time(async || !admin.ask("{ hello }").await.text.is_empty()).await;
    let stderr = server.stderr();
    let log = format!("{stderr}{}", server.stdout().replace(server.admin_token(), ""));
    assert!(log.contains("request"), "the log says something: {log}");
    let mut hidden = vec![key, torn, server.admin_token().to_owned(), "sesame".to_owned()];
    hidden.extend(["access_token", "refresh_token"].map(|name| session[name].as_str().unwrap().to_owned()));
    let database = Database::connect(format!("sqlite://{}", server.database_file().display())).await.unwrap();
    let secrets = Statement::from_string(DbBackend::Sqlite, "SELECT lower(hex(secret)) AS secret FROM signing_secret");
    for row in database.query_all_raw(secrets).await.unwrap() {
        hidden.push(row.try_get("", "secret").unwrap());
    }
    for text in hidden {
        let tail = text.rsplit('.').next().unwrap();
        assert!(!log.contains(tail), "{tail} is in the log");
        assert!(!errors.contains(tail) || tail == "sesame", "{tail} is in an error");
    }
    assert!(!errors.contains("sesame-"), "{errors}");
}
