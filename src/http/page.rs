//! What is found where nothing is.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

/// Every other path.
pub(super) fn not_found() -> Response {
    let message = "there is nothing here; GraphQL is at /graphql";
    let body = json!({"errors": [{"message": message, "extensions": {"code": "NOT_FOUND"}}]});
    (StatusCode::NOT_FOUND, Json(body)).into_response()
}
