//! The stored pair.

use uuid::Uuid;

use super::{Address, TenantId, Timestamp, Value};

/// A key-value pair as it is stored, live or expired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Kept for the pair's life; a delete followed by a set makes a new one.
    pub id: Uuid,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// Where it lives; unique in the tenant.
    pub address: Address,
    /// What it holds.
    pub value: Value,
    /// Free text for people.
    pub description: Option<String>,
    /// The pair's own counter of writes, from 1.
    pub version: i64,
    /// The tenant's revision that the last write got.
    pub revision: i64,
    /// From this instant on the pair is gone.
    pub expires_at: Option<Timestamp>,
    /// When the pair came to life; kept on overwrite.
    pub created: Timestamp,
    /// When it was last written.
    pub updated: Timestamp,
}

impl Pair {
    /// Whether the pair exists at `now`; an expired pair is absent whatever is on disk.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}
