//! What one may do, and the bundles of it.

use std::{fmt, str::FromStr};

use uuid::Uuid;

use super::KvError;

/// Declares the permissions, each with its name in tokens and answers.
macro_rules! permissions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// Something a token may do, spelled `operation:object` as Prefect Cloud did.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Permission {
            $($(#[$doc])* $variant,)+
        }

        impl Permission {
            /// Every permission.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The permission's name in tokens and answers.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

permissions! {
    /// Write pairs that are not there yet.
    CreateKeyValue = "create:key-value",
    /// Read and list pairs.
    ReadKeyValue = "read:key-value",
    /// Overwrite pairs.
    UpdateKeyValue = "update:key-value",
    /// Delete pairs.
    DeleteKeyValue = "delete:key-value",
    /// Make tokens of one's own.
    CreateApiKey = "create:api-key",
    /// See tokens.
    ReadApiKey = "read:api-key",
    /// Revoke tokens of one's own.
    DeleteApiKey = "delete:api-key",
    /// Make tenants under one's own licence.
    CreateTenant = "create:tenant",
    /// See the tenant, and its people.
    ReadTenant = "read:tenant",
    /// Change the tenant.
    UpdateTenant = "update:tenant",
    /// Let people into the tenant.
    CreateMembership = "create:membership",
    /// Give people other roles.
    UpdateMembership = "update:membership",
    /// Take people out of the tenant.
    DeleteMembership = "delete:membership",
    /// Make machine users.
    CreateServiceAccount = "create:service-account",
    /// Make tokens for machine users.
    CreateServiceApiKey = "create:service-api-key",
    /// See and revoke everybody's tokens.
    DeleteServiceApiKey = "delete:service-api-key",
    /// Read the audit log.
    ReadAuditLog = "read:audit-log",
}

impl Permission {
    /// The permission called `name`; tokens may carry names that this version does not know.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|permission| permission.name() == name)
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A bundle of permissions.
///
/// Each holds all that the ones before it hold: the greater of two roles allows what either does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Looking only.
    ReadOnly,
    /// Pairs and one's own tokens.
    User,
    /// Everything.
    Admin,
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

    /// The role with this id.
    #[must_use]
    pub fn from_id(id: Uuid) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.id() == id)
    }

    /// What the role may do.
    #[must_use]
    pub fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::Admin => P::ALL,
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
