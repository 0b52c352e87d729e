//! What the clients send, byte for byte, with holes for what varies.

use serde_json::json;

/// Seven digits are written over each of these.
const HOLE: &str = "@@@@@@@";

/// A request with holes, and how its answer's body has to begin.
#[derive(Debug, Clone)]
pub(crate) struct Workload {
    /// The whole HTTP request.
    pub(crate) request: Vec<u8>,
    /// Where digits go.
    pub(crate) holes: Vec<usize>,
    /// The numbers that go there are below this.
    pub(crate) pairs: u32,
    /// What a right answer begins with.
    pub(crate) answer: &'static str,
}

/// How the answer to a query begins that found something.
const FOUND: &str = r#"{"data":{"key_value":[{""#;

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
        Self::new(token, pairs, query, &variables, r#"{"data":{"set_key_value":{"id":""#)
    }

    /// Exactly the query of a point read, to a server that gives everyone the same answer.
    pub(crate) fn limit(pairs: u32) -> Self {
        // As long as a token of ours.
        Self::read(&"x".repeat(500), pairs)
    }

    /// A query by `arguments`, in the client's layout.
    pub(crate) fn query(token: &str, pairs: u32, arguments: &str, field: &str) -> Self {
        let query = format!("query {{\n    key_value({arguments}) {{\n        {field}\n    }}\n}}");
        Self::new(token, pairs, &query, "null", FOUND)
    }

    fn new(token: &str, pairs: u32, query: &str, variables: &str, answer: &'static str) -> Self {
        let body = json!({"query": query, "variables": variables}).to_string();
        let request = format!(
            "POST / HTTP/1.1\r\nHost: 127.0.0.1:4200\r\nUser-Agent: python-requests/2.31.0\r\n\
             Accept-Encoding: gzip, deflate\r\nAccept: */*\r\nConnection: keep-alive\r\n\
             Authorization: Bearer {token}\r\nX-PREFECT-CORE-VERSION: 1.4.1\r\n\
             Content-Length: {}\r\nContent-Type: application/json\r\n\r\n{body}",
            body.len()
        );
        let holes = request.match_indices(HOLE).map(|(at, _)| at).collect();
        Self { request: request.into_bytes(), holes, pairs, answer }
    }

    /// The keys `flow-@@@@@@@`, this many of them, as a list.
    pub(crate) fn keys(count: usize) -> String {
        vec![format!("\"flow-{HOLE}\""); count].join(", ")
    }
}
