//! What one HTTP request may ask for.

/// Caps; `config.default.toml` says what each is for. Those on documents count for a whole batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Requests in a batch.
    pub batch: usize,
    /// Words, numbers, strings and signs of the documents.
    pub tokens: usize,
    /// Nested fields.
    pub depth: usize,
    /// Selected fields, with every fragment in its place.
    pub complexity: usize,
    /// Fields of a query's or a mutation's root.
    pub root_fields: usize,
    /// Fields under another name.
    pub aliases: usize,
    /// Directives.
    pub directives: usize,
    /// Values in the variables: items of lists, fields of objects; a JSON value counts once.
    pub variable_values: usize,
    /// Errors reported in one answer.
    pub errors: usize,
    /// Memory for parsed documents, in bytes; 0 for none.
    pub document_cache_bytes: usize,
    /// Memory for persisted queries, in bytes; 0 for none.
    pub persisted_query_bytes: usize,
    /// Bytes of a WebSocket message.
    pub message_bytes: usize,
}
