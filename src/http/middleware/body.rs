//! Bodies up to a limit, read whole.

use axum::body::{Body, Bytes, HttpBody};
use futures_util::StreamExt;

/// How much of a body that is too large is read all the same, in multiples of the limit: a client
/// that is still sending would see a broken connection and not the answer.
const PATIENCE: usize = 16;

/// The body's bytes; none where there are more than `limit`, or where they stop coming.
pub(super) async fn read(body: Body, limit: usize) -> Option<Bytes> {
    if body.is_end_stream() {
        return Some(Bytes::new());
    }
    let mut chunks = body.into_data_stream();
    let mut whole = Vec::new();
    let mut seen = 0_usize;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.ok()?;
        seen = seen.saturating_add(chunk.len());
        if seen <= limit {
            if seen == chunk.len() && chunks.is_end_stream() {
                // Nearly every body comes in one piece.
                return Some(chunk);
            }
            whole.extend_from_slice(&chunk);
        } else if seen / PATIENCE > limit {
            return None;
        } else {
            whole = Vec::new();
        }
    }
    (seen <= limit).then(|| Bytes::from(whole))
}
