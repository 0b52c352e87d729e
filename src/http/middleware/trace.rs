//! A log line for each request, at debug: method, path, status, time. Never a query string, a header or a body.

use axum::{body::Body, http::Request};
use tower_http::{
    classify::{ServerErrorsAsFailures, SharedClassifier},
    trace::{DefaultOnResponse, TraceLayer},
};
use tracing::{Level, Span};

type MakeSpan = fn(&Request<Body>) -> Span;

/// The layer that logs.
pub(in crate::http) fn trace() -> TraceLayer<SharedClassifier<ServerErrorsAsFailures>, MakeSpan> {
    let span: MakeSpan =
        |request| tracing::debug_span!("request", http.method = %request.method(), http.path = request.uri().path());
    TraceLayer::new_for_http().make_span_with(span).on_response(DefaultOnResponse::new().level(Level::DEBUG))
}
