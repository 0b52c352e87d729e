//! Who one is, where one may act, and with which keys.

mod api_key;
mod auth_info;
mod tenant;

use async_graphql::{Context, Object};

pub(super) use api_key::ApiKeyMutation;

use self::{
    api_key::{ApiKeyModel, ApiKeyOrderBy},
    auth_info::AuthInfo,
    tenant::{TenantBoolExp, TenantModel, TenantOrderBy},
};
use super::{Request, error::Result};

/// The fields that tell a client about itself.
#[derive(Default)]
pub(super) struct TenancyQuery;

#[expect(clippy::disallowed_types, reason = "the macro expands to it; resolvers of ours give graphql::Result")]
#[Object(rename_fields = "snake_case", rename_args = "snake_case")]
impl TenancyQuery {
    /// The API keys that the caller may see: its own, and for administrators the tenant's.
    async fn auth_api_key(&self, ctx: &Context<'_>, order_by: Option<Vec<ApiKeyOrderBy>>) -> Result<Vec<ApiKeyModel>> {
        Ok(api_key::ordered(ctx.service().api_keys(ctx.caller()).await?, order_by))
    }

    /// What the server knows of the caller.
    async fn auth_info<'c>(&self, ctx: &'c Context<'_>) -> AuthInfo<'c> {
        AuthInfo(ctx.caller())
    }

    /// The tenants that the caller may act in, by slug where no order is asked for.
    async fn tenant(
        &self,
        ctx: &Context<'_>,
        order_by: Option<Vec<TenantOrderBy>>,
        r#where: Option<TenantBoolExp>,
    ) -> Result<Vec<TenantModel>> {
        let tenants = tenant::select(ctx.service().tenants_of(ctx.caller()).await?, r#where, order_by)?;
        Ok(tenants.into_iter().map(TenantModel::from).collect())
    }
}
