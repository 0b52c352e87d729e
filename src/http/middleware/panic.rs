//! A defect of ours ends one request, not the server.

use std::any::Any;

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::service::ids::new_id;

#[expect(clippy::needless_pass_by_value, reason = "the layer hands panics over like this")]
/// The answer to a request whose handler panicked; the panic's own message is logged under the id.
pub(in crate::http) fn on_panic(panic: Box<dyn Any + Send>) -> Response {
    let id = new_id();
    let text = panic.downcast_ref::<&str>().copied().map(ToOwned::to_owned);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    tracing::error!(error.id = %id, panic = text, "a handler panicked");
    let message = format!("Unable to complete operation. An internal API error occurred. (error id {id})");
    let body = json!({"errors": [{"message": message, "extensions": {"code": "API_ERROR"}}]});
    (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response()
}
