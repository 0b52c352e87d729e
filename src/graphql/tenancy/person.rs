//! People and roles.

use async_graphql::SimpleObject;

use super::tenant::TenantModel;
use crate::{
    domain::{JsonText, Role},
    graphql::scalars::{Jsonb, LowerUuid},
    service::{Membership, Person},
};

/// A person or a service account.
#[derive(SimpleObject)]
#[graphql(name = "user", rename_fields = "snake_case")]
pub(super) struct UserModel {
    /// The membership of the tenant that a client acts in where it names none; the oldest.
    default_membership_id: Option<LowerUuid>,
    /// Unknown here.
    email: Option<String>,
    /// Unknown here.
    first_name: Option<String>,
    /// The user's id.
    id: LowerUuid,
    /// Unknown here.
    last_name: Option<String>,
    /// The tenants that the user belongs to.
    memberships: Vec<MembershipModel>,
    /// What the page keeps of the user: nothing.
    settings: Jsonb,
    /// The user's name.
    username: String,
}

/// A person's place in a tenant.
#[derive(SimpleObject)]
#[graphql(name = "membership", rename_fields = "snake_case")]
struct MembershipModel {
    /// The membership's id.
    id: LowerUuid,
    /// As what.
    role_detail: RoleModel,
    /// Where.
    tenant: TenantModel,
    /// The tenant's id.
    tenant_id: LowerUuid,
}

/// A bundle of permissions.
#[derive(SimpleObject)]
#[graphql(name = "auth_role", rename_fields = "snake_case")]
pub(super) struct RoleModel {
    /// The role's id.
    id: LowerUuid,
    /// The role's name.
    name: &'static str,
    /// What it may do, as `operation:object`.
    permissions: Vec<&'static str>,
    /// The tenant whose own role it is; the built-in ones are everybody's.
    tenant_id: Option<LowerUuid>,
}

impl From<Role> for RoleModel {
    fn from(role: Role) -> Self {
        Self {
            id: LowerUuid::from(role.id()),
            name: role.title(),
            permissions: role.permissions().iter().map(|permission| permission.name()).collect(),
            tenant_id: None,
        }
    }
}

impl From<Membership> for MembershipModel {
    fn from(membership: Membership) -> Self {
        Self {
            id: LowerUuid::from(membership.id),
            role_detail: membership.role.into(),
            tenant_id: LowerUuid::from(membership.tenant.id.0),
            tenant: membership.tenant.into(),
        }
    }
}

impl From<Person> for UserModel {
    fn from(person: Person) -> Self {
        Self {
            default_membership_id: person.memberships.first().map(|membership| LowerUuid::from(membership.id)),
            email: None,
            first_name: None,
            id: LowerUuid::from(person.id),
            last_name: None,
            memberships: person.memberships.into_iter().map(MembershipModel::from).collect(),
            settings: Jsonb::from(JsonText::stored("{}".to_owned())),
            username: person.username,
        }
    }
}
