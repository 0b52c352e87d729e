//! Names without what they name: keys and namespaces.

use serde::Deserialize;
use serde_json::json;

use super::{Client, ClientError, Query};

/// Most keys of one request.
const KEYS: usize = 1_000;

impl Client {
    /// The keys that `query` picks, in one namespace, at most `most` of them.
    ///
    /// # Errors
    /// [`ClientError`], as of all verbs here.
    pub(crate) async fn keys(&self, query: &Query, most: Option<usize>) -> Result<Vec<String>, ClientError> {
        #[derive(Deserialize)]
        struct Data {
            key_value_keys: Vec<String>,
        }
        let text = "query($namespace: String, $prefix: String!, $after: String, $limit: Int!) {
            key_value_keys(namespace: $namespace, prefix: $prefix, after: $after, limit: $limit) }";
        let limit = most.unwrap_or(KEYS).min(KEYS);
        let mut keys: Vec<String> = Vec::new();
        loop {
            let variables = json!({
                "namespace": query.namespace, "prefix": query.prefix, "after": keys.last(), "limit": limit,
            });
            let page = self.ask::<Data>(text, variables).await?.key_value_keys;
            let full = page.len() == limit;
            keys.extend(page);
            if !full || most.is_some_and(|most| keys.len() >= most) {
                return Ok(keys);
            }
        }
    }

    /// The names of the namespaces that the token reaches, at most `most` of them.
    pub(crate) async fn namespaces(&self, most: usize) -> Result<Vec<String>, ClientError> {
        #[derive(Deserialize)]
        struct Data {
            namespace: Vec<Named>,
        }
        #[derive(Deserialize)]
        struct Named {
            name: String,
        }
        let text = "query($limit: Int!) { namespace(limit: $limit) { name } }";
        let data: Data = self.ask(text, json!({ "limit": most })).await?;
        Ok(data.namespace.into_iter().map(|it| it.name).collect())
    }
}
