//! Whether the server can serve.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use serde::Serialize;

use crate::service::Service;

#[derive(Serialize)]
struct Health {
    status: &'static str,
    version: &'static str,
}

/// `GET /health`: 200 where the database answers, else 503.
pub(super) async fn health(State(service): State<Service>) -> impl IntoResponse {
    let (code, status) = match service.health().await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "unavailable")
        }
    };
    (code, Json(Health { status, version: env!("CARGO_PKG_VERSION") }))
}
