//! A log line for each request, at debug: method, path, status, time. Never a query string, a header or a body.

use axum::{body::Body, http::Request};
use tower_http::{
    classify::{ServerErrorsAsFailures, SharedClassifier},
    trace::{DefaultOnBodyChunk, DefaultOnEos, DefaultOnRequest, DefaultOnResponse, TraceLayer},
};
use tracing::{Level, Span};

type MakeSpan = fn(&Request<Body>) -> Span;

/// Failures get no line of their own: whoever answers one logs its cause.
type Trace = TraceLayer<
    SharedClassifier<ServerErrorsAsFailures>,
    MakeSpan,
    DefaultOnRequest,
    DefaultOnResponse,
    DefaultOnBodyChunk,
    DefaultOnEos,
    (),
>;

/// The layer that logs.
pub(in crate::http) fn trace() -> Trace {
    let span: MakeSpan =
        |request| tracing::debug_span!("request", http.method = %request.method(), http.path = request.uri().path());
    TraceLayer::new_for_http()
        .make_span_with(span)
        .on_response(DefaultOnResponse::new().level(Level::DEBUG))
        .on_failure(())
}
