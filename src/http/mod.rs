//! Every route of the server on one page.

mod health;
mod middleware;
mod openapi;
mod page;
mod ui;

use std::{io, net::SocketAddr, time::Duration};

use axum::{
    Router, extract::DefaultBodyLimit, http::HeaderName, middleware::from_fn_with_state, response::Response,
    routing::get,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use self::middleware::panics;
use crate::{graphql, kestra, prominence, service::Service};

/// How long requests may go on after the server was told to stop.
const GRACE: Duration = Duration::from_secs(30);

/// What one request may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest body, in bytes.
    pub body_bytes: usize,
    /// Longest time.
    pub time: Duration,
}

/// The doors that have routes here.
#[derive(Clone)]
pub struct Doors {
    /// Prefect's.
    pub graphql: graphql::Door,
    /// Kestra's.
    pub kestra: kestra::Door,
    /// PROMINENCE's.
    pub prominence: prominence::Door,
}

/// Every route of the server.
pub fn router(service: Service, doors: Doors, limits: Limits) -> Router {
    let bounded = |too_large: fn(usize) -> Response, overdue: fn(Duration) -> Response| {
        from_fn_with_state(middleware::Bounds { limits, too_large, overdue }, middleware::bounded)
    };
    let graphql = Router::new()
        .route("/", get(ui::index).post(graphql::http::post))
        .route("/graphql", get(graphql::http::get).post(graphql::http::post))
        .method_not_allowed_fallback(graphql::http::method_not_allowed)
        .layer(bounded(graphql::http::too_large, graphql::http::overdue))
        .layer(panics(graphql::failed))
        .with_state(doors.graphql);
    let kestra = kestra::router().layer(bounded(kestra::too_large, kestra::overdue)).layer(panics(kestra::failed));
    let kestra = kestra::describing(kestra).with_state(doors.kestra);
    let prominence = prominence::routes(doors.prominence)
        .layer(bounded(prominence::too_large, prominence::overdue))
        .layer(panics(prominence::failed));
    let health = get(health::health).layer(bounded(graphql::http::too_large, graphql::http::overdue));
    Router::new()
        .merge(graphql)
        .merge(kestra)
        .merge(prominence)
        .route("/openapi.json", get(openapi::document))
        .route("/health", health.with_state(service))
        .route("/graphiql", get(ui::graphiql))
        .route("/openapi", get(ui::openapi))
        .route("/assets/{name}", get(ui::asset))
        .route("/licenses.md", get(ui::licenses))
        .fallback(page::not_found)
        // The middleware above bounds bodies, with an answer in the door's own form.
        .layer(DefaultBodyLimit::disable())
        .layer(panics(graphql::failed))
        .layer(middleware::trace())
}

/// Lets web pages of `origins` talk to the server; where there are none, browsers let nobody else's.
pub fn allowing(router: Router, origins: &[String]) -> Router {
    if origins.is_empty() { router } else { router.layer(middleware::cors(origins)) }
}

/// Tells the doors where requests come from: by `header`, which a proxy in front of the server sets, or where
/// there is none by the connection.
pub fn addressing(router: Router, header: Option<HeaderName>) -> Router {
    router.layer(from_fn_with_state(header, middleware::address))
}

/// Serves `router` until `stop`; then finishes what runs.
///
/// # Errors
/// Where the listener fails.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) -> io::Result<()> {
    let told = stop.clone();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(async move { told.cancelled().await });
    let overdue = async {
        stop.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        served = served => served,
        () = overdue => {
            tracing::warn!("requests still ran {} s after the signal; stopping without them", GRACE.as_secs());
            Ok(())
        }
    }
}
