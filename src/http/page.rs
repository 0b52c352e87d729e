//! What a browser finds.

use axum::{
    Json,
    http::{StatusCode, header},
    response::{Html, IntoResponse},
};
use serde_json::json;

/// The page may load nothing and be framed by nobody.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

/// `GET /`: what this server is, and how to talk to it.
pub(super) async fn index() -> impl IntoResponse {
    ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(include_str!("index.html")))
}

/// Every other path.
pub(super) async fn not_found() -> impl IntoResponse {
    let message = "there is nothing here; GraphQL is at /graphql";
    let body = json!({"errors": [{"message": message, "extensions": {"code": "NOT_FOUND"}}]});
    (StatusCode::NOT_FOUND, Json(body))
}
