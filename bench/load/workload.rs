//! What Highwater's clients ask.

use std::sync::Arc;

use serde_json::json;

use crate::{
    answer::Right,
    request::{HOLE, Request},
};

/// What one client asks, again and again.
#[derive(Debug, Clone)]
pub(crate) struct Workload {
    pub(crate) usual: Request,
    /// What it asks every tenth time in place of that.
    pub(crate) tenth: Option<Request>,
    /// Whether its server sheds load: a 503 or a lost connection is no answer, the client asks again, and all of it
    /// is measured for twice as long.
    pub(crate) insists: bool,
}

impl From<Request> for Workload {
    fn from(usual: Request) -> Self {
        Self { usual, tenth: None, insists: false }
    }
}

/// Keys in a list.
pub(crate) const LISTED: u32 = 1_000;

/// How the answer to a query begins that found something.
const FOUND: Right = Right::begins(r#"{"data":{"key_value":[{""#);

impl Workload {
    /// A point read with the exact text that Prefect's client makes.
    pub(crate) fn read(token: &str, pairs: u32) -> Self {
        let condition = format!(r#"where: {{ key: {{ _eq: "flow-{HOLE}" }} }}"#);
        Self::query(token, pairs, &condition, "value")
    }

    /// An overwrite with the exact text and string variables that Prefect's client sends.
    pub(crate) fn set(token: &str, pairs: u32) -> Self {
        let query =
            "mutation($input: set_key_value_input!) {\n    set_key_value(input: $input) {\n        id\n    }\n}";
        let variables = format!(r#"{{"input": {{"key": "flow-{HOLE}", "value": "run-{HOLE} at 2026-11-20"}}}}"#);
        prefect(token, pairs, query, &variables, Right::begins(r#"{"data":{"set_key_value":{"id":""#)).into()
    }

    /// Nine reads to a set.
    pub(crate) fn mixed(token: &str, pairs: u32) -> Self {
        Self { tenth: Some(Self::set(token, pairs).usual), ..Self::read(token, pairs) }
    }

    /// A point read by Kestra's REST.
    pub(crate) fn rest(token: &str, pairs: u32) -> Self {
        let text = format!(
            "GET /api/v1/main/namespaces/default/kv/flow-{HOLE} HTTP/1.1\r\nHost: 127.0.0.1:4200\r\n\
             User-Agent: OpenAPI-Generator/1.0.0/python\r\nAccept-Encoding: gzip\r\nAccept: application/json\r\n\
             Connection: keep-alive\r\nAuthorization: Bearer {token}\r\n\r\n"
        );
        Request::new(text, pairs, Right::begins(r#"{"type":"STRING","value":"run-"#)).into()
    }

    /// Every key of a tenant of 1,000, as `prefect.backend.list_keys` asks.
    pub(crate) fn list(token: &str) -> Self {
        let query = "query {\n    key_value {\n        key\n    }\n}";
        let right = Right { bytes: 22 * LISTED as usize, ..FOUND };
        prefect(token, 1, query, "null", right).into()
    }

    /// A point read of the same key in a tenant after the other.
    pub(crate) fn tenants(tokens: &Arc<[String]>) -> Self {
        let token = tokens.first().map_or("", String::as_str);
        Self::read(token, 1).usual.with_tokens(token, Arc::clone(tokens)).into()
    }

    /// Exactly the query of a point read, to a server that gives everyone the same answer.
    pub(crate) fn limit(pairs: u32) -> Self {
        // As long as a token of ours.
        Self::read(&"x".repeat(500), pairs)
    }

    /// A query by `arguments`, in the client's layout.
    pub(crate) fn query(token: &str, pairs: u32, arguments: &str, field: &str) -> Self {
        let query = format!("query {{\n    key_value({arguments}) {{\n        {field}\n    }}\n}}");
        prefect(token, pairs, &query, "null", FOUND).into()
    }

    /// The keys `flow-@@@@@@@`, this many of them, as a list.
    pub(crate) fn keys(count: usize) -> String {
        vec![format!("\"flow-{HOLE}\""); count].join(", ")
    }
}

/// What Prefect's client sends.
fn prefect(token: &str, pairs: u32, query: &str, variables: &str, right: Right) -> Request {
    let body = json!({"query": query, "variables": variables}).to_string();
    let headers =
        format!("Accept-Encoding: gzip, deflate\r\nAuthorization: Bearer {token}\r\nX-PREFECT-CORE-VERSION: 1.4.1\r\n");
    Request::post("/", &headers, &body, pairs, right)
}
