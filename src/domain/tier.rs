//! Licence tiers: named limits.

use std::{collections::BTreeMap, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::KvError;

/// The terms of a tier. An absent number means no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Live pairs that a tenant may hold.
    #[serde(default)]
    pub pairs: Option<u64>,
    /// Bytes of a value's compact JSON text.
    #[serde(default)]
    pub value_bytes: Option<usize>,
    /// Requests that a tenant may make in a minute.
    #[serde(default)]
    pub requests_per_minute: Option<u64>,
    /// Tenants that may be made under one licence, the first included.
    #[serde(default)]
    pub tenants: Option<u64>,
}

/// Which licence a write is held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Licence {
    /// The token's own.
    Tokens(Tier),
    /// The one of these that the tenant has at the moment of the write.
    Tenants(Arc<Tiers>),
}

impl Licence {
    /// The tier that counts, for a tenant whose own is called `tenants`.
    ///
    /// # Errors
    /// [`KvError::UnknownTier`] where the configuration has lost the tenant's.
    pub fn tier(&self, tenants: &str) -> Result<Tier, KvError> {
        match self {
            Self::Tokens(tier) => Ok(tier.clone()),
            Self::Tenants(tiers) => tiers.get(tenants),
        }
    }
}

/// A licence tier by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    /// The tier's name, as tokens and the configuration spell it.
    pub name: Arc<str>,
    /// Its terms.
    pub limits: Limits,
}

impl Tier {
    /// Refuses a value of `size` bytes of compact JSON where that is more than the tier allows.
    ///
    /// # Errors
    /// [`KvError::ValueTooLarge`].
    pub fn check_size(&self, size: usize) -> Result<(), KvError> {
        match self.limits.value_bytes {
            Some(limit) if size > limit => Err(KvError::ValueTooLarge { size, limit, tier: self.name.clone() }),
            _ => Ok(()),
        }
    }

    /// Refuses one more tenant beside `held` under this licence when that would pass the tier's limit.
    ///
    /// # Errors
    /// [`KvError::TooManyTenants`].
    pub fn check_tenants(&self, held: u64) -> Result<(), KvError> {
        match self.limits.tenants {
            Some(limit) if held >= limit => Err(KvError::TooManyTenants { held, limit, tier: self.name.clone() }),
            _ => Ok(()),
        }
    }

    /// Refuses one more pair beside `held` live ones when that would pass the tier's limit.
    ///
    /// # Errors
    /// [`KvError::TooManyPairs`].
    pub fn check_room(&self, held: u64) -> Result<(), KvError> {
        match self.limits.pairs {
            Some(limit) if held >= limit => Err(KvError::TooManyPairs { held, limit, tier: self.name.clone() }),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// Every tier this server knows, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tiers(BTreeMap<Arc<str>, Limits>);

impl Tiers {
    /// The tier called `name`.
    ///
    /// # Errors
    /// [`KvError::UnknownTier`], which names those there are.
    pub fn get(&self, name: &str) -> Result<Tier, KvError> {
        self.0
            .get_key_value(name)
            .map(|(name, limits)| Tier { name: name.clone(), limits: *limits })
            .ok_or_else(|| KvError::UnknownTier { known: self.names() })
    }

    /// The tiers' names, comma-separated, for messages.
    #[must_use]
    pub fn names(&self) -> String {
        self.0.keys().map(AsRef::as_ref).collect::<Vec<_>>().join(", ")
    }
}

impl FromIterator<(String, Limits)> for Tiers {
    fn from_iter<T: IntoIterator<Item = (String, Limits)>>(tiers: T) -> Self {
        Self(tiers.into_iter().map(|(name, limits)| (name.into(), limits)).collect())
    }
}
