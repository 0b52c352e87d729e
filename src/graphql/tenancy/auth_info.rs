//! What the server knows of the caller.

use async_graphql::Object;

use crate::{
    domain::{Caller, JsonText},
    graphql::{
        error::Result,
        scalars::{Json, UpperUuid},
    },
};

/// What the server knows of the caller.
pub(super) struct AuthInfo<'a>(pub(super) &'a Caller);

#[expect(clippy::disallowed_types, reason = "the macro expands to it; resolvers of ours give graphql::Result")]
#[Object(name = "auth_info_payload", rename_fields = "snake_case")]
impl AuthInfo<'_> {
    /// The tenant acted in.
    async fn tenant_id(&self) -> UpperUuid {
        UpperUuid::from(self.0.tenant_id.0)
    }

    /// The user behind the token; null for tokens that were issued elsewhere.
    async fn user_id(&self) -> Option<UpperUuid> {
        self.0.user_id().map(UpperUuid::from)
    }

    /// What the token may do, as `operation:object`.
    async fn permissions(&self) -> Vec<&'static str> {
        self.0.permissions.iter().map(|permission| permission.name()).collect()
    }

    /// The licence: `terms.plan` is the tier's name, `terms.key_value_pairs` the pairs it allows (null
    /// for no limit) and `terms.value_bytes` the bytes of a value.
    #[expect(clippy::unused_async, reason = "a resolver is async, whatever it does")]
    async fn license(&self) -> Result<Json> {
        let tier = &self.0.tier;
        let license = serde_json::json!({ "terms": {
            "plan": &*tier.name,
            "key_value_pairs": tier.limits.pairs,
            "value_bytes": tier.limits.value_bytes,
        }});
        Ok(Json::from(JsonText::parse(&license.to_string())?))
    }
}
