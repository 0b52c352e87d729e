//! Who one is, where one may act, with which keys, and who else is there.

mod api_key;
mod audit;
mod auth_info;
mod license;
mod member;
mod person;
mod session;
mod table;
mod tenant;

use async_graphql::{Context, Object, SimpleObject};

pub(super) use self::{
    api_key::ApiKeyMutation, member::MemberMutation, session::SessionMutation, tenant::TenantMutation,
};
use self::{
    api_key::{ApiKeyBoolExp, ApiKeyModel, ApiKeyOrderBy},
    audit::{AuditBoolExp, AuditModel, AuditOrderBy},
    auth_info::AuthInfo,
    license::Usage,
    member::{MembershipBoolExp, MembershipOrderBy, Seat, UserBoolExp, UserOrderBy},
    person::{MembershipModel, RoleModel, UserModel},
    table::Arguments,
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
    /// The API keys that the caller may see, oldest first: its own, and for administrators the tenant's.
    async fn auth_api_key(
        &self,
        ctx: &Context<'_>,
        limit: Option<i64>,
        offset: Option<i64>,
        order_by: Option<Vec<ApiKeyOrderBy>>,
        r#where: Option<ApiKeyBoolExp>,
    ) -> Result<Vec<ApiKeyModel>> {
        let choice = Arguments { condition: r#where, order_by, limit, offset }.choice(&Place::arguments(ctx))?;
        let keys = ctx.service().api_keys(ctx.caller()).await?;
        Ok(choice.apply(keys).into_iter().map(ApiKeyModel::from).collect())
    }

    /// The audit log of the tenant, for administrators: the newest first where no order is asked for, 100 entries
    /// where no limit is given, and 1,000 at most.
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        limit: Option<i64>,
        offset: Option<i64>,
        order_by: Option<Vec<AuditOrderBy>>,
        r#where: Option<AuditBoolExp>,
    ) -> Result<Vec<AuditModel>> {
        let choice = Arguments { condition: r#where, order_by, limit, offset }.choice(&Place::arguments(ctx))?;
        let entries = ctx.service().audit_log(ctx.caller(), &choice).await?;
        Ok(entries.into_iter().map(AuditModel::from).collect())
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
            all_permissions_filtered_by_license_features: Permission::ALL.iter().map(|it| it.name()).collect(),
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
        limit: Option<i64>,
        offset: Option<i64>,
        order_by: Option<Vec<TenantOrderBy>>,
        r#where: Option<TenantBoolExp>,
    ) -> Result<Vec<TenantModel>> {
        let choice = Arguments { condition: r#where, order_by, limit, offset }.choice(&Place::arguments(ctx))?;
        let tenants = ctx.service().tenants_of(ctx.caller()).await?;
        Ok(choice.apply(tenants).into_iter().map(TenantModel::from).collect())
    }

    /// The caller's memberships, and those of the tenant's other people.
    async fn membership(
        &self,
        ctx: &Context<'_>,
        limit: Option<i64>,
        offset: Option<i64>,
        order_by: Option<Vec<MembershipOrderBy>>,
        r#where: Option<MembershipBoolExp>,
    ) -> Result<Vec<MembershipModel>> {
        let choice = Arguments { condition: r#where, order_by, limit, offset }.choice(&Place::arguments(ctx))?;
        let seats = ctx.service().memberships(ctx.caller()).await?.into_iter();
        let seats = choice.apply(seats.map(|(person, membership)| Seat(person, membership)).collect());
        Ok(seats.into_iter().map(|Seat(person, membership)| MembershipModel::new(&person, membership)).collect())
    }

    /// The people and machines of the tenant, by name where no order is asked for.
    async fn user_view_same_tenant(
        &self,
        ctx: &Context<'_>,
        limit: Option<i64>,
        offset: Option<i64>,
        order_by: Option<Vec<UserOrderBy>>,
        r#where: Option<UserBoolExp>,
    ) -> Result<Vec<UserModel>> {
        let choice = Arguments { condition: r#where, order_by, limit, offset }.choice(&Place::arguments(ctx))?;
        let people = ctx.service().people(ctx.caller()).await?;
        Ok(choice.apply(people).into_iter().map(UserModel::from).collect())
    }

    /// The licence that counts for the caller, and how much of it the tenant uses.
    async fn license_usage(&self, ctx: &Context<'_>) -> Result<Usage> {
        Ok(Usage(ctx.service().licence_usage(ctx.caller()).await?))
    }
}
