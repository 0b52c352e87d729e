//! Kestra's spelling of what goes wrong (contract kestra.md, section 1).

use std::time::Duration;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::{Code, KvError},
    service::log_fault,
};

/// What a handler gives.
pub(super) type Result<T> = std::result::Result<T, Refusal>;

/// A refusal on its way to the client; [`describe`] gives it its body.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    status: StatusCode,
    message: String,
    /// Seconds after which trying again may help.
    retry_after: Option<u64>,
}

/// The body of every refusal.
#[derive(Serialize, ToSchema)]
#[schema(as = JsonError)]
pub(super) struct Body {
    /// What was wrong, and what is allowed.
    message: String,
    /// Where it happened.
    #[serde(rename = "_links")]
    links: Links,
}

/// Links of a refusal.
#[derive(Serialize, ToSchema)]
struct Links {
    #[serde(rename = "self")]
    own: [Link; 1],
}

/// A link of a refusal.
#[derive(Serialize, ToSchema)]
struct Link {
    /// The path of the request.
    href: String,
    /// Always `false`.
    templated: bool,
}

impl Refusal {
    /// A refusal with Kestra's words for its reason, then the detail.
    pub(super) fn new(status: StatusCode, detail: &str) -> Self {
        let reason = match status {
            StatusCode::NOT_FOUND => "Not Found",
            StatusCode::GONE => "Resource has expired",
            StatusCode::UNPROCESSABLE_ENTITY => "Illegal argument",
            other => other.canonical_reason().unwrap_or("Error"),
        };
        Self { status, message: format!("{reason}: {detail}"), retry_after: None }
    }

    /// An argument that makes no sense.
    pub(super) fn illegal(detail: &str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    }

    /// A filter that nobody knows.
    pub(super) fn bad_filter(detail: &str) -> Self {
        let message = format!("Invalid query filters: {detail}");
        Self { status: StatusCode::BAD_REQUEST, message, retry_after: None }
    }
}

impl From<KvError> for Refusal {
    fn from(error: KvError) -> Self {
        let status = match error.code() {
            Code::NotFound => StatusCode::NOT_FOUND,
            Code::Conflict => StatusCode::CONFLICT,
            Code::InvalidInput | Code::LimitExceeded => StatusCode::UNPROCESSABLE_ENTITY,
            Code::Unauthenticated => StatusCode::UNAUTHORIZED,
            Code::Forbidden => StatusCode::FORBIDDEN,
            Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Code::Resume => StatusCode::GONE,
            Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let retry_after = match &error {
            KvError::TooManyRequests { seconds, .. } => Some(*seconds),
            KvError::Unavailable(_) => Some(1),
            _ => None,
        };
        Self { retry_after, ..Self::new(status, &detail(&error)) }
    }
}

/// What the client is told; the server's faults are logged, and shown as an id.
fn detail(error: &KvError) -> String {
    log_fault(error, "kestra")
        .map_or_else(|| error.to_string(), |id| format!("an internal error occurred (error id {id})"))
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.append(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"Highwater\""));
            headers.append(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Gives refusals their body, which names the path that was asked for; and lets nobody keep an answer.
pub(crate) fn describe(uri: &Uri, mut response: Response) -> Response {
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        let links = Links { own: [Link { href: uri.path().to_owned(), templated: false }] };
        let kept = response.headers().clone();
        response = (refusal.status, Json(Body { message: refusal.message, links })).into_response();
        for (name, value) in &kept {
            if !matches!(*name, header::CONTENT_LENGTH | header::CONTENT_TYPE) {
                response.headers_mut().append(name, value.clone());
            }
        }
    }
    // What a token may see is for its bearer.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The answer to a body of more than `limit` bytes.
pub(crate) fn too_large(limit: usize) -> Response {
    let detail = format!("the body is larger than the {limit} bytes allowed; nothing was written");
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, &detail).into_response()
}

/// The answer to a request that took longer than `longest`.
pub(crate) fn overdue(longest: Duration) -> Response {
    let detail = format!("the request took longer than {} s; ask for less, or try again", longest.as_secs_f64());
    Refusal { retry_after: Some(1), ..Refusal::new(StatusCode::SERVICE_UNAVAILABLE, &detail) }.into_response()
}

/// The answer to a request that `error` ended.
pub(crate) fn failed(error: KvError) -> Response {
    Refusal::from(error).into_response()
}

/// The answer to a path that Kestra's API has and this server has not.
pub(crate) fn not_found() -> Response {
    let detail = "this server has only the KV store of Kestra's API; see /openapi.json";
    Refusal::new(StatusCode::NOT_FOUND, detail).into_response()
}

/// The answer to a method that the path does not have.
pub(super) async fn method_not_allowed() -> Refusal {
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "the path does not take this method; see the header Allow")
}
