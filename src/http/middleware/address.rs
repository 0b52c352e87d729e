//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName},
    middleware::Next,
    response::Response,
};

/// Puts the client's address into the request: what the proxy in front of the server says in `header`,
/// where one is named, else the connection's.
pub(in crate::http) async fn address(
    State(header): State<Option<HeaderName>>,
    mut request: Request,
    next: Next,
) -> Response {
    let address = match header {
        Some(header) => told(request.headers(), &header),
        None => request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical()),
    };
    if let Some(address) = address {
        request.extensions_mut().insert(address);
    }
    next.run(request).await
}

/// The last address in the header's list: the one that the proxy itself saw. Those before it came with the request.
fn told(headers: &HeaderMap, name: &HeaderName) -> Option<IpAddr> {
    let last = headers.get_all(name).into_iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim();
    let bare = last.parse::<IpAddr>().ok();
    bare.or_else(|| last.parse::<SocketAddr>().ok().map(|with_port| with_port.ip())).map(|it| it.to_canonical())
}
