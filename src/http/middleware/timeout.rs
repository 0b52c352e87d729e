//! No request runs for ever.

use std::time::Duration;

use axum::{
    Json,
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::json;

/// Answers 503 where the rest takes longer than `longest`.
pub(in crate::http) async fn timeout(State(longest): State<Duration>, request: Request, next: Next) -> Response {
    tokio::time::timeout(longest, next.run(request)).await.unwrap_or_else(|_| {
        let message = format!("the request took longer than {} s; ask for less, or try again", longest.as_secs());
        let body = json!({"errors": [{"message": message, "extensions": {"code": "TIMEOUT"}}]});
        (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], Json(body)).into_response()
    })
}
