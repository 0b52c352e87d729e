//! Prefect's and Hasura's spelling of what goes wrong.

use async_graphql::ErrorExtensionValues;
use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{
    domain::{Code, Fault, KvError},
    service::log_fault,
};

/// What a resolver gives. Not async-graphql's own: that one drops `extensions.code`.
pub(super) type Result<T> = std::result::Result<T, Error>;

/// A refusal of the store on its way to the client.
///
/// Not `Display`, on purpose: async-graphql would turn any `Display` error into one without a code.
#[derive(Clone)]
pub(super) struct Error {
    error: KvError,
    /// The place in the query that is to blame, where one is known.
    path: Option<String>,
}

impl Error {
    /// An error that the place `path` of the query is to blame for.
    pub(super) fn at(error: KvError, path: String) -> Self {
        Self { error, path: Some(path) }
    }
}

impl From<KvError> for Error {
    fn from(error: KvError) -> Self {
        Self { error, path: None }
    }
}

impl From<Error> for async_graphql::Error {
    fn from(error: Error) -> Self {
        let mut extensions = ErrorExtensionValues::default();
        match (&error.error, error.path) {
            (KvError::BadQuery { fault, .. }, Some(path)) => {
                extensions.set("code", hasuras_code(*fault));
                extensions.set("path", path);
            }
            (other, _) => extensions.set("code", code(other)),
        }
        Self { message: message(&error.error), source: None, extensions: Some(extensions) }
    }
}

/// The `extensions.code` of what Hasura refused when it ran a query (contract filter.md, section 7).
fn hasuras_code(fault: Fault) -> &'static str {
    match fault {
        Fault::Type => "parse-failed",
        Fault::Text => "data-exception",
        Fault::Escape => "bad-request",
        Fault::Query => "validation-failed",
    }
}

/// The `extensions.code` of an error.
pub(super) fn code(error: &KvError) -> &'static str {
    match error.code() {
        Code::NotFound => "NOT_FOUND",
        Code::Conflict => "CONFLICT",
        Code::InvalidInput => "BAD_USER_INPUT",
        Code::LimitExceeded => "LIMIT_EXCEEDED",
        Code::RateLimited => "RATE_LIMITED",
        Code::Resume => "RESUME",
        Code::Unauthenticated => "UNAUTHENTICATED",
        Code::Forbidden => "FORBIDDEN",
        Code::Unavailable => UNAVAILABLE,
        // Prefect's word for "ours, try again": its client does (contract prefect.md, section 3).
        Code::Internal => "API_ERROR",
    }
}

/// The code that makes an answer HTTP 503.
pub(super) const UNAVAILABLE: &str = "UNAVAILABLE";

/// What the client is told; the server's faults are logged, and shown as an id.
pub(super) fn message(error: &KvError) -> String {
    log_fault(error, "graphql").map_or_else(
        || error.to_string(),
        |id| format!("Unable to complete operation. An internal API error occurred. (error id {id})"),
    )
}

/// The answer to a request that `error` ended before its own answer was begun.
#[expect(clippy::needless_pass_by_value, reason = "every door's takes the error whole")]
pub(crate) fn failed(error: KvError) -> Response {
    let body = json!({"errors": [{"message": message(&error), "extensions": {"code": code(&error)}}]});
    (StatusCode::INTERNAL_SERVER_ERROR, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}
