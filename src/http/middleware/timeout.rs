//! No request runs for ever; what takes too long is refused in the door's own form.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

/// The longest time, and the answer to a request that takes longer.
pub(in crate::http) type Deadline = (Duration, fn(Duration) -> Response);

/// Answers in the place of the rest where that takes longer than allowed.
pub(in crate::http) async fn timeout(
    State((longest, refuse)): State<Deadline>,
    request: Request,
    next: Next,
) -> Response {
    tokio::time::timeout(longest, next.run(request)).await.unwrap_or_else(|_| refuse(longest))
}
