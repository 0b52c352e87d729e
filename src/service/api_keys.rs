//! Tokens that people make for themselves; Prefect calls them API keys.

use std::time::Duration;

use uuid::Uuid;

use super::{
    Issued, Service,
    ids::new_id,
    tokens::{check_name, end},
};
use crate::{
    domain::{Caller, KvError, Namespace, NamespacePattern, Permission, Role, TenantId, Timestamp, audit::Deed},
    store::{ApiKey, TokenRow},
};

/// How long a key lives whose maker does not say.
const YEAR: Duration = Duration::from_hours(365 * 24);

/// A key to make.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// Name for people.
    pub name: String,
    /// Whose it is to be: the caller's own id, or a service account's.
    pub user_id: Uuid,
    /// When it is to end; in a year where nothing is said.
    pub expires_at: Option<Timestamp>,
    /// The tenant it is for; the caller's where nothing is said.
    pub tenant_id: Option<TenantId>,
    /// Of what the caller may, only what this role may too.
    pub role: Option<Role>,
    /// The namespaces it is to reach, all of them the caller's; all of the caller's where nothing is said.
    pub namespaces: Option<Vec<NamespacePattern>>,
}

impl Service {
    /// Makes a key for the caller, or for a service account of its tenant. It may do, and reach, what the
    /// caller may, and no more.
    ///
    /// # Errors
    /// [`KvError::Forbidden`] and [`KvError::ForbiddenNamespace`]; [`KvError::NoSuchId`] for another's user id or
    /// tenant; [`KvError::Invalid`].
    pub async fn create_api_key(&self, caller: &Caller, new: NewApiKey) -> Result<Issued, KvError> {
        let deed = Deed::change("create_api_key");
        self.audited_as(caller, deed, |deed, issued| deed.object(issued.row.id), async {
            let tenant_id = new.tenant_id.unwrap_or(caller.tenant_id);
            let own = caller.user_id == Some(new.user_id);
            caller.may(Permission::CreateApiKey)?;
            check_name(&new.name)?;
            if !own {
                self.check_service_account(caller, new.user_id, tenant_id).await?;
            }
            let (home, namespaces) = reach(caller, new.namespaces)?;
            let now = self.clock.now();
            let expires_at = end(now, new.expires_at.unwrap_or_else(|| now.after(YEAR)))?;
            let mut permissions: Vec<_> = caller.permissions.iter().copied().collect();
            if !own || tenant_id != caller.tenant_id {
                let role = self.role_in(new.user_id, tenant_id).await?;
                let role = role.ok_or(KvError::NoSuchId { what: "tenant of yours" })?;
                permissions.retain(|permission| role.permissions().contains(permission));
            }
            if let Some(role) = new.role {
                permissions.retain(|permission| role.permissions().contains(permission));
            }
            let row = TokenRow {
                id: new_id(),
                tenant_id,
                user_id: new.user_id,
                name: new.name,
                created: now,
                expires_at,
                revoked_at: None,
                session: false,
                parent_id: None,
                last_used_at: None,
            };
            self.store.add_token(&row).await?;
            Ok(Issued {
                row,
                permissions,
                tier: caller.own_tier.then(|| caller.tier.name.to_string()),
                home,
                namespaces,
                session: None,
            })
        })
        .await
    }

    /// Refuses to make keys for anyone but the caller and the service accounts of the caller's tenant.
    async fn check_service_account(&self, caller: &Caller, id: Uuid, tenant_id: TenantId) -> Result<(), KvError> {
        let may = tenant_id == caller.tenant_id && caller.may(Permission::CreateServiceApiKey).is_ok();
        let machine = may
            && self.role_in(id, tenant_id).await?.is_some()
            && self.store.users(&[id]).await?.iter().any(|user| user.service);
        if machine {
            Ok(())
        } else {
            Err(KvError::NoSuchId { what: "user of yours, nor service account of this tenant" })
        }
    }

    /// The keys that the caller may see, oldest first: its own, and an administrator's whole tenant's.
    ///
    /// # Errors
    /// [`KvError::Forbidden`].
    pub async fn api_keys(&self, caller: &Caller) -> Result<Vec<ApiKey>, KvError> {
        let deed = Deed::read("list_api_keys");
        self.audited(caller, deed, async {
            caller.may(Permission::ReadApiKey)?;
            self.flush_uses().await;
            let keys = self.store.api_keys(caller.tenant_id).await?;
            Ok(keys.into_iter().filter(|key| may_see(caller, key)).collect())
        })
        .await
    }

    /// Revokes a key that the caller may see; `false` where there is none.
    ///
    /// # Errors
    /// [`KvError::Forbidden`].
    pub async fn delete_api_key(&self, caller: &Caller, id: Uuid) -> Result<bool, KvError> {
        let deed = Deed::change("delete_api_key").object(id);
        self.audited(caller, deed, async {
            caller.may(Permission::DeleteApiKey)?;
            let keys = self.store.api_keys(caller.tenant_id).await?;
            match keys.iter().find(|key| key.row.id == id && may_see(caller, key)) {
                Some(key) => self.changed(self.store.revoke_token(key.row.id, self.clock.now()).await),
                None => Ok(false),
            }
        })
        .await
    }
}

fn may_see(caller: &Caller, key: &ApiKey) -> bool {
    caller.user_id == Some(key.row.user_id) || caller.may(Permission::DeleteServiceApiKey).is_ok()
}

/// The home of a key and the namespaces it reaches, all of which its maker reaches: the maker's own home where that
/// is among them.
fn reach(caller: &Caller, asked: Option<Vec<NamespacePattern>>) -> Result<(Namespace, Vec<NamespacePattern>), KvError> {
    let namespaces = asked.unwrap_or_else(|| caller.namespaces.clone());
    if namespaces.is_empty() {
        return Err(KvError::Invalid("a key reaches at least one namespace".to_owned()));
    }
    let own = |asked: &NamespacePattern| caller.namespaces.iter().any(|pattern| pattern.covers(asked));
    if !namespaces.iter().all(own) {
        return Err(KvError::ForbiddenNamespace);
    }
    let at_home = namespaces.iter().any(|pattern| pattern.allows(&caller.home));
    let away = namespaces.iter().find_map(NamespacePattern::top).filter(|_| !at_home);
    Ok((away.unwrap_or(&caller.home).clone(), namespaces))
}
