//! What is found where nothing is.

use axum::{Json, http::StatusCode, response::IntoResponse};
use serde_json::json;

/// Every other path.
pub(super) async fn not_found() -> impl IntoResponse {
    let message = "there is nothing here; GraphQL is at /graphql";
    let body = json!({"errors": [{"message": message, "extensions": {"code": "NOT_FOUND"}}]});
    (StatusCode::NOT_FOUND, Json(body))
}
