//! PROMINENCE's key-value store: any bytes under path-like keys (contract prominence.md).
//!
//! A pair here is in the token's home namespace, and its key is the path without its leading slash.

mod answer;
mod asked;
mod error;
mod handlers;
mod list;

use std::sync::Arc;

use axum::{
    Router,
    routing::{MethodRouter, get},
};

use utoipa::OpenApi;

pub(crate) use error::{failed, not_found, overdue, too_large};

use crate::{auth::Authenticator, service::Service};

/// Where the routes are: as `PROMINENCE_URL` names them, and as jobs' scripts do with the bare server.
pub(crate) const BASES: [&str; 2] = ["/prominence/v1/kv", "/kv"];

/// The PROMINENCE door; cheap to clone.
#[derive(Debug, Clone)]
pub struct Door {
    service: Service,
    authenticator: Authenticator,
    /// Largest value that this door takes, in bytes.
    value_bytes: usize,
}

impl Door {
    /// The door to `service`, for callers that `authenticator` knows; no value here is larger than
    /// `value_bytes`, nor larger than the tier allows.
    #[must_use]
    pub fn new(service: Service, authenticator: Authenticator, value_bytes: usize) -> Self {
        Self { service, authenticator, value_bytes }
    }
}

#[derive(OpenApi)]
#[openapi(
    paths(handlers::list_all, handlers::read, handlers::set, handlers::delete),
    tags((name = "PROMINENCE", description = "PROMINENCE's key-value store; the same paths are at `/kv`.")),
)]
struct Paths;

/// The door's part of `/openapi.json`.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    Paths::openapi()
}

/// The routes (contract prominence.md, section 1).
pub(crate) fn routes(door: Door) -> Router {
    let mut router = Router::new();
    for base in BASES {
        let pair = get(handlers::read).post(handlers::set).delete(handlers::delete).options(handlers::options);
        router = router
            .route(base, get(handlers::list_all).options(handlers::options).fallback(error::method_not_allowed))
            .route(&format!("{base}/"), MethodRouter::new().fallback(async || not_found()))
            .route(&format!("{base}/{{*key}}"), pair.fallback(error::method_not_allowed));
    }
    router.with_state(Arc::new(door))
}
