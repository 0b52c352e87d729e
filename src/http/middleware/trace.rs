//! A log line for each request, at debug: method, path, status, time. Never a query string, a header or a body.

use std::time::Instant;

use axum::{extract::Request, response::Response};
use tracing::{Instrument, Span};

/// What is logged while `request` is answered has its method and path.
pub(super) fn span(request: &Request) -> Span {
    tracing::debug_span!("request", http.method = %request.method(), http.path = request.uri().path())
}

/// Does `work` within `span`, and logs how it ended. Failures get no line of their own: whoever answers one
/// logs its cause.
#[expect(clippy::disallowed_methods, reason = "how long a request takes is no instant of the clock's")]
pub(super) async fn logged(span: Span, work: impl Future<Output = Response>) -> Response {
    let began = (!span.is_disabled()).then(Instant::now);
    let response = work.instrument(span.clone()).await;
    if let Some(began) = began {
        let duration_ms = began.elapsed().as_millis();
        span.in_scope(|| tracing::debug!(http.status = response.status().as_u16(), duration_ms, "answered"));
    }
    response
}
