//! PROMINENCE's spelling of what goes wrong: a status, and `{"error": "..."}`.
//!
//! Its client reads every refusal as JSON, and dies of anything else.

use std::time::Duration;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use serde::Serialize;
use utoipa::ToSchema;

use super::answer;
use crate::{
    domain::{Code, KvError},
    service::log_fault,
};

/// What a handler gives.
pub(super) type Result<T> = std::result::Result<T, Refusal>;

/// The body of every refusal.
#[derive(Serialize, ToSchema)]
#[schema(as = ProminenceError)]
pub(super) struct Body {
    /// What was wrong, and what is allowed.
    error: String,
}

/// A refusal on its way to the client.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    message: String,
    /// In how many seconds trying again may help.
    retry_after: Option<u64>,
}

impl Refusal {
    fn new(status: StatusCode, message: &str) -> Self {
        Self { status, message: message.to_owned(), retry_after: None }
    }

    /// A request that this door refuses with the original's words.
    pub(super) fn bad(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// There is no such pair.
    pub(super) fn no_such_key() -> Self {
        Self::new(StatusCode::NOT_FOUND, "No such key")
    }

    /// There is nothing at all at this path: the whole store is no pair, and cannot be deleted.
    pub(super) fn nothing_here() -> Self {
        Self::new(StatusCode::NOT_FOUND, "there is nothing here; a key comes after /kv/")
    }
}

impl From<KvError> for Refusal {
    fn from(error: KvError) -> Self {
        let status = match error.code() {
            Code::NotFound => StatusCode::NOT_FOUND,
            Code::Conflict | Code::InvalidInput | Code::LimitExceeded => StatusCode::BAD_REQUEST,
            Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Code::Unauthenticated => StatusCode::UNAUTHORIZED,
            Code::Forbidden => StatusCode::FORBIDDEN,
            Code::Resume => StatusCode::GONE,
            Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let retry_after = match &error {
            KvError::TooManyRequests { seconds, .. } => Some(*seconds),
            KvError::Unavailable(_) => Some(1),
            _ => None,
        };
        Self { retry_after, ..Self::new(status, &message(&error)) }
    }
}

/// What the client is told; the server's faults are logged, and shown as an id.
fn message(error: &KvError) -> String {
    if let Some(id) = log_fault(error, "prominence") {
        return format!("an internal error occurred (error id {id})");
    }
    match error {
        KvError::Unauthenticated(_) => "Authentication failure".to_owned(),
        KvError::Changed { .. } => "Atomic replacement not successful".to_owned(),
        KvError::ValueTooLarge { .. } => TOO_LARGE.to_owned(),
        KvError::Unavailable(_) => "Unable to access key-value store".to_owned(),
        other => other.to_string(),
    }
}

/// The original's words for a value over the limit.
pub(super) const TOO_LARGE: &str = "Content of value too large";

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        // One string: it cannot fail to serialise.
        let body = serde_json::to_string(&Body { error: self.message }).unwrap_or_default();
        let mut response = answer::json(self.status, body);
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The answer to a method that a path does not take; the router says in `Allow` which it does.
pub(super) async fn method_not_allowed() -> Refusal {
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "this path does not take this method")
}

/// The answer to the path that ends before a key begins.
pub(crate) fn not_found() -> Response {
    Refusal::nothing_here().into_response()
}

/// The answer to a request that took longer than `longest`.
pub(crate) fn overdue(longest: Duration) -> Response {
    let message = format!("the request took longer than {} s; try again", longest.as_secs_f64());
    Refusal { retry_after: Some(1), ..Refusal::new(StatusCode::SERVICE_UNAVAILABLE, &message) }.into_response()
}

/// The answer to a request that `error` ended.
pub(crate) fn failed(error: KvError) -> Response {
    Refusal::from(error).into_response()
}

/// The answer to a body over the server's own cap.
pub(crate) fn too_large(_limit: usize) -> Response {
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, TOO_LARGE).into_response()
}
