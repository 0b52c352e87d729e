//! The licence as data: what is allowed, what is used, what is used up next.

use async_graphql::{Object, SimpleObject};

use crate::{
    domain::{JsonText, KvError, Permission, Tier},
    graphql::scalars::Json,
    service::LicenceUsage,
};

/// What stands for "no limit" where Prefect's page takes null for "not included": the largest whole number
/// that JavaScript counts exactly.
const UNLIMITED: u64 = 9_007_199_254_740_991;

/// The licence as Prefect's page reads it (contract prefect.md, section 5).
pub(super) fn license(tier: &Tier) -> Result<Json, KvError> {
    let limits = tier.limits;
    let license = serde_json::json!({ "terms": {
        "plan": &*tier.name,
        "key_value_pairs": limits.pairs.unwrap_or(UNLIMITED),
        "value_bytes": limits.value_bytes,
        "requests_per_minute": limits.requests_per_minute,
        "tenants": limits.tenants,
        "permissions": Permission::ALL.iter().map(|permission| permission.name()).collect::<Vec<_>>(),
        "users": null,
        "read_only_users": null,
        "flow_concurrency": null,
        "history_retention_days": null,
        "is_self_serve": false,
        "is_usage_based": false,
        "frozen": false,
    }});
    Ok(Json::from(JsonText::parse(&license.to_string())?))
}

/// A term of the licence that can be used up.
#[derive(SimpleObject)]
#[graphql(name = "license_term")]
struct Term {
    /// How much is allowed.
    allowed: i64,
    /// `key_value_pairs` or `tenants`.
    name: &'static str,
    /// How much is used.
    used: i64,
}

/// The licence that counts for the caller, and how much of it the tenant uses.
pub(super) struct Usage(pub(super) LicenceUsage);

#[expect(clippy::disallowed_types, reason = "the macro expands to it; resolvers of ours give graphql::Result")]
#[Object(name = "license_usage", rename_fields = "snake_case")]
impl Usage {
    /// Pairs that the tenant may hold; null for no limit.
    async fn key_value_pairs(&self) -> Option<i64> {
        self.0.tier.limits.pairs.map(whole)
    }

    /// Pairs that the tenant holds.
    async fn key_value_pairs_used(&self) -> i64 {
        whole(self.0.pairs)
    }

    /// The term that is nearest to being used up, by its share; null where nothing is limited.
    async fn next_limit(&self) -> Option<Term> {
        self.0.next().map(|(name, used, allowed)| Term { allowed: whole(allowed), name, used: whole(used) })
    }

    /// The licence tier's name.
    async fn plan(&self) -> &str {
        &self.0.tier.name
    }

    /// Requests that the tenant may make in a minute; null for no limit.
    async fn requests_per_minute(&self) -> Option<i64> {
        self.0.tier.limits.requests_per_minute.map(whole)
    }

    /// Tenants that may stand under the licence; null for no limit.
    async fn tenants(&self) -> Option<i64> {
        self.0.tier.limits.tenants.map(whole)
    }

    /// Tenants that stand under the licence.
    async fn tenants_used(&self) -> i64 {
        whole(self.0.tenants)
    }

    /// Bytes of compact JSON that a value may have; null for no limit.
    async fn value_bytes(&self) -> Option<i64> {
        self.0.tier.limits.value_bytes.map(|bytes| whole(bytes as u64))
    }
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
