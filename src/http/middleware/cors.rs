//! What browsers are told about other sites' pages.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::CorsLayer;

/// What Prefect's page sends beside the token.
const PREFECT: [&str; 5] =
    ["x-prefect-ui", "x-prefect-tenant-id", "x-prefect-user-id", "x-backend", "authorization-expiry"];

/// What a page may send to Kestra's door beside a value.
const KESTRA: [&str; 2] = ["ttl", "description"];

/// How long a browser need not ask again.
const MAX_AGE: Duration = Duration::from_mins(10);

/// The layer that lets pages of `origins` talk to the server. No cookies: a token is sent by hand.
pub(in crate::http) fn cors(origins: &[String]) -> CorsLayer {
    let headers = [header::AUTHORIZATION, header::CONTENT_TYPE, header::ACCEPT];
    let named = PREFECT.into_iter().chain(KESTRA).map(HeaderName::from_static);
    let origins = origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
    CorsLayer::new()
        .allow_origin(origins.collect::<Vec<_>>())
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers(headers.into_iter().chain(named).collect::<Vec<_>>())
        .expose_headers([header::RETRY_AFTER, header::WWW_AUTHENTICATE])
        .max_age(MAX_AGE)
}
