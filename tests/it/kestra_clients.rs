//! Kestra's own clients against the real binary: the curl lines of its documentation, its Python and JavaScript SDKs,
//! and schemathesis against the OpenAPI document.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use crate::support::{
    actor::{Actor, Reply},
    app::on_both,
    node, postgres, python,
    server::{SQLITE, Server},
};

#[test]
fn the_curl_lines_of_kestras_documentation_work_on_sqlite() {
    curl_lines(SQLITE);
}

#[tokio::test]
async fn the_curl_lines_of_kestras_documentation_work_on_postgres() {
    curl_lines(&postgres::fresh_database().await);
}

/// Runs a line of shell with the server's address and token in its environment, and gives what it prints.
fn shell(server: &Server, line: &str) -> String {
    let mut shell = Command::new("sh");
    shell.args(["-c", line]).env("HOST", &server.url).env("TOKEN", server.admin_token()).stdin(Stdio::null());
    let output = shell.output().expect("sh runs");
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn curl_lines(database_url: &str) {
    let server = Server::start(database_url);
    let put = |key: &str, headers: &str, data: &str| {
        let line = format!(
            r#"curl -sS --fail -u "me@example.com:$TOKEN" -X PUT -H "Content-Type: application/json" {headers} \
            $HOST/api/v1/namespaces/company.team/kv/{key} -d '{data}'"#
        );
        assert_eq!(shell(&server, &line), "", "{key}");
    };
    let get = |path: &str| -> Value {
        let line = format!(
            r#"curl -sS -H "Authorization: Bearer $TOKEN" -X GET -H "Content-Type: application/json" $HOST/api/v1/{path}"#
        );
        serde_json::from_str(&shell(&server, &line)).expect("JSON")
    };
    for (key, data, kind, value) in [
        ("my_key", "\"Hello World\"", "STRING", json!("Hello World")),
        ("number", "42", "NUMBER", json!(42)),
        ("boolean", "true", "BOOLEAN", json!(true)),
        ("date", "2021-09-01", "DATE", json!("2021-09-01")),
        ("datetime", "2021-09-01T01:02:03Z", "DATETIME", json!("2021-09-01T01:02:03Z")),
        ("duration", "P3DT3H2M1S", "DURATION", json!("PT75H2M1S")),
        ("json", "{\"author\": {\"name\": \"Ünal\"}}", "JSON", json!({"author": {"name": "Ünal"}})),
    ] {
        put(key, "", data);
        let found = get(&format!("main/namespaces/company.team/kv/{key}"));
        assert_eq!((&found["type"], &found["value"]), (&json!(kind), &value), "{key}");
    }
    put("ends", "-H 'ttl: P1D' -H 'description: for a day'", "1");
    let listed = get("namespaces/company.team/kv");
    let keys: Vec<_> = listed.as_array().expect("an array").iter().map(|entry| entry["key"].clone()).collect();
    assert_eq!(json!(keys), json!(["boolean", "date", "datetime", "duration", "ends", "json", "my_key", "number"]));
    assert_eq!(listed[4]["description"], "for a day");
    assert!(listed[4]["expirationDate"].as_str() > listed[4]["updateDate"].as_str());
    let paged = get("main/kv?size=2\\&sort=key:desc\\&filters%5Bnamespace%5D%5BPREFIX%5D=company");
    assert_eq!((&paged["results"][0]["key"], &paged["total"]), (&json!("number"), &json!(8)));
    let raw = r#"curl -sS -g -u "x:$TOKEN" "$HOST/api/v1/main/kv?filters[q][EQUALS]=my_""#;
    assert!(shell(&server, raw).starts_with(r#"{"results":[{"namespace":"company.team","key":"my_key","revision":1,"#));
    for answer in ["true", "false"] {
        let delete = r#"curl -sS -u "x:$TOKEN" -X DELETE $HOST/api/v1/main/namespaces/company.team/kv/my_key"#;
        assert_eq!(shell(&server, delete), answer);
    }
    let gone = get("main/namespaces/company.team/kv/my_key");
    assert_eq!(gone["message"], "Not Found: No value found for key 'my_key' in namespace 'company.team'");
}

#[test]
fn kestras_python_sdk_works_on_sqlite() {
    kestrapy(SQLITE);
}

#[tokio::test]
async fn kestras_python_sdk_works_on_postgres() {
    kestrapy(&postgres::fresh_database().await);
}

fn kestrapy(database_url: &str) {
    let server = Server::start(database_url);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/kestrapy/pairs.py");
    let mut command = Command::new(python::environment("kestrapy").join("bin/python"));
    let said = python::run(command.arg(script).args([&server.url, server.admin_token()]));
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(said.stdout.lines().count(), 53, "{}", said.stdout);
}

#[test]
fn kestras_javascript_sdk_works_on_sqlite() {
    javascript(SQLITE);
}

#[tokio::test]
async fn kestras_javascript_sdk_works_on_postgres() {
    javascript(&postgres::fresh_database().await);
}

fn javascript(database_url: &str) {
    let server = Server::start(database_url);
    let said = node::script("kestra-sdk", "pairs.mjs", &[&server.url, server.admin_token()]);
    assert_eq!(said.lines().count(), 13, "{said}");
}

/// What Kestra's Terraform provider sends, and what it needs back (contract kestra.md, section 3).
#[tokio::test]
async fn the_requests_of_kestras_terraform_provider_work() {
    on_both(async |app| {
        let acme = app.acme().await;
        for base in ["/api/v1/main/namespaces/company.team/kv", "/api/v1/namespaces/company.team/kv"] {
            let ask = async |method: &str, body: &'static str| {
                // No Content-Type, no ttl, no description; a user and a password, and a cookie of Kestra's own.
                let request = app.anyone(None).request(method, &format!("{base}/a.Key-1_x"));
                let request = request.basic_auth("user@kestra.io", acme.token.as_deref()).header("cookie", "JWT=x");
                let request = if body.is_empty() { request } else { request.body(body) };
                let reply = Reply::of(request).await;
                (reply.status.as_u16(), reply)
            };
            for (body, kind, value) in [
                ("stringValue", "STRING", json!("stringValue")),
                (r#""stringValue""#, "STRING", json!("stringValue")),
                (r#""with \"quotes\" in it""#, "STRING", json!("with \"quotes\" in it")),
                (r#""1""#, "STRING", json!("1")),
                ("1", "NUMBER", json!(1)),
                ("1.5", "NUMBER", json!(1.5)),
                ("true", "BOOLEAN", json!(true)),
                ("2022-05-01T03:02:01Z", "DATETIME", json!("2022-05-01T03:02:01Z")),
                ("2022-05-01", "DATE", json!("2022-05-01")),
                ("P3DT3H2M1S", "DURATION", json!("PT75H2M1S")),
                (r#"{"some":"value","in":"object"}"#, "JSON", json!({"some": "value", "in": "object"})),
                (r#"["some",{"in":"array"}]"#, "JSON", json!(["some", {"in": "array"}])),
            ] {
                assert_eq!(ask("PUT", body).await.0, 200, "{body}");
                let (status, found) = ask("GET", "").await;
                let found = found.json();
                assert_eq!((status, &found["type"], &found["value"]), (200, &json!(kind), &value), "{body}");
            }
            for gone in ["true", "false"] {
                let (status, reply) = ask("DELETE", "").await;
                assert_eq!((status, reply.text.as_str()), (200, gone), "a 404 is an error to it");
            }
            assert_eq!(ask("GET", "").await.0, 404, "which takes the pair out of its state");
        }
    })
    .await;
}

#[test]
fn schemathesis_finds_nothing_that_the_openapi_document_does_not_say() {
    let server = Server::start(SQLITE);
    let mut command = Command::new(python::environment("schemathesis").join("bin/st"));
    let folder = tempfile::tempdir().unwrap();
    command.current_dir(folder.path());
    command
        .args(["--config-file", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/schemathesis/schemathesis.toml")]);
    command.args(["run", &format!("{}/openapi.json", server.url)]);
    command.args(["--header", &format!("Authorization: Bearer {}", server.admin_token())]);
    // The seed is fixed so that a run says the same twice.
    command.args(["--checks", "all", "--max-examples", "10", "--seed", "1", "--generation-database", "none"]);
    let said = python::run(&mut command);
    assert_eq!(said.code, Some(0), "{}\n{}", said.stdout, said.stderr);
    assert!(said.stdout.contains("Tested: 21"), "{}", said.stdout);
}

#[test]
fn the_page_of_the_openapi_document_works_without_any_other_host() {
    let server = Server::start(SQLITE);
    let screenshots = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
    fs::create_dir_all(&screenshots).expect("target/ takes folders");
    let screenshots = screenshots.to_str().expect("a path in UTF-8");
    node::script("browser", "openapi.mjs", &[&server.url, server.admin_token(), screenshots]);
}

#[tokio::test]
async fn the_openapi_document_is_3_1_and_everybodys() {
    let server = Server::start(SQLITE);
    let reply = Reply::of(Actor::new(&server.url, None, String::new()).get("/openapi.json")).await;
    assert_eq!((reply.status.as_u16(), reply.content_type()), (200, "application/json"));
    let document = reply.json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    let schemes: Vec<_> = document["components"]["securitySchemes"].as_object().unwrap().keys().collect();
    assert_eq!(schemes, ["basicAuth", "bearerAuth"]);
}
