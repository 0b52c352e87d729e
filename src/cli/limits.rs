//! Settings to what each part of the server is handed.

use crate::{config, graphql, http, service};

impl From<&config::Limits> for graphql::Limits {
    fn from(set: &config::Limits) -> Self {
        Self {
            batch: set.batch,
            tokens: set.tokens,
            depth: set.depth,
            complexity: set.complexity,
            root_fields: set.root_fields,
            aliases: set.aliases,
            directives: set.directives,
            variable_values: set.variable_values,
            errors: set.errors,
            document_cache_bytes: set.document_cache_bytes,
            persisted_query_bytes: set.persisted_query_bytes,
            message_bytes: set.body_bytes,
        }
    }
}

impl From<&config::Sweeper> for service::Sweep {
    fn from(set: &config::Sweeper) -> Self {
        Self { interval: set.interval, grace: set.grace, batch: set.batch }
    }
}

impl From<&config::Audit> for service::AuditRules {
    fn from(set: &config::Audit) -> Self {
        Self { reads: set.reads, keep: set.keep }
    }
}

impl From<&config::Limits> for http::Limits {
    fn from(set: &config::Limits) -> Self {
        Self { body_bytes: set.body_bytes, time: set.request_time }
    }
}
