//! Tenants and the people in them.

use uuid::Uuid;

use super::{Service, ids::new_id};
use crate::{
    domain::{Caller, KvError, Permission, Role, Tenant, TenantId, audit::Deed},
    store::{Member, Usage, User},
};

/// The slug of the tenant that the first start makes.
pub const DEFAULT_TENANT: &str = "default";

/// Longest slug.
const SLUG_BYTES: usize = 63;

/// Longest name.
const NAME_BYTES: usize = 255;

impl Service {
    /// Adds a tenant. Its slug is lower-case letters, digits and `-`; its name is the slug where none is given.
    ///
    /// # Errors
    /// [`KvError::Invalid`], [`KvError::UnknownTier`] and [`KvError::AlreadyExists`].
    pub async fn add_tenant(&self, slug: &str, name: Option<&str>, tier: &str) -> Result<Tenant, KvError> {
        let tenant = self.new_tenant(slug, name, tier)?;
        self.store.add_tenant(&tenant).await?;
        self.operator_did(tenant.id, Deed::change("create_tenant"));
        Ok(tenant)
    }

    /// Adds a tenant under the caller's licence; the caller's user becomes its administrator.
    ///
    /// # Errors
    /// [`KvError::Forbidden`]; [`KvError::TooManyTenants`]; as [`Self::add_tenant`].
    pub async fn create_tenant(&self, caller: &Caller, slug: &str, name: &str) -> Result<Tenant, KvError> {
        let deed = Deed::change("create_tenant");
        self.audited_as(caller, deed, |deed, tenant| deed.object(tenant.id.0), async {
            caller.may(Permission::CreateTenant)?;
            let user_id = caller.user_id.ok_or_else(|| {
                KvError::Invalid("this token belongs to no user of this server; a new tenant needs one".to_owned())
            })?;
            let tier = self.tier(caller).await?;
            let tenant = self.new_tenant(slug, Some(name), &tier.name)?;
            let member = Member { id: new_id(), user_id, tenant_id: tenant.id, role: Role::Admin };
            let room = |held| tier.check_tenants(held);
            self.changed(self.store.add_tenant_under(&tenant, &member, caller.tenant_id, room).await)?;
            Ok(tenant)
        })
        .await
    }

    fn new_tenant(&self, slug: &str, name: Option<&str>, tier: &str) -> Result<Tenant, KvError> {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if slug.is_empty() || slug.len() > SLUG_BYTES || !slug.bytes().all(fits) {
            return Err(KvError::Invalid(format!(
                "a tenant's slug is 1 to {SLUG_BYTES} lower-case letters, digits and '-'"
            )));
        }
        let name = name.unwrap_or(slug).to_owned();
        if name.is_empty() || name.len() > NAME_BYTES {
            return Err(KvError::Invalid(format!("a tenant's name is 1 to {NAME_BYTES} bytes of text")));
        }
        self.tiers.get(tier)?;
        let (id, created) = (TenantId(new_id()), self.clock.now());
        Ok(Tenant { id, slug: slug.to_owned(), name, tier: tier.to_owned(), created })
    }

    /// Makes the tenant `default` where the database has none at all; then it is given.
    ///
    /// # Errors
    /// As [`Self::add_tenant`].
    pub async fn first_tenant(&self, tier: &str) -> Result<Option<Tenant>, KvError> {
        if !self.store.tenants().await?.is_empty() {
            return Ok(None);
        }
        match self.add_tenant(DEFAULT_TENANT, None, tier).await {
            Ok(tenant) => Ok(Some(tenant)),
            // Another server was faster; it greets the operator.
            Err(KvError::AlreadyExists { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Every tenant, by slug. For the operator of the server.
    ///
    /// # Errors
    /// [`KvError::Unavailable`].
    pub async fn tenants(&self) -> Result<Vec<Tenant>, KvError> {
        self.store.tenants().await
    }

    /// The tenant called `slug`. For the operator of the server.
    ///
    /// # Errors
    /// [`KvError::Invalid`] where there is none.
    pub async fn tenant_by_slug(&self, slug: &str) -> Result<Tenant, KvError> {
        self.store.tenant_by_slug(slug).await?.ok_or_else(no_such_tenant)
    }

    /// The counters of the tenant called `slug`. For the operator of the server.
    ///
    /// # Errors
    /// As [`Self::tenant_by_slug`].
    pub async fn usage(&self, slug: &str) -> Result<Usage, KvError> {
        let tenant = self.tenant_by_slug(slug).await?;
        self.store.usage(tenant.id).await?.ok_or_else(no_such_tenant)
    }

    /// Moves a tenant to another tier; it counts from the next request on. For the operator of the server.
    ///
    /// # Errors
    /// [`KvError::UnknownTier`], and [`KvError::Invalid`] where there is no such tenant.
    pub async fn set_tier(&self, slug: &str, tier: &str) -> Result<(), KvError> {
        self.tiers.get(tier)?;
        let tenant = self.tenant_by_slug(slug).await?;
        self.changed(self.store.set_tier(slug, tier).await)?;
        self.operator_did(tenant.id, Deed::change("set_tier"));
        Ok(())
    }

    /// The tenants that the caller may act in, by slug: the token's own, and those its user belongs to.
    ///
    /// # Errors
    /// [`KvError::Forbidden`].
    pub async fn tenants_of(&self, caller: &Caller) -> Result<Vec<Tenant>, KvError> {
        let deed = Deed::read("list_tenants");
        self.audited(caller, deed, async {
            caller.may(Permission::ReadTenant)?;
            let mut ids = vec![caller.tenant_id];
            if let Some(user_id) = caller.user_id {
                ids.extend(self.store.memberships(user_id).await?.into_iter().map(|member| member.tenant_id));
            }
            self.store.tenants_by_id(&ids).await
        })
        .await
    }

    /// The tenant that a token from elsewhere is for: the one that it names by id or by slug, or where it names
    /// none the oldest that its user belongs to.
    ///
    /// # Errors
    /// [`KvError::Unavailable`] and [`KvError::Internal`].
    pub async fn tenant_named(&self, name: Option<&str>, user_id: Option<Uuid>) -> Result<Option<TenantId>, KvError> {
        match (name, user_id) {
            (Some(name), _) if name.contains('\0') => Ok(None),
            (Some(name), _) => match name.parse() {
                Ok(id) => Ok(Some(TenantId(id))),
                Err(_) => Ok(self.store.tenant_by_slug(name).await?.map(|tenant| tenant.id)),
            },
            (None, Some(id)) => Ok(self.store.memberships(id).await?.first().map(|member| member.tenant_id)),
            (None, None) => Ok(None),
        }
    }

    /// A user's role in a tenant; none for strangers.
    ///
    /// # Errors
    /// [`KvError::Unavailable`].
    pub async fn role_in(&self, user_id: Uuid, tenant_id: TenantId) -> Result<Option<Role>, KvError> {
        let members = self.store.memberships(user_id).await?;
        Ok(members.into_iter().find(|member| member.tenant_id == tenant_id).map(|member| member.role))
    }

    /// Gives the user called `username` a place in the tenant; both are made where they are missing.
    pub(super) async fn ensure_member(
        &self,
        username: &str,
        tenant_id: TenantId,
        role: Role,
    ) -> Result<Member, KvError> {
        let now = self.clock.now();
        let user = User { id: new_id(), username: username.to_owned(), service: false, created: now };
        let user_id = self.store.ensure_user(&user).await?;
        let member = Member { id: new_id(), user_id, tenant_id, role };
        self.changed(self.store.ensure_member(&member, now).await)?;
        Ok(member)
    }
}

fn no_such_tenant() -> KvError {
    KvError::Invalid("there is no tenant with this slug; `highwater tenant list` shows those there are".to_owned())
}
