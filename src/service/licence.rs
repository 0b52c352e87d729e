//! What a tenant may have, and how much of it is used.

use std::sync::Arc;

use super::Service;
use crate::domain::{Caller, KvError, Licence, Permission, Tenant, TenantId, Tier, audit::Deed};

/// A licence, and how much of it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenceUsage {
    /// The licence that counts for the caller.
    pub tier: Tier,
    /// Live pairs.
    pub pairs: u64,
    /// Tenants under the licence.
    pub tenants: u64,
}

/// A term that can be used up: its name, how much of it is used, and how much is allowed.
pub type Term = (&'static str, u64, u64);

fn used((_, used, allowed): &Term) -> u128 {
    if *allowed == 0 { 1 } else { u128::from(*used) }
}

impl LicenceUsage {
    /// The terms that can be used up.
    #[must_use]
    pub fn terms(&self) -> Vec<Term> {
        let limits = self.tier.limits;
        let terms = [("key_value_pairs", self.pairs, limits.pairs), ("tenants", self.tenants, limits.tenants)];
        terms.into_iter().filter_map(|(name, used, allowed)| Some((name, used, allowed?))).collect()
    }

    /// The term that is nearest to being used up, by share; none where nothing is limited.
    #[must_use]
    pub fn next(&self) -> Option<Term> {
        // Shares compared as fractions, a/b < c/d where a*d < c*b; a limit of nothing is used up.
        let share = |a: &Term, b: &Term| (used(a) * u128::from(b.2.max(1))).cmp(&(used(b) * u128::from(a.2.max(1))));
        self.terms().into_iter().max_by(share)
    }
}

impl Service {
    /// Which licence the caller's writes are held against.
    pub(super) fn licence(&self, caller: &Caller) -> Licence {
        if caller.own_tier { Licence::Tokens(caller.tier.clone()) } else { Licence::Tenants(Arc::clone(&self.tiers)) }
    }

    /// The tier that counts for the caller at this moment.
    ///
    /// # Errors
    /// [`KvError::Unavailable`]; [`KvError::UnknownTier`] where the configuration has lost it.
    pub async fn tier(&self, caller: &Caller) -> Result<Tier, KvError> {
        let standing = self.store.token_standing(None, caller.tenant_id, None).await?;
        self.licence(caller).tier(&standing.tier.unwrap_or_default())
    }

    /// A tenant's own licence, and how much of it is used. For the operator of the server.
    ///
    /// # Errors
    /// [`KvError::Unavailable`]; [`KvError::UnknownTier`] where the configuration has lost it.
    pub async fn licence_of(&self, tenant: &Tenant) -> Result<LicenceUsage, KvError> {
        self.used(tenant.id, &Licence::Tenants(Arc::clone(&self.tiers))).await
    }

    async fn used(&self, tenant_id: TenantId, licence: &Licence) -> Result<LicenceUsage, KvError> {
        let usage = self.store.usage(tenant_id).await?.ok_or(KvError::NoSuchId { what: "tenant" })?;
        let tier = licence.tier(&usage.tier)?;
        let tenants = self.store.tenants_under(tenant_id).await?;
        Ok(LicenceUsage { tier, pairs: usage.pairs, tenants })
    }

    /// The caller's licence, and how much of it its tenant uses.
    ///
    /// # Errors
    /// [`KvError::Forbidden`]; as [`Self::tier`].
    pub async fn licence_usage(&self, caller: &Caller) -> Result<LicenceUsage, KvError> {
        let deed = Deed::read("read_licence");
        self.audited(caller, deed, async {
            caller.may(Permission::ReadTenant)?;
            self.used(caller.tenant_id, &self.licence(caller)).await
        })
        .await
    }
}
