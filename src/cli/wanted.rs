//! Checks of a pair that a file names, before anything is sent.

use crate::{
    client::Expiry,
    domain::{Key, KvError, Namespace, Span, Timestamp},
};

/// Refuses an address that no server takes.
pub(super) fn check_address(namespace: Option<&str>, key: &str) -> Result<(), KvError> {
    Key::new(key)?;
    namespace.map(Namespace::new).transpose().map(drop)
}

/// The expiry that a file writes.
pub(super) fn expiry(ttl: Option<&str>, expires_at: Option<&str>) -> Result<Option<Expiry>, KvError> {
    match (ttl, expires_at) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(KvError::Invalid("ttl and expires_at do not go together".to_owned())),
        (Some(ttl), None) => Span::parse(ttl).map(|_| Some(Expiry::Ttl(ttl.to_owned()))),
        (None, Some(end)) => Timestamp::parse(end).map(|_| Some(Expiry::At(end.to_owned()))),
    }
}
