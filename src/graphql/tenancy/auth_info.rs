//! What the server knows of the caller.

use async_graphql::{Context, Object};

use super::license::license;
use crate::{
    domain::Caller,
    graphql::{
        Request,
        error::Result,
        scalars::{Json, UpperUuid},
    },
};

/// What the server knows of the caller.
pub(super) struct AuthInfo<'a>(pub(super) &'a Caller);

#[expect(clippy::disallowed_types, reason = "the macro expands to it; resolvers of ours give graphql::Result")]
#[Object(name = "auth_info_payload", rename_fields = "snake_case")]
impl AuthInfo<'_> {
    /// Who the token speaks for: `USER` a person, `RUNNER` a service account, `TENANT` nobody whom this
    /// server knows.
    async fn api_token_scope(&self, ctx: &Context<'_>) -> Result<&'static str> {
        Ok(match ctx.service().person(self.0).await? {
            Some(person) if person.service => "RUNNER",
            Some(_) => "USER",
            None => "TENANT",
        })
    }

    /// The licence: `terms.plan` is the tier's name, `terms.key_value_pairs` the pairs it allows
    /// (9007199254740991 for no limit), `terms.value_bytes` the bytes of a value, `terms.requests_per_minute`
    /// and `terms.tenants` what their names say (null for no limit). What else Prefect's page reads is there too.
    async fn license(&self, ctx: &Context<'_>) -> Result<Json> {
        Ok(license(&ctx.service().tier(self.0).await?)?)
    }

    /// What the token may do, as `operation:object`.
    async fn permissions(&self) -> Vec<&'static str> {
        self.0.permissions.iter().map(|permission| permission.name()).collect()
    }

    /// The user's role in the tenant; null for tokens that were issued elsewhere.
    async fn role_id(&self) -> Option<UpperUuid> {
        self.0.role.map(|role| UpperUuid::from(role.id()))
    }

    /// The tenant acted in.
    async fn tenant_id(&self) -> UpperUuid {
        UpperUuid::from(self.0.tenant_id.0)
    }

    /// The user behind the token; null for tokens that were issued elsewhere.
    async fn user_id(&self) -> Option<UpperUuid> {
        self.0.user_id.map(UpperUuid::from)
    }
}
