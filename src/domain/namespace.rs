//! A namespace with what is known of it.

use super::{Namespace, Timestamp};

/// A namespace of a tenant; made by its first write or by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamespaceInfo {
    /// Its dotted name.
    pub name: Namespace,
    /// Free text for people.
    pub description: Option<String>,
    /// When it was made.
    pub created: Timestamp,
}
