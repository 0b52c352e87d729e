//! A pair without its value: what lists show.

use uuid::Uuid;

use super::{Address, Kind, Pair, TenantId, Timestamp, Value};

/// All of a pair but its value, which may be large.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Kept for the pair's life.
    pub id: Uuid,
    /// Whose it is.
    pub tenant_id: TenantId,
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

impl Pair {
    /// The pair without its value, and the value.
    #[must_use]
    pub fn into_parts(self) -> (Entry, Value) {
        let entry = Entry {
            id: self.id,
            tenant_id: self.tenant_id,
            address: self.address,
            kind: self.value.kind(),
            description: self.description,
            version: self.version,
            expires_at: self.expires_at,
            created: self.created,
            updated: self.updated,
        };
        (entry, self.value)
    }
}

impl From<Pair> for Entry {
    fn from(pair: Pair) -> Self {
        pair.into_parts().0
    }
}
