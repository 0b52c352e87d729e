//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName};

/// How the server tells where requests come from.
#[derive(Debug, Clone)]
pub(in crate::http) enum Origin {
    /// From the other end of the connection.
    Peer(IpAddr),
    /// From where a proxy in front of the server says, in this header.
    Told(HeaderName),
}

impl Origin {
    /// The client's address, where it is known.
    pub(super) fn address(&self, headers: &HeaderMap) -> Option<IpAddr> {
        match self {
            Self::Peer(address) => Some(*address),
            Self::Told(header) => told(headers, header),
        }
    }
}

/// The last address in the header's list: the one that the proxy itself saw. Those before it came with the request.
fn told(headers: &HeaderMap, name: &HeaderName) -> Option<IpAddr> {
    let last = headers.get_all(name).into_iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim();
    let bare = last.parse::<IpAddr>().ok();
    bare.or_else(|| last.parse::<SocketAddr>().ok().map(|with_port| with_port.ip())).map(|it| it.to_canonical())
}
