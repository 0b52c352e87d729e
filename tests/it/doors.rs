//! One pair through every door: what one writes, each of the others reads, for every type, by the real clients.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::{
    postgres,
    python::{Prefect, environment, run},
    server::{SQLITE, Server},
};

/// A type, the JSON of a value, what Kestra's body for it is, and what PROMINENCE reads. PROMINENCE itself
/// writes text or bytes alone.
struct Case {
    kind: &'static str,
    json: &'static str,
    kestra: &'static str,
    text: &'static str,
}

const CASES: [Case; 7] = [
    Case {
        kind: "STRING", json: r#""Müller \"x\" 😀""#, kestra: r#""Müller \"x\" 😀""#, text: "Müller \"x\" 😀"
    },
    Case {
        kind: "NUMBER",
        json: "12345678901234567890123.50",
        kestra: "12345678901234567890123.50",
        text: "12345678901234567890123.50",
    },
    Case { kind: "BOOLEAN", json: "true", kestra: "true", text: "true" },
    Case {
        kind: "DATETIME",
        json: r#""2021-09-01T01:02:03Z""#,
        kestra: "2021-09-01T01:02:03Z",
        text: "2021-09-01T01:02:03Z",
    },
    Case { kind: "DATE", json: r#""2021-09-01""#, kestra: "2021-09-01", text: "2021-09-01" },
    Case { kind: "DURATION", json: r#""PT24H30M""#, kestra: "P1DT30M", text: "PT24H30M" },
    Case {
        kind: "JSON",
        json: r#"{"b":[1.0,null],"a":"é"}"#,
        kestra: r#"{"b":[1.0,null],"a":"é"}"#,
        text: r#"{"b":[1.0,null],"a":"é"}"#,
    },
];

struct Doors {
    server: Server,
    token: String,
    /// What the two Python clients are still to read: a key, its JSON, its text where it is one.
    readings: Vec<(String, String, Option<String>)>,
}

impl Doors {
    fn on(database_url: &str) -> Self {
        let server = Server::start(database_url);
        let token = server.token(&["--name", "team", "--namespace", "company.team"]);
        Self { server, token, readings: Vec::new() }
    }

    fn curl(&self, arguments: &[&str]) -> String {
        let mut curl = Command::new("curl");
        curl.args(["-sS", "--fail-with-body", "-H", &format!("Authorization: Bearer {}", self.token)]).args(arguments);
        let said = run(curl.stdin(Stdio::null()));
        assert_eq!(said.code, Some(0), "{arguments:?}: {said:?}");
        said.stdout
    }

    fn graphql(&self, query: &str, variables: &str) -> Value {
        let body = format!("{{\"query\": {}, \"variables\": {variables}}}", Value::from(query));
        let url = format!("{}/graphql", self.server.url);
        let said = self.curl(&[&url, "-H", "Content-Type: application/json", "-d", &body]);
        assert!(!said.contains("\"errors\""), "{said}");
        serde_json::from_str(&said).unwrap()
    }

    /// The whole answer's text, in which numbers are as they were written.
    fn row(&self, key: &str) -> String {
        let query = format!("{{ key_value(where: {{key: {{_eq: \"{key}\"}}}}) {{ type value }} }}");
        let body = format!("{{\"query\": {}}}", Value::from(query));
        self.curl(&[&format!("{}/graphql", self.server.url), "-H", "Content-Type: application/json", "-d", &body])
    }

    fn kestra(&self, key: &str) -> String {
        format!("{}/api/v1/main/namespaces/company.team/kv/{key}", self.server.url)
    }

    fn prefect(&self, code: &str) {
        Prefect::with_key(&self.server.url, &self.token).python(code);
    }

    fn prominence(&self, code: &str) {
        let mut python = Command::new(environment("prominence").join("bin/python"));
        python.env("PROMINENCE_URL", format!("{}/prominence/v1", self.server.url));
        let said = run(python.env("PROMINENCE_TOKEN", &self.token).args(["-c", code]));
        assert_eq!(said.code, Some(0), "{said:?}");
    }

    /// What GraphQL and Kestra read of the pair `key`; the others are asked by [`Self::read_all`].
    fn agree(&mut self, key: &str, kind: &str, json: &str, text: Option<&str>) {
        let row = format!("{{\"data\":{{\"key_value\":[{{\"type\":\"{kind}\",\"value\":{json}}}]}}}}");
        assert_eq!(self.row(key), row, "GraphQL");
        let kestra = self.curl(&[&self.kestra(key)]);
        let shown = if kind == "BINARY" { "STRING" } else { kind };
        assert!(kestra.starts_with(&format!("{{\"type\":\"{shown}\",\"value\":{json},")), "Kestra: {kestra}");
        self.readings.push((key.to_owned(), json.to_owned(), text.map(ToOwned::to_owned)));
    }

    /// What Prefect's and PROMINENCE's clients read, each of all pairs in one run: Python starts slowly.
    fn read_all(&self) {
        let readings = python(&serde_json::to_string(&self.readings).unwrap());
        self.prefect(&format!(
            "import json\nfrom prefect.backend import get_key_value\nfor key, text, _ in json.loads({readings}):\n    \
             value = get_key_value(key)\n    assert json.loads(text) == value, (key, value, text)\n"
        ));
        self.prominence(&format!(
            "import json\nfrom prominence import ProminenceClient\nclient = ProminenceClient(authenticated=True)\n\
             for key, _, text in json.loads({readings}):\n    \
             assert text is None or client.kv_get(key) == text, (key, client.kv_get(key), text)\n"
        ));
    }
}

/// A Python literal.
fn python(text: &str) -> String {
    Value::from(text).to_string()
}

#[test]
fn what_one_door_writes_every_other_reads_on_sqlite() {
    every_door(SQLITE);
}

#[tokio::test]
async fn what_one_door_writes_every_other_reads_on_postgres() {
    every_door(&postgres::fresh_database().await);
}

fn every_door(database_url: &str) {
    let mut doors = Doors::on(database_url);
    let set = "mutation($key: String!, $value: JSON!, $type: key_value_type) {
        set_key_value(input: {key: $key, value: $value, type: $type}) { id } }";
    let (mut prefect, mut prominence) = (Vec::new(), Vec::new());
    for Case { kind, json, kestra, text } in CASES {
        let key = format!("graphql-{kind}");
        doors.graphql(set, &format!("{{\"key\": \"{key}\", \"value\": {json}, \"type\": \"{kind}\"}}"));
        doors.agree(&key, kind, json, Some(text));

        let key = format!("kestra-{kind}");
        doors.curl(&["-X", "PUT", &doors.kestra(&key), "-H", "Content-Type: text/plain", "--data-binary", kestra]);
        doors.agree(&key, kind, json, Some(text));

        // A number of Python's is no longer the text that it was.
        if matches!(kind, "STRING" | "BOOLEAN" | "JSON") {
            prefect.push((format!("prefect-{kind}"), kind, json, text));
        }
        prominence.push((format!("prominence-{kind}"), text));
    }
    doors.prefect(&format!(
        "import json\nfrom prefect.backend import set_key_value\nfor key, _, text, _ in json.loads({}):\n    \
         set_key_value(key, json.loads(text))\n",
        python(&serde_json::to_string(&prefect).unwrap())
    ));
    doors.prominence(&format!(
        "import json\nfrom prominence import ProminenceClient\nclient = ProminenceClient(authenticated=True)\n\
         for key, text in json.loads({}):\n    client.kv_set(key, text.encode())\n",
        python(&serde_json::to_string(&prominence).unwrap())
    ));
    for (key, kind, json, text) in prefect {
        doors.agree(&key, kind, json, Some(text));
    }
    for (key, text) in prominence {
        doors.agree(&key, "STRING", &Value::from(text).to_string(), Some(text));
    }

    let bytes: Vec<u8> = (0..=255).collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bytes");
    std::fs::write(&file, &bytes).unwrap();
    let base64 = serde_json::to_string(&base64(&bytes)).unwrap();
    let url = format!("{}/kv/bytes", doors.server.url);
    doors.curl(&["-X", "POST", "--data-binary", &format!("@{}", file.display()), &url]);
    doors.agree("bytes", "BINARY", &base64, None);
    doors.graphql(set, &format!("{{\"key\": \"base64\", \"value\": {base64}, \"type\": \"BINARY\"}}"));
    doors.agree("base64", "BINARY", &base64, None);
    let again = folder.path().join("again");
    doors.curl(&["-o", again.to_str().unwrap(), &format!("{}/kv/base64", doors.server.url)]);
    assert_eq!(std::fs::read(again).unwrap(), bytes);
    doors.read_all();
}

fn base64(bytes: &[u8]) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(bytes)
}
