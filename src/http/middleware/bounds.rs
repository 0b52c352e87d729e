//! No request is larger than allowed, and none runs for ever; what is refused is refused in the door's own form.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

use super::body;
use crate::http::Limits;

/// What a request may cost, and the answers to one that costs more.
#[derive(Debug, Clone, Copy)]
pub(in crate::http) struct Bounds {
    pub(in crate::http) limits: Limits,
    /// To a body of more than so many bytes.
    pub(in crate::http) too_large: fn(usize) -> Response,
    /// To a request that takes longer than this.
    pub(in crate::http) overdue: fn(Duration) -> Response,
}

/// Reads the body and passes the request on; answers in the place of the rest where that takes too long.
pub(in crate::http) async fn bounded(State(bounds): State<Bounds>, request: Request, next: Next) -> Response {
    let Limits { body_bytes, time } = bounds.limits;
    let work = async {
        let (parts, body) = request.into_parts();
        match body::read(body, body_bytes).await {
            Some(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
            None => (bounds.too_large)(body_bytes),
        }
    };
    tokio::time::timeout(time, work).await.unwrap_or_else(|_| (bounds.overdue)(time))
}
