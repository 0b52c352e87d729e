//! A pair without its value: what lists show.

use uuid::Uuid;

use super::{Address, Kind, Pair, Timestamp};

/// All of a pair but its value, which may be large.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Kept for the pair's life.
    pub id: Uuid,
    /// Where it lives.
    pub address: Address,
    /// The value's type.
    pub kind: Kind,
    /// Free text for people.
    pub description: Option<String>,
    /// The pair's own counter of writes, from 1.
    pub version: i64,
    /// From this instant on the pair is gone.
    pub expires_at: Option<Timestamp>,
    /// When the pair came to life.
    pub created: Timestamp,
    /// When it was last written.
    pub updated: Timestamp,
}

impl From<Pair> for Entry {
    fn from(pair: Pair) -> Self {
        Self {
            id: pair.id,
            address: pair.address,
            kind: pair.value.kind(),
            description: pair.description,
            version: pair.version,
            expires_at: pair.expires_at,
            created: pair.created,
            updated: pair.updated,
        }
    }
}
