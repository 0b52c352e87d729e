//! Kestra's KV store over its own REST API (contract kestra.md).
//!
//! The same paths with a tenant's name and without; the name may be any, since the token says which
//! tenant is meant.

mod error;
mod extract;
mod filters;
mod ion;
mod list;
mod model;
mod openapi;
mod pairs;
mod value;

use std::sync::Arc;

use axum::{Router, routing::get};

pub(crate) use self::error::{describe, failed, not_found, overdue, too_large};
pub use self::openapi::document;
use crate::{auth::Authenticator, service::Service};

/// Kestra's door; cheap to clone.
#[derive(Debug, Clone)]
pub struct Door {
    service: Service,
    authenticator: Authenticator,
}

impl Door {
    /// The door to `service`, for callers that `authenticator` knows.
    #[must_use]
    pub fn new(service: Service, authenticator: Authenticator) -> Self {
        Self { service, authenticator }
    }
}

/// Where the routes are.
pub(crate) const BASE: &str = "/api/v1";

/// Every route of the door, each by its whole path: a router inside another takes the path apart once more.
pub(crate) fn routes(door: Door) -> Router {
    let all = || get(list::all);
    let mut router =
        Router::new().route(&format!("{BASE}/{{tenant}}/kv"), all()).route(&format!("{BASE}/{{tenant}}/kv/"), all());
    for tenant in ["", "/{tenant}"] {
        let base = format!("{BASE}{tenant}/namespaces/{{namespace}}/kv");
        router = router
            .route(&base, get(pairs::list).delete(pairs::delete_many))
            .route(&format!("{base}/inheritance"), get(pairs::inheritance).put(pairs::put).delete(pairs::delete))
            .route(&format!("{base}/{{key}}"), get(pairs::get).put(pairs::put).delete(pairs::delete));
    }
    router.method_not_allowed_fallback(error::method_not_allowed).with_state(Arc::new(door))
}
