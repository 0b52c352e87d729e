//! Bodies up to a limit, read whole; larger ones are refused in the door's own form.

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use futures_util::StreamExt;

/// How much of a body that is too large is read all the same, in multiples of the limit: a client
/// that is still sending would see a broken connection and not the answer.
const PATIENCE: usize = 16;

/// The answer to a body that is over the limit.
pub(in crate::http) type Refuse = fn(usize) -> Response;

/// The limit, and the answer to a body that is over it.
pub(in crate::http) type Bound = (usize, Refuse);

/// Reads the body and passes it on.
pub(in crate::http) async fn body_limit(
    State((limit, refuse)): State<Bound>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    match read(body, limit).await {
        Some(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        None => refuse(limit),
    }
}

/// The body's bytes; none where there are more than `limit`, or where they stop coming.
async fn read(body: Body, limit: usize) -> Option<Bytes> {
    let mut chunks = body.into_data_stream();
    let mut whole = Vec::new();
    let mut seen = 0_usize;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.ok()?;
        seen = seen.saturating_add(chunk.len());
        if seen <= limit {
            whole.extend_from_slice(&chunk);
        } else if seen / PATIENCE > limit {
            return None;
        } else {
            whole = Vec::new();
        }
    }
    (seen <= limit).then(|| Bytes::from(whole))
}
