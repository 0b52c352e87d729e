//! Who belongs to the caller's tenant, and as what.

use uuid::Uuid;

use super::{Membership, Person, Service, ids::new_id, people::check_username};
use crate::{
    domain::{Caller, KvError, NamespacePattern, Permission, Role, TenantId, audit::Deed},
    store::{Member, User},
};

/// Who is to become a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Newcomer {
    /// A user that there is.
    Id(Uuid),
    /// A user by name, who is made where there is none yet.
    Name(String),
}

impl Service {
    /// The people and machines of the caller's tenant, by name, each with its membership of this tenant alone.
    ///
    /// # Errors
    /// [`KvError::Forbidden`].
    pub async fn people(&self, caller: &Caller) -> Result<Vec<Person>, KvError> {
        let deed = Deed::read("list_people");
        self.audited(caller, deed, async {
            caller.may(Permission::ReadTenant)?;
            let members = self.store.members_of(caller.tenant_id).await?;
            let tenants = self.store.tenants_by_id(&[caller.tenant_id]).await?;
            let Some(tenant) = tenants.into_iter().next() else { return Ok(Vec::new()) };
            let ids: Vec<_> = members.iter().map(|member| member.user_id).collect();
            let users = self.store.users(&ids).await?;
            let membership = |member: &Member| Membership { id: member.id, tenant: tenant.clone(), role: member.role };
            let person = |user: User| {
                let memberships = members.iter().filter(|member| member.user_id == user.id).map(membership).collect();
                Person::new(user, memberships)
            };
            Ok(users.into_iter().map(person).collect())
        })
        .await
    }

    /// The caller's own memberships, and those of the other people of its tenant, each with whose it is.
    ///
    /// # Errors
    /// [`KvError::Forbidden`].
    pub async fn memberships(&self, caller: &Caller) -> Result<Vec<(Person, Membership)>, KvError> {
        let mut people = self.people(caller).await?;
        if let Some(own) = self.person(caller).await? {
            people.retain(|person| person.id != own.id);
            people.push(own);
        }
        let seats = |mut person: Person| {
            let memberships = std::mem::take(&mut person.memberships);
            memberships.into_iter().map(move |membership| (person.clone(), membership))
        };
        Ok(people.into_iter().flat_map(seats).collect())
    }

    /// Lets someone into the caller's tenant, and gives the membership's id.
    ///
    /// # Errors
    /// [`KvError::Forbidden`]; [`KvError::NoSuchId`] for an unknown user; [`KvError::AlreadyExists`].
    pub async fn create_membership(&self, caller: &Caller, who: Newcomer, role: Role) -> Result<Uuid, KvError> {
        let deed = Deed::change("create_membership");
        self.audited_as(caller, deed, |deed, id| deed.object(*id), async {
            may_give(caller, Permission::CreateMembership, role)?;
            let now = self.clock.now();
            let user_id = match who {
                Newcomer::Id(id) => id,
                Newcomer::Name(username) => {
                    check_username(&username)?;
                    self.store.ensure_user(&User { id: new_id(), username, service: false, created: now }).await?
                }
            };
            let member = Member { id: new_id(), user_id, tenant_id: caller.tenant_id, role };
            self.changed(self.store.add_member(&member, now).await)?;
            Ok(member.id)
        })
        .await
    }

    /// Gives a member of the caller's tenant another role; `false` where there is no such member.
    ///
    /// # Errors
    /// [`KvError::Forbidden`]; [`KvError::LastAdministrator`].
    pub async fn set_membership_role(&self, caller: &Caller, id: Uuid, role: Role) -> Result<bool, KvError> {
        let deed = Deed::change("set_membership_role").object(id);
        self.audited(caller, deed, async {
            may_give(caller, Permission::UpdateMembership, role)?;
            self.turn_member(caller.tenant_id, id, Some(role)).await
        })
        .await
    }

    /// Takes a member out of the caller's tenant, its tokens for this tenant too; `false` where there is none.
    ///
    /// # Errors
    /// [`KvError::Forbidden`]; [`KvError::LastAdministrator`].
    pub async fn delete_membership(&self, caller: &Caller, id: Uuid) -> Result<bool, KvError> {
        let deed = Deed::change("delete_membership").object(id);
        self.audited(caller, deed, async {
            may_give(caller, Permission::DeleteMembership, Role::ReadOnly)?;
            self.turn_member(caller.tenant_id, id, None).await
        })
        .await
    }

    async fn turn_member(&self, tenant_id: TenantId, id: Uuid, role: Option<Role>) -> Result<bool, KvError> {
        let decide = |member: &Member, administrators: usize| {
            if member.role == Role::Admin && role != Some(Role::Admin) && administrators == 1 {
                return Err(KvError::LastAdministrator);
            }
            Ok(role)
        };
        self.changed(self.store.turn_member(tenant_id, id, self.clock.now(), decide).await)
    }

    /// Makes a machine user in the caller's tenant, and gives its id.
    ///
    /// # Errors
    /// [`KvError::Forbidden`]; [`KvError::Invalid`]; [`KvError::AlreadyExists`] where the name is taken.
    pub async fn create_service_account(&self, caller: &Caller, name: &str, role: Role) -> Result<Uuid, KvError> {
        let deed = Deed::change("create_service_account");
        self.audited_as(caller, deed, |deed, id| deed.object(*id), async {
            may_give(caller, Permission::CreateServiceAccount, role)?;
            check_username(name)?;
            let tenants = self.store.tenants_by_id(&[caller.tenant_id]).await?;
            let tenant = tenants.first().ok_or(KvError::NoSuchId { what: "tenant" })?;
            // In the tenant's own space of names: another tenant's cannot take it, nor be found out by it.
            let username = format!("{name}@{}", tenant.slug);
            let user = User { id: new_id(), username, service: true, created: self.clock.now() };
            let member = Member { id: new_id(), user_id: user.id, tenant_id: caller.tenant_id, role };
            self.changed(self.store.add_user(&user, &member).await)?;
            Ok(user.id)
        })
        .await
    }
}

/// Refuses to change who belongs to the tenant to callers who lack `permission`, something that `role` gives,
/// or a namespace: members reach all of them.
fn may_give(caller: &Caller, permission: Permission, role: Role) -> Result<(), KvError> {
    caller.may(permission)?;
    role.permissions().iter().try_for_each(|permission| caller.may(*permission))?;
    if caller.namespaces.contains(&NamespacePattern::All) { Ok(()) } else { Err(KvError::ForbiddenNamespace) }
}
