//! Automatic persisted queries, as Apollo's clients use them: a hash stands for a text sent before.

use std::{fmt, sync::Arc};

use quick_cache::{Weighter, sync::Cache};
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::body::Malformed;
use crate::domain::TenantId;

/// The least that a text counts for, which bounds how many there are.
const LEAST: usize = 256;

/// The longest text that is kept, in bytes.
const LONGEST: usize = 64 << 10;

/// The SHA-256 of a query's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct QueryHash([u8; 32]);

#[derive(Deserialize)]
struct Extensions<'a> {
    #[serde(borrow, rename = "persistedQuery")]
    persisted_query: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct PersistedQuery {
    version: u64,
    #[serde(rename = "sha256Hash")]
    hash: String,
}

impl QueryHash {
    /// The hash in the `extensions` of a request for `query`, if there is one.
    pub(super) fn of_extensions(extensions: &RawValue, query: Option<&str>) -> Result<Option<Self>, Malformed> {
        let extensions = serde_json::from_str::<Extensions<'_>>(extensions.get()).map_err(|_| TWICE)?;
        let Some(raw) = extensions.persisted_query.filter(|raw| raw.get() != "null") else { return Ok(None) };
        let persisted: PersistedQuery = serde_json::from_str(raw.get()).map_err(|_| WRONG)?;
        if persisted.version != 1 {
            return Err("Unsupported persisted query version: only 1 is known");
        }
        let hash = Self::read(&persisted.hash).ok_or(WRONG)?;
        match query {
            Some(query) if hash != Self::of(query) => Err("provided sha does not match query"),
            _ => Ok(Some(hash)),
        }
    }

    fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    fn read(hex: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        let digits: Vec<_> = hex.chars().map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
        if digits.len() != 64 {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = pair.iter().fold(0, |byte, digit| byte << 4 | u8::try_from(*digit).unwrap_or_default());
        }
        Some(Self(bytes))
    }
}

const TWICE: Malformed = "a member of \"extensions\" is given twice";

const WRONG: Malformed =
    "\"persistedQuery\" must be {\"version\": 1, \"sha256Hash\": the query's SHA-256 in 64 hexadecimal digits}";

/// The texts that were sent of late with their hashes, up to so many bytes; each tenant has its own.
pub(super) struct PersistedQueries {
    kept: Option<Cache<(TenantId, QueryHash), Arc<str>, Bytes>>,
}

/// Why there is no text for a hash. Clients know these words, and then send the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    NotFound,
    NotSupported,
}

impl Missing {
    /// The error's code.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::NotFound => "PERSISTED_QUERY_NOT_FOUND",
            Self::NotSupported => "PERSISTED_QUERY_NOT_SUPPORTED",
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotFound => "PersistedQueryNotFound",
            Self::NotSupported => "PersistedQueryNotSupported",
        })
    }
}

impl PersistedQueries {
    /// Keeps texts of `bytes` in all; of none, persisted queries are not supported.
    pub(super) fn new(bytes: usize) -> Self {
        let capacity = u64::try_from(bytes).unwrap_or(u64::MAX);
        Self { kept: (bytes > 0).then(|| Cache::with_weighter(bytes / LEAST, capacity, Bytes)) }
    }

    /// The text that the tenant sent with this hash.
    pub(super) fn get(&self, tenant: TenantId, hash: QueryHash) -> Result<Arc<str>, Missing> {
        let kept = self.kept.as_ref().ok_or(Missing::NotSupported)?;
        kept.get(&(tenant, hash)).ok_or(Missing::NotFound)
    }

    /// Keeps a text, unless it is very long.
    pub(super) fn put(&self, tenant: TenantId, hash: QueryHash, text: &str) {
        if let Some(kept) = &self.kept
            && text.len() <= LONGEST
        {
            kept.insert((tenant, hash), text.into());
        }
    }
}

#[derive(Clone)]
struct Bytes;

impl Weighter<(TenantId, QueryHash), Arc<str>> for Bytes {
    fn weight(&self, _: &(TenantId, QueryHash), text: &Arc<str>) -> u64 {
        u64::try_from((text.len() + LEAST / 2).max(LEAST)).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash_in(extensions: &str, query: Option<&str>) -> Result<Option<QueryHash>, Malformed> {
        QueryHash::of_extensions(serde_json::from_str(extensions).unwrap(), query)
    }

    #[test]
    fn a_hash_is_that_of_the_text_or_refused() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let with =
            |hash: &str| format!("{{\"x\": [1], \"persistedQuery\": {{\"version\": 1, \"sha256Hash\": \"{hash}\"}}}}");
        assert_eq!(hash_in(&with(empty), Some("")), Ok(Some(QueryHash::of(""))));
        assert_eq!(hash_in(&with(&empty.to_uppercase()), None), Ok(Some(QueryHash::of(""))));
        assert_eq!(hash_in(&with(empty), Some("{ a }")), Err("provided sha does not match query"));
        assert_eq!(hash_in(&with(&empty[1..]), None), Err(WRONG));
        assert_eq!(hash_in(&with(&format!("é{}", &empty[2..])), None), Err(WRONG));
        assert_eq!(hash_in("{\"persistedQuery\": {\"version\": 1}}", None), Err(WRONG));
        assert!(hash_in(&with(empty).replace(": 1,", ": 2,"), None).unwrap_err().starts_with("Unsupported"));
        for none in ["{}", "{\"persistedQuery\": null}", "{\"tracing\": true}"] {
            assert_eq!(hash_in(none, None), Ok(None));
        }
    }

    #[test]
    fn texts_are_a_tenants_own_and_bounded() {
        let (queries, hash) = (PersistedQueries::new(64 << 10), QueryHash::of("{ a }"));
        let (acme, other) = (TenantId(uuid::Uuid::nil()), TenantId(uuid::Uuid::max()));
        queries.put(acme, hash, "{ a }");
        assert_eq!(queries.get(acme, hash).as_deref(), Ok("{ a }"));
        assert_eq!(queries.get(other, hash), Err(Missing::NotFound));
        assert_eq!(PersistedQueries::new(0).get(acme, hash), Err(Missing::NotSupported));
        for n in 0..1_000 {
            let text = format!("{{ a{n} }}");
            queries.put(acme, QueryHash::of(&text), &text);
        }
        let kept = queries.kept.as_ref().unwrap();
        assert!(kept.len() <= 256 && kept.weight() <= 64 << 10);
    }
}
