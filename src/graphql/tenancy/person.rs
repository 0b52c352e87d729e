//! People, machines and roles.

use async_graphql::SimpleObject;

use super::tenant::TenantModel;
use crate::{
    domain::{JsonText, Role},
    graphql::scalars::{Jsonb, LowerUuid, Timestamptz},
    service::{Membership, Person},
};

/// A person or a service account.
#[derive(SimpleObject)]
#[graphql(name = "user", rename_fields = "snake_case")]
pub(super) struct UserModel {
    /// `USER` for a person, `SERVICE` for a machine.
    account_type: &'static str,
    /// The membership of the tenant that a client acts in where it names none; the oldest.
    default_membership: Option<MembershipModel>,
    /// That membership's id.
    default_membership_id: Option<LowerUuid>,
    /// Unknown here.
    email: Option<String>,
    /// Unknown here.
    first_name: Option<String>,
    /// The user's id.
    id: LowerUuid,
    /// Unknown here.
    last_name: Option<String>,
    /// The tenants that the user belongs to; of another than the caller, the caller's tenant alone.
    memberships: Vec<MembershipModel>,
    /// What the page keeps of the user: nothing.
    settings: Jsonb,
    /// The user's name.
    username: String,
}

/// Someone's place in a tenant.
#[derive(SimpleObject, Clone)]
#[graphql(name = "membership", rename_fields = "snake_case")]
pub(super) struct MembershipModel {
    /// The membership's id.
    id: LowerUuid,
    /// As what, in the words of Prefect's older clients: `TENANT_ADMIN`, `USER` or `READ_ONLY_USER`.
    role: &'static str,
    /// As what.
    role_detail: RoleModel,
    /// Where.
    tenant: TenantModel,
    /// The tenant's id.
    tenant_id: LowerUuid,
    /// Whose place it is.
    user: HolderModel,
    /// Whose place it is.
    user_id: LowerUuid,
}

/// Someone who has a membership or a key.
#[derive(SimpleObject, Clone)]
#[graphql(name = "user_name", rename_fields = "snake_case")]
pub(super) struct HolderModel {
    /// The user's id.
    id: LowerUuid,
    /// The user's name.
    username: String,
}

impl HolderModel {
    pub(super) fn new(id: uuid::Uuid, username: String) -> Self {
        Self { id: LowerUuid::from(id), username }
    }
}

/// A bundle of permissions.
#[derive(SimpleObject, Clone)]
#[graphql(name = "auth_role", rename_fields = "snake_case")]
pub(super) struct RoleModel {
    /// When the role was made; the built-in ones always were.
    created: Option<Timestamptz>,
    /// The role's id.
    id: LowerUuid,
    /// The role's name.
    name: &'static str,
    /// What it may do, as `operation:object`.
    permissions: Vec<&'static str>,
    /// The tenant whose own role it is; the built-in ones are everybody's.
    tenant_id: Option<LowerUuid>,
    /// When the role was last changed; the built-in ones never were.
    updated: Option<Timestamptz>,
}

impl From<Role> for RoleModel {
    fn from(role: Role) -> Self {
        Self {
            created: None,
            id: LowerUuid::from(role.id()),
            name: role.title(),
            permissions: role.permissions().iter().map(|permission| permission.name()).collect(),
            tenant_id: None,
            updated: None,
        }
    }
}

impl MembershipModel {
    pub(super) fn new(person: &Person, membership: Membership) -> Self {
        Self {
            id: LowerUuid::from(membership.id),
            role: match membership.role {
                Role::Admin => "TENANT_ADMIN",
                Role::User => "USER",
                Role::ReadOnly => "READ_ONLY_USER",
            },
            role_detail: membership.role.into(),
            tenant_id: LowerUuid::from(membership.tenant.id.0),
            tenant: membership.tenant.into(),
            user: HolderModel::new(person.id, person.username.clone()),
            user_id: LowerUuid::from(person.id),
        }
    }
}

impl From<Person> for UserModel {
    fn from(mut person: Person) -> Self {
        let memberships = std::mem::take(&mut person.memberships);
        let memberships: Vec<_> = memberships.into_iter().map(|it| MembershipModel::new(&person, it)).collect();
        let default = memberships.first().cloned();
        Self {
            account_type: if person.service { "SERVICE" } else { "USER" },
            default_membership_id: default.as_ref().map(|membership| membership.id.clone()),
            default_membership: default,
            email: None,
            first_name: None,
            id: LowerUuid::from(person.id),
            last_name: None,
            memberships,
            settings: Jsonb::from(JsonText::stored("{}".to_owned())),
            username: person.username,
        }
    }
}
