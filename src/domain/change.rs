//! What a committed write did.

use uuid::Uuid;

use super::{Address, TenantId, Timestamp};

/// One committed set or delete. It holds no value: many of them wait in memory for slow readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whose pair it was.
    pub tenant_id: TenantId,
    /// The revision that the write got; a tenant's revisions follow each other without gaps.
    pub revision: i64,
    /// What was done.
    pub operation: Operation,
    /// The pair's id.
    pub pair_id: Uuid,
    /// Where the pair lived.
    pub address: Address,
    /// The pair's version after a set, or at its deletion.
    pub version: i64,
    /// When it was committed.
    pub at: Timestamp,
}

/// What a write did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// The pair was made or overwritten.
    Set,
    /// The pair was deleted.
    Delete,
}
