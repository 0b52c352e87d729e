//! Who one is, where one may act, and with which keys.

mod api_key;
mod auth_info;
mod person;
mod tenant;

use async_graphql::{Context, Object, SimpleObject};

pub(super) use api_key::ApiKeyMutation;

use self::{
    api_key::{ApiKeyModel, ApiKeyOrderBy},
    auth_info::AuthInfo,
    person::{RoleModel, UserModel},
    tenant::{TenantBoolExp, TenantModel, TenantOrderBy},
};
use super::{
    Request,
    error::Result,
    place::Place,
    scalars::{LowerUuid, Written},
};
use crate::domain::{Permission, Role};

/// The fields that tell a client about itself.
#[derive(Default)]
pub(super) struct TenancyQuery;

/// Permissions, with the licence taken into account; no licence here takes any away.
#[derive(SimpleObject)]
#[graphql(name = "permissions_info_payload", rename_fields = "snake_case")]
struct PermissionsInfo {
    /// Every permission there is.
    all_permissions_filtered_by_license_features: Vec<&'static str>,
    /// What the caller may do.
    user_permissions_filtered_by_license_features: Vec<&'static str>,
}

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

    /// The roles there are.
    async fn auth_role(&self) -> Vec<RoleModel> {
        Role::ALL.into_iter().map(RoleModel::from).collect()
    }

    /// What the caller may do, of what there is.
    async fn permissions_info(&self, ctx: &Context<'_>) -> PermissionsInfo {
        PermissionsInfo {
            all_permissions_filtered_by_license_features: Permission::ALL.map(Permission::name).to_vec(),
            user_permissions_filtered_by_license_features: ctx
                .caller()
                .permissions
                .iter()
                .map(|it| it.name())
                .collect(),
        }
    }

    /// The person behind the token, in a list of one; an empty list for tokens that were issued elsewhere.
    async fn user(&self, ctx: &Context<'_>) -> Result<Vec<UserModel>> {
        Ok(ctx.service().person(ctx.caller()).await?.into_iter().map(UserModel::from).collect())
    }

    /// The tenant with this id; null where the caller may not act in it.
    async fn tenant_by_pk(&self, ctx: &Context<'_>, id: LowerUuid) -> Result<Option<TenantModel>> {
        let id = id.read().map_err(|error| Place::arguments(ctx).name("id").blame(error))?;
        let tenants = ctx.service().tenants_of(ctx.caller()).await?;
        Ok(tenants.into_iter().find(|tenant| tenant.id.0 == id).map(TenantModel::from))
    }

    /// The tenants that the caller may act in, by slug where no order is asked for.
    async fn tenant(
        &self,
        ctx: &Context<'_>,
        order_by: Option<Vec<TenantOrderBy>>,
        r#where: Option<TenantBoolExp>,
    ) -> Result<Vec<TenantModel>> {
        let tenants =
            tenant::select(ctx.service().tenants_of(ctx.caller()).await?, r#where, order_by, &Place::arguments(ctx))?;
        Ok(tenants.into_iter().map(TenantModel::from).collect())
    }
}
