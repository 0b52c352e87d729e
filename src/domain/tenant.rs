//! Tenants: isolated teams.

use std::fmt;

use uuid::Uuid;

use super::Timestamp;

/// A tenant's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TenantId(pub Uuid);

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An isolated team; owns namespaces, pairs and tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// The tenant's id.
    pub id: TenantId,
    /// Unique short name for URLs and command lines.
    pub slug: String,
    /// Name for people.
    pub name: String,
    /// Name of its licence tier.
    pub tier: String,
    /// When it was made.
    pub created: Timestamp,
}
