//! Someone who speaks to a server, with a token or without.

use reqwest::{Client, Method, RequestBuilder, StatusCode, header::HeaderMap};
use serde_json::{Value, json};

/// The mutation of Prefect's client.
pub const SET: &str =
    "mutation($input: set_key_value_input!) {\n    set_key_value(input: $input) {\n        id\n    }\n}";

/// Someone.
#[derive(Debug, Clone)]
pub struct Actor {
    pub url: String,
    pub token: Option<String>,
    pub tenant_id: String,
    client: Client,
}

impl Actor {
    pub fn new(url: &str, token: Option<String>, tenant_id: String) -> Self {
        Self { url: url.to_owned(), token, tenant_id, client: Client::new() }
    }

    /// A request to `path` with the token, if there is one.
    pub fn post(&self, path: &str) -> RequestBuilder {
        self.request("POST", path)
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request("GET", path)
    }

    /// A request of any method to `path` with the token, if there is one.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.authorized(self.client.request(method, format!("{}{path}", self.url)))
    }

    fn authorized(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends `body` as JSON text to `/graphql`.
    pub async fn send(&self, body: impl Into<String>) -> Reply {
        Reply::of(self.post("/graphql").header("content-type", "application/json").body(body.into())).await
    }

    /// Runs `query` with `variables`, as most clients do.
    pub async fn graphql(&self, query: &str, variables: Value) -> Reply {
        self.send(json!({"query": query, "variables": variables}).to_string()).await
    }

    /// Runs `query` with `variables` in the tenant `tenant`.
    pub async fn graphql_in(&self, tenant: &str, query: &str, variables: Value) -> Reply {
        let body = json!({"query": query, "variables": variables}).to_string();
        let request = self.post("/graphql").header("content-type", "application/json");
        Reply::of(request.header("x-prefect-tenant-id", tenant).body(body)).await
    }

    /// Runs `query` without variables.
    pub async fn ask(&self, query: &str) -> Reply {
        self.graphql(query, Value::Null).await
    }

    /// Sets a pair to the JSON text `value`, byte by byte as given.
    pub async fn set(&self, key: &str, value: &str) -> Reply {
        let key = Value::from(key);
        let variables = format!("{{\"input\": {{\"key\": {key}, \"value\": {value}}}}}");
        self.send(format!("{{\"query\": {}, \"variables\": {variables}}}", Value::from(SET))).await
    }

    /// The id of a pair that is set to the JSON text `value`.
    pub async fn put(&self, key: &str, value: &str) -> String {
        self.set(key, value).await.data()["set_key_value"]["id"].as_str().unwrap().to_owned()
    }

    /// The sorted keys that a condition, written as GraphQL, picks.
    pub async fn keys(&self, condition: &str) -> Vec<String> {
        let reply = self.ask(&format!("{{ key_value(where: {condition}) {{ key }} }}")).await;
        let mut keys = reply.column("key");
        keys.sort();
        keys
    }
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    pub async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Self { status, headers, text: response.text().await.unwrap() }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The data of an answer without errors.
    #[track_caller]
    pub fn data(&self) -> Value {
        let json = self.json();
        assert!(json.get("errors").is_none(), "{self:?}");
        json["data"].clone()
    }

    /// The rows' values of one field of `key_value`.
    #[track_caller]
    pub fn column(&self, name: &str) -> Vec<String> {
        let data = self.data();
        let rows = data["key_value"].as_array().unwrap();
        rows.iter().map(|row| row[name].as_str().unwrap().to_owned()).collect()
    }

    /// The code of the first error.
    #[track_caller]
    pub fn code(&self) -> String {
        let json = self.json();
        json["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("no error: {self:?}")).to_owned()
    }

    /// The message of the first error.
    #[track_caller]
    pub fn message(&self) -> String {
        self.json()["errors"][0]["message"].as_str().unwrap_or_else(|| panic!("no error: {self:?}")).to_owned()
    }

    pub fn content_type(&self) -> &str {
        self.headers["content-type"].to_str().unwrap()
    }
}
