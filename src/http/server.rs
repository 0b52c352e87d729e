//! The server: connections in, requests to the routes.

use std::{
    convert::Infallible,
    future::{self, Ready},
    io,
    net::SocketAddr,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    http::HeaderName,
    serve::{IncomingStream, Listener, ListenerExt},
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::{Layer, Service, util::Either};
use tower_http::cors::{Cors, CorsLayer};

use super::{
    Doors, FORMS,
    middleware::{Origin, Passage, cors},
    routes,
};
use crate::service::Service as Rules;

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

/// Every route, and what requests pass through on their way there.
#[derive(Debug, Clone)]
pub struct Server {
    routes: Router,
    limits: Limits,
    header: Option<HeaderName>,
    cors: Option<CorsLayer>,
}

impl Server {
    /// The routes of `doors`, each request within `limits`.
    #[must_use]
    pub fn new(service: Rules, doors: Doors, limits: Limits) -> Self {
        Self { routes: routes(service, doors), limits, header: None, cors: None }
    }

    /// Lets web pages of `origins` talk to the server; where there are none, browsers let nobody else's.
    #[must_use]
    pub fn allowing(self, origins: &[String]) -> Self {
        Self { cors: (!origins.is_empty()).then(|| cors(origins)), ..self }
    }

    /// Tells where requests come from by `header`, which a proxy in front of the server sets; where there is
    /// none, by the connection.
    #[must_use]
    pub fn behind(self, header: Option<HeaderName>) -> Self {
        Self { header, ..self }
    }

    /// Serves until `stop`; then finishes what runs.
    ///
    /// # Errors
    /// Where the listener fails.
    pub async fn serve(self, listener: TcpListener, stop: CancellationToken) -> io::Result<()> {
        let told = stop.clone();
        // Events are small and follow each other: none waits until the one before has arrived.
        let listener = listener.tap_io(|connection| _ = connection.set_nodelay(true));
        let served =
            axum::serve(listener, Entrance(self)).with_graceful_shutdown(async move { told.cancelled().await });
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
}

/// Gives each connection what serves its requests.
struct Entrance(Server);

impl<L: Listener<Addr = SocketAddr>> Service<IncomingStream<'_, L>> for Entrance {
    type Response = Either<Cors<Passage>, Passage>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, connection: IncomingStream<'_, L>) -> Self::Future {
        let Server { routes, limits, header, cors } = &self.0;
        let peer = || Origin::Peer(connection.remote_addr().ip().to_canonical());
        let origin = Arc::new(header.clone().map_or_else(peer, Origin::Told));
        let passage = Passage { origin, limits: *limits, forms: FORMS, routes: routes.clone() };
        future::ready(Ok(match cors {
            Some(cors) => Either::Left(cors.layer(passage)),
            None => Either::Right(passage),
        }))
    }
}
