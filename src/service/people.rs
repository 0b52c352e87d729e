//! Who the caller is, and where it belongs.

use uuid::Uuid;

use super::Service;
use crate::{
    domain::{Caller, KvError, Role, Tenant},
    store::{Member, User},
};

/// A person or a service account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The user's id.
    pub id: Uuid,
    /// The user's name.
    pub username: String,
    /// Whether it is a machine.
    pub service: bool,
    /// The tenants it belongs to, oldest membership first.
    pub memberships: Vec<Membership>,
}

impl Person {
    pub(super) fn new(user: User, memberships: Vec<Membership>) -> Self {
        Self { id: user.id, username: user.username, service: user.service, memberships }
    }
}

/// A person's place in a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The membership's id.
    pub id: Uuid,
    /// Where.
    pub tenant: Tenant,
    /// As what.
    pub role: Role,
}

impl Service {
    /// The id of the user called `username`.
    ///
    /// # Errors
    /// [`KvError::Unavailable`] and [`KvError::Internal`].
    pub async fn user_named(&self, username: &str) -> Result<Option<Uuid>, KvError> {
        // No user has such a name, and no database would look for it.
        if username.contains('\0') {
            return Ok(None);
        }
        Ok(self.store.user_by_name(username).await?.map(|user| user.id))
    }

    /// The person behind the caller's token; none for tokens that were issued elsewhere.
    ///
    /// # Errors
    /// [`KvError::Unavailable`] and [`KvError::Internal`].
    pub async fn person(&self, caller: &Caller) -> Result<Option<Person>, KvError> {
        let Some(id) = caller.user_id else { return Ok(None) };
        let Some(user) = self.store.users(&[id]).await?.into_iter().next() else { return Ok(None) };
        let members = self.store.memberships(id).await?;
        let tenant_ids: Vec<_> = members.iter().map(|member| member.tenant_id).collect();
        let tenants = self.store.tenants_by_id(&tenant_ids).await?;
        let membership = |member: Member| {
            let tenant = tenants.iter().find(|tenant| tenant.id == member.tenant_id)?.clone();
            Some(Membership { id: member.id, tenant, role: member.role })
        };
        Ok(Some(Person::new(user, members.into_iter().filter_map(membership).collect())))
    }
}

/// Refuses a user's name that nobody could read in a list.
pub(super) fn check_username(name: &str) -> Result<(), KvError> {
    if name.is_empty() || name.len() > 255 || name.chars().any(char::is_control) {
        return Err(KvError::Invalid("a user's name is 1 to 255 bytes of text without control characters".to_owned()));
    }
    Ok(())
}
