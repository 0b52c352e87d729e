//! Who asks, and what they may.

use std::{collections::BTreeSet, fmt, str::FromStr};

use uuid::Uuid;

use super::{Address, KvError, Namespace, TenantId, Tier};

/// Something a token may do, spelled `operation:object` as Prefect Cloud did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Write pairs that are not there yet.
    CreateKeyValue,
    /// Read and list pairs.
    ReadKeyValue,
    /// Overwrite pairs.
    UpdateKeyValue,
    /// Delete pairs.
    DeleteKeyValue,
    /// Make tokens of one's own.
    CreateApiKey,
    /// See tokens.
    ReadApiKey,
    /// Revoke tokens.
    DeleteApiKey,
    /// See the tenant.
    ReadTenant,
    /// Change the tenant.
    UpdateTenant,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 9] = [
        Self::CreateKeyValue,
        Self::ReadKeyValue,
        Self::UpdateKeyValue,
        Self::DeleteKeyValue,
        Self::CreateApiKey,
        Self::ReadApiKey,
        Self::DeleteApiKey,
        Self::ReadTenant,
        Self::UpdateTenant,
    ];

    /// The permission's name in tokens and answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CreateKeyValue => "create:key-value",
            Self::ReadKeyValue => "read:key-value",
            Self::UpdateKeyValue => "update:key-value",
            Self::DeleteKeyValue => "delete:key-value",
            Self::CreateApiKey => "create:api-key",
            Self::ReadApiKey => "read:api-key",
            Self::DeleteApiKey => "delete:api-key",
            Self::ReadTenant => "read:tenant",
            Self::UpdateTenant => "update:tenant",
        }
    }

    /// The permission called `name`; tokens may carry names that this version does not know.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.name() == name)
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A bundle of permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Admin,
    /// Pairs and one's own tokens.
    User,
    /// Looking only.
    ReadOnly,
}

impl Role {
    /// The role's name on the command line and in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::User => "user",
            Self::ReadOnly => "read-only",
        }
    }

    /// Every role.
    pub const ALL: [Self; 3] = [Self::Admin, Self::User, Self::ReadOnly];

    /// The role's id, the same on every server.
    #[must_use]
    pub fn id(self) -> Uuid {
        Uuid::from_u128(match self {
            Self::Admin => 0x6869_6768_7761_4000_8000_0000_0000_0001,
            Self::User => 0x6869_6768_7761_4000_8000_0000_0000_0002,
            Self::ReadOnly => 0x6869_6768_7761_4000_8000_0000_0000_0003,
        })
    }

    /// The role's name for people, as Prefect Cloud had it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Admin => "Administrator",
            Self::User => "User",
            Self::ReadOnly => "Read Only User",
        }
    }

    /// What the role may do.
    #[must_use]
    pub fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::Admin => &P::ALL,
            Self::User => &[
                P::CreateKeyValue,
                P::ReadKeyValue,
                P::UpdateKeyValue,
                P::DeleteKeyValue,
                P::CreateApiKey,
                P::ReadApiKey,
                P::DeleteApiKey,
                P::ReadTenant,
            ],
            Self::ReadOnly => &[P::ReadKeyValue, P::ReadApiKey, P::ReadTenant],
        }
    }
}

impl FromStr for Role {
    type Err = KvError;

    fn from_str(name: &str) -> Result<Self, KvError> {
        Self::ALL
            .into_iter()
            .find(|role| role.name() == name)
            .ok_or_else(|| KvError::Invalid("unknown role; a role is admin, user or read-only".to_owned()))
    }
}

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

/// What a verified token says about who asks; all that the service knows of authentication.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The tenant acted in.
    pub tenant_id: TenantId,
    /// The licence that counts: the token's, else the tenant's.
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
    /// The token's id.
    pub token_id: Option<Uuid>,
    /// When the token ends; none for never.
    pub expires_at: Option<super::Timestamp>,
}

impl Caller {
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

    /// The user's id, where the subject is one of this server's users.
    #[must_use]
    pub fn user_id(&self) -> Option<Uuid> {
        Uuid::parse_str(&self.subject).ok()
    }
}
