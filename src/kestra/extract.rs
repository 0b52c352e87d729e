//! What handlers ask of a request: who sends it, and which namespace and key it names.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{FromRequestParts, Path, rejection::PathRejection},
    http::{header, request::Parts},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, de::DeserializeOwned};

use super::{Door, error::Refusal};
use crate::{
    auth::Credentials,
    domain::{self, Caller, Key, KvError, Namespace},
};

/// Kestra's words for a key that it does not take.
const BAD_KEY: &str = "Key must start with an alphanumeric character (uppercase or lowercase) and can contain \
    alphanumeric characters (uppercase or lowercase), dots (.), underscores (_), and hyphens (-) only.";

/// Who asks: by `Bearer TOKEN`, or by `Basic`, whose password is the token and whose user does not count.
pub(super) struct Asking(pub(super) Caller);

impl FromRequestParts<Arc<Door>> for Asking {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<Self, Refusal> {
        // A header that is no text is no token, but it is not absent either.
        let header = parts.headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or("\u{fffd}"));
        let bearer = header.and_then(basic).transpose()?.map(|password| format!("Bearer {password}"));
        let authorization = bearer.as_deref().or(header);
        let address = parts.extensions.get::<IpAddr>().copied();
        Ok(Self(door.authenticator.caller(Credentials { authorization, tenant: None, address }).await?))
    }
}

/// The password of a `Basic` header; none for other schemes.
fn basic(header: &str) -> Option<Result<String, KvError>> {
    let (scheme, credentials) = header.trim().split_once(' ')?;
    let password = || {
        let text = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
        text.split_once(':').map(|(_, password)| password.to_owned())
    };
    let malformed =
        KvError::Unauthenticated("malformed Authorization header: Basic takes any user and the token as password");
    scheme.eq_ignore_ascii_case("basic").then(|| password().ok_or(malformed))
}

/// The namespace that a path names.
pub(super) struct In(pub(super) Namespace);

/// The namespace and the key that a path names.
pub(super) struct At(pub(super) domain::Address);

#[derive(Deserialize)]
struct NamespacePath {
    namespace: String,
}

#[derive(Deserialize)]
struct KeyPath {
    namespace: String,
    #[serde(default = "inheritance")]
    key: String,
}

/// The key of the one path that names a key without a parameter.
fn inheritance() -> String {
    "inheritance".to_owned()
}

impl FromRequestParts<Arc<Door>> for In {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<Self, Refusal> {
        let path: NamespacePath = path(parts, door).await?;
        Ok(Self(Namespace::new(path.namespace)?))
    }
}

impl FromRequestParts<Arc<Door>> for At {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<Self, Refusal> {
        let path: KeyPath = path(parts, door).await?;
        Ok(Self(domain::Address { namespace: Namespace::new(path.namespace)?, key: key(path.key)? }))
    }
}

async fn path<T: DeserializeOwned + Send>(parts: &mut Parts, door: &Arc<Door>) -> Result<T, Refusal> {
    let found: Result<Path<T>, PathRejection> = Path::from_request_parts(parts, door).await;
    found.map(|Path(path)| path).map_err(|_| Refusal::illegal("the path is not percent-encoded UTF-8 text"))
}

/// The key `text`, where it is one that Kestra takes.
pub(super) fn key(text: String) -> Result<Key, Refusal> {
    let in_key = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    if !text.starts_with(|c: char| c.is_ascii_alphanumeric()) || !text.bytes().all(in_key) {
        return Err(Refusal::illegal(BAD_KEY));
    }
    Ok(Key::new(text)?)
}
