//! What one request may ask for.

use std::time::Duration;

use serde::Deserialize;

use super::duration;

/// What one request may ask for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Largest body, in bytes.
    pub body_bytes: usize,
    /// Longest time.
    #[serde(deserialize_with = "duration")]
    pub request_time: Duration,
    /// Most GraphQL requests in a batch.
    pub batch: usize,
    /// Most tokens of GraphQL.
    pub tokens: usize,
    /// Deepest nesting of GraphQL fields.
    pub depth: usize,
    /// Most GraphQL fields.
    pub complexity: usize,
    /// Most GraphQL fields at the root.
    pub root_fields: usize,
    /// Most GraphQL aliases.
    pub aliases: usize,
    /// Most GraphQL directives.
    pub directives: usize,
    /// Most values in GraphQL variables.
    pub variable_values: usize,
    /// Most errors in one GraphQL answer.
    pub errors: usize,
    /// Memory for parsed GraphQL documents, in bytes.
    pub document_cache_bytes: usize,
    /// Memory for persisted GraphQL queries, in bytes.
    pub persisted_query_bytes: usize,
}

impl Limits {
    /// A limit of nothing would refuse everything.
    pub(super) fn validate(&self) -> Result<(), String> {
        let positive = [
            ("body_bytes", self.body_bytes),
            ("batch", self.batch),
            ("tokens", self.tokens),
            ("depth", self.depth),
            ("complexity", self.complexity),
            ("root_fields", self.root_fields),
            ("errors", self.errors),
        ];
        match positive.into_iter().find(|(_, value)| *value == 0) {
            Some((name, _)) => Err(format!("limits.{name} must be at least 1")),
            None => Ok(()),
        }
    }
}
