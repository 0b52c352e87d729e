//! Who belongs to the tenant, and changing that.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::table::table;
use crate::{
    domain::{
        KvError, Role,
        table::{Cell, Row},
    },
    graphql::{
        Request, SuccessPayload,
        error::Result,
        key_value::{StringComparison, UuidComparison},
        scalars::{UpperUuid, Written},
    },
    service::{Membership, Newcomer, Person},
};

/// The fields that change who belongs to the tenant.
#[derive(Default)]
pub(in crate::graphql) struct MemberMutation;

/// A membership with whose it is.
pub(super) struct Seat(pub(super) Person, pub(super) Membership);

table! {
    /// A condition on memberships. All its fields must hold.
    MembershipBoolExp = "membership_bool_exp",
    /// The order of memberships.
    MembershipOrderBy = "membership_order_by":
    /// The membership's id.
    id: UuidComparison,
    /// Whose place it is.
    user_id: UuidComparison,
    /// The tenant's id.
    tenant_id: UuidComparison,
    /// The user's name.
    username: StringComparison,
}

impl Row for Seat {
    fn cell(&self, column: &str) -> Option<Cell<'_>> {
        Some(match column {
            "id" => Cell::Uuid(self.1.id),
            "user_id" => Cell::Uuid(self.0.id),
            "tenant_id" => Cell::Uuid(self.1.tenant.id.0),
            "username" => Cell::Text(&self.0.username),
            _ => return None,
        })
    }
}

table! {
    /// A condition on people. All its fields must hold.
    UserBoolExp = "user_view_same_tenant_bool_exp",
    /// The order of people.
    UserOrderBy = "user_view_same_tenant_order_by":
    /// The user's name.
    username: StringComparison,
    /// The user's id.
    id: UuidComparison,
    /// `USER` for a person, `SERVICE` for a machine.
    account_type: StringComparison,
}

impl Row for Person {
    fn cell(&self, column: &str) -> Option<Cell<'_>> {
        Some(match column {
            "username" => Cell::Text(&self.username),
            "id" => Cell::Uuid(self.id),
            "account_type" => Cell::Text(if self.service { "SERVICE" } else { "USER" }),
            _ => return None,
        })
    }
}

/// Who is to become a member, and as what. One of `user_id` and `username` says who.
#[derive(InputObject)]
#[graphql(name = "create_membership_input", rename_fields = "snake_case")]
struct CreateMembershipInput {
    /// As what: the id of a role, as `auth_role` lists them.
    role_id: UpperUuid,
    /// A user that there is.
    user_id: Option<UpperUuid>,
    /// A user by name, made where there is none yet.
    username: Option<String>,
}

/// A membership to change.
#[derive(InputObject)]
#[graphql(name = "set_membership_role_input", rename_fields = "snake_case")]
struct SetMembershipRoleInput {
    /// Its id.
    membership_id: UpperUuid,
    /// The id of the role it is to have.
    role_id: UpperUuid,
}

/// A membership to end.
#[derive(InputObject)]
#[graphql(name = "delete_membership_input", rename_fields = "snake_case")]
struct DeleteMembershipInput {
    /// Its id.
    membership_id: UpperUuid,
}

/// A service account to make.
#[derive(InputObject)]
#[graphql(name = "create_service_account_input", rename_fields = "snake_case")]
struct CreateServiceAccountInput {
    /// Its name; the tenant's slug is added to it.
    name: String,
    /// As what: the id of a role, as `auth_role` lists them.
    role_id: UpperUuid,
}

/// What was made or changed.
#[derive(SimpleObject)]
#[graphql(name = "id_payload")]
struct IdPayload {
    /// Its id.
    id: Option<UpperUuid>,
}

impl IdPayload {
    fn of(id: uuid::Uuid) -> Self {
        Self { id: Some(UpperUuid::from(id)) }
    }
}

fn role(id: UpperUuid) -> Result<Role> {
    Ok(Role::from_id(id.read()?).ok_or(KvError::NoSuchId { what: "role" })?)
}

#[Object(rename_fields = "snake_case")]
impl MemberMutation {
    /// Lets a user into the tenant, without an invitation.
    async fn create_membership(&self, ctx: &Context<'_>, input: CreateMembershipInput) -> Result<Option<IdPayload>> {
        let who = match (input.user_id, input.username) {
            (Some(id), None) => Newcomer::Id(id.read()?),
            (None, Some(name)) => Newcomer::Name(name),
            _ => return Err(KvError::Invalid("one of user_id and username says who".to_owned()).into()),
        };
        let role = role(input.role_id)?;
        Ok(Some(IdPayload::of(ctx.service().create_membership(ctx.caller(), who, role).await?)))
    }

    /// Makes a machine user in the tenant; `create_api_key` with its id makes its keys.
    async fn create_service_account(
        &self,
        ctx: &Context<'_>,
        input: CreateServiceAccountInput,
    ) -> Result<Option<IdPayload>> {
        let role = role(input.role_id)?;
        Ok(Some(IdPayload::of(ctx.service().create_service_account(ctx.caller(), &input.name, role).await?)))
    }

    /// Takes a member out of the tenant; its tokens for this tenant end too. The last administrator stays.
    async fn delete_membership(
        &self,
        ctx: &Context<'_>,
        input: DeleteMembershipInput,
    ) -> Result<Option<SuccessPayload>> {
        let success = ctx.service().delete_membership(ctx.caller(), input.membership_id.read()?).await?;
        Ok(Some(SuccessPayload::of(success, "membership")))
    }

    /// Gives a member another role. The last administrator stays one.
    async fn set_membership_role(&self, ctx: &Context<'_>, input: SetMembershipRoleInput) -> Result<Option<IdPayload>> {
        let (id, role) = (input.membership_id.read()?, role(input.role_id)?);
        if !ctx.service().set_membership_role(ctx.caller(), id, role).await? {
            return Err(KvError::NoSuchId { what: "membership" }.into());
        }
        Ok(Some(IdPayload::of(id)))
    }
}
