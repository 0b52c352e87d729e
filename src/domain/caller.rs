//! Who asks, and what they may.

use std::{collections::BTreeSet, fmt, net::IpAddr, ops::Deref, str::FromStr, sync::Arc};

use uuid::Uuid;

use super::{Address, KvError, Namespace, Permission, Role, TenantId, Tier, Timestamp};

/// Namespaces that a token reaches: `*` for all, `company.*` for `company` and all below, or one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamespacePattern {
    /// Every namespace.
    All,
    /// A namespace and its descendants, by dot.
    Tree(Namespace),
    /// One namespace.
    One(Namespace),
}

impl NamespacePattern {
    /// Whether `namespace` is within the pattern.
    #[must_use]
    pub fn allows(&self, namespace: &Namespace) -> bool {
        match self {
            Self::All => true,
            Self::One(name) => name == namespace,
            Self::Tree(root) => {
                let below = namespace.as_str().strip_prefix(root.as_str());
                below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            }
        }
    }
}

impl NamespacePattern {
    /// Whether all that `other` allows is within this pattern.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        match other {
            Self::All => matches!(self, Self::All),
            Self::One(name) => self.allows(name),
            Self::Tree(root) => !matches!(self, Self::One(_)) && self.allows(root),
        }
    }

    /// The one namespace, or the top of the tree; none for all.
    #[must_use]
    pub fn top(&self) -> Option<&Namespace> {
        match self {
            Self::All => None,
            Self::Tree(name) | Self::One(name) => Some(name),
        }
    }
}

impl fmt::Display for NamespacePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("*"),
            Self::Tree(root) => write!(f, "{root}.*"),
            Self::One(name) => name.fmt(f),
        }
    }
}

impl FromStr for NamespacePattern {
    type Err = KvError;

    fn from_str(pattern: &str) -> Result<Self, KvError> {
        if pattern == "*" {
            return Ok(Self::All);
        }
        match pattern.strip_suffix(".*") {
            Some(root) => Namespace::new(root).map(Self::Tree),
            None => Namespace::new(pattern).map(Self::One),
        }
    }
}

/// The namespaces that a read covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// One namespace.
    One(Namespace),
    /// All that match a pattern.
    Any(Vec<NamespacePattern>),
}

impl Scope {
    /// Whether `namespace` is within the scope.
    #[must_use]
    pub fn covers(&self, namespace: &Namespace) -> bool {
        match self {
            Self::One(name) => name == namespace,
            Self::Any(patterns) => patterns.iter().any(|pattern| pattern.allows(namespace)),
        }
    }
}

/// What a verified token says about who holds it.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The tenant acted in.
    pub tenant_id: TenantId,
    /// The licence that counted when the token was verified: the token's, else the tenant's.
    pub tier: Tier,
    /// Whether the licence is the token's own, and not the tenant's.
    pub own_tier: bool,
    /// What the caller may do.
    pub permissions: BTreeSet<Permission>,
    /// Where the caller may do it.
    pub namespaces: Vec<NamespacePattern>,
    /// The namespace acted in when a request names none.
    pub home: Namespace,
    /// Who the caller is: a user's id, or a foreign subject.
    pub subject: String,
    /// The user of this server that the caller is; none for those who are known elsewhere only.
    pub user_id: Option<Uuid>,
    /// The user's role in the tenant acted in.
    pub role: Option<Role>,
    /// The token's id.
    pub token_id: Option<Uuid>,
    /// When the token ends; none for never.
    pub expires_at: Option<Timestamp>,
    /// The session that the token belongs to; none for API keys and tokens from elsewhere.
    pub session: Option<Session>,
}

/// A token's part in a session: a sign-in that short-lived tokens share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Session {
    /// It acts.
    Access,
    /// It allows nothing but to get the next tokens, which may do this.
    Refresh(BTreeSet<Permission>),
}

/// Who asks, and from where; all that the service knows of authentication. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Caller {
    /// What the token says.
    pub identity: Arc<Identity>,
    /// The client's address, where the door knows it.
    pub address: Option<IpAddr>,
}

impl Deref for Caller {
    type Target = Identity;

    fn deref(&self) -> &Identity {
        &self.identity
    }
}

impl Identity {
    /// Refuses a caller without `permission`.
    ///
    /// # Errors
    /// [`KvError::Forbidden`].
    pub fn may(&self, permission: Permission) -> Result<(), KvError> {
        if self.permissions.contains(&permission) { Ok(()) } else { Err(KvError::Forbidden(permission)) }
    }

    /// Refuses a caller whose token does not reach `address`.
    ///
    /// # Errors
    /// [`KvError::ForbiddenNamespace`].
    pub fn reaches(&self, namespace: &Namespace) -> Result<(), KvError> {
        if self.namespaces.iter().any(|pattern| pattern.allows(namespace)) {
            Ok(())
        } else {
            Err(KvError::ForbiddenNamespace)
        }
    }

    /// The address of `key` in `namespace`, or in the caller's home.
    ///
    /// # Errors
    /// As [`super::Key::new`] and [`Namespace::new`].
    pub fn address(&self, namespace: Option<String>, key: String) -> Result<Address, KvError> {
        let namespace = namespace.map_or_else(|| Ok(self.home.clone()), Namespace::new)?;
        Ok(Address { namespace, key: super::Key::new(key)? })
    }
}
