//! Where a pair lives: a key in a namespace of a tenant.

use std::fmt;

use super::KvError;

/// Longest key, in bytes of UTF-8.
pub const KEY_BYTES: usize = 1_024;

/// Longest namespace, in bytes.
pub const NAMESPACE_BYTES: usize = 255;

/// A pair's name inside its namespace: any text of 1 to 1,024 bytes.
///
/// Keys are exact: compared byte for byte, never trimmed, normalised or case-folded. `/a/b` and
/// `a/b` are different keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

impl Key {
    /// The key `text`.
    ///
    /// # Errors
    /// [`KvError::EmptyKey`] and [`KvError::KeyTooLong`].
    pub fn new(text: impl Into<String>) -> Result<Self, KvError> {
        let text = text.into();
        match text.len() {
            0 => Err(KvError::EmptyKey),
            size if size > KEY_BYTES => Err(KvError::KeyTooLong { size, limit: KEY_BYTES }),
            _ => Ok(Self(text)),
        }
    }

    /// The key's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key's text, owned.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A dotted name inside a tenant, such as `default` or `company.team`.
///
/// Segments of ASCII letters, digits, `_` and `-`, joined by single dots; at most 255 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Namespace(String);

impl Namespace {
    /// The namespace called `text`.
    ///
    /// # Errors
    /// [`KvError::BadNamespace`] where `text` is not a dotted name.
    pub fn new(text: impl Into<String>) -> Result<Self, KvError> {
        let text = text.into();
        let word = |segment: &str| {
            !segment.is_empty()
                && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        };
        if text.len() <= NAMESPACE_BYTES && text.split('.').all(word) {
            Ok(Self(text))
        } else {
            Err(KvError::BadNamespace)
        }
    }

    /// The namespace of tokens that name none: `default`.
    #[must_use]
    pub fn home() -> Self {
        Self("default".to_owned())
    }

    /// The namespaces above this one by dot, nearest first: `a.b` and `a` for `a.b.c`.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> {
        self.0.rmatch_indices('.').map(|(dot, _)| Self(self.0[..dot].to_owned()))
    }

    /// The namespace's name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A point in a tenant's key space; Prefect's keys, Kestra's namespaces and PROMINENCE's paths all
/// end up here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// The namespace.
    pub namespace: Namespace,
    /// The key in it.
    pub key: Key,
}
