//! What a token grants, and the registry of those issued.

use std::time::Duration;

use uuid::Uuid;

use super::{Service, ids::new_id};
use crate::{
    domain::{
        KvError, Namespace, NamespacePattern, Permission, Role, Session, Tenant, TenantId, Timestamp, audit::Deed,
    },
    store::{TokenRow, TokenStanding},
};

/// Longest life of a token: a hundred years, so that its end fits every client's calendar.
const LONGEST_LIFE: Duration = Duration::from_hours(100 * 365 * 24);

/// What a new token is to grant.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Name for people.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// A tier of its own; none for the tenant's.
    pub tier: Option<String>,
    /// Its home, and then the only namespace it reaches; none for home `default` and all reached.
    pub namespace: Option<Namespace>,
    /// How long it lives.
    pub life: Duration,
}

/// A token that was entered in the registry and is ready to be signed.
#[derive(Debug, Clone)]
pub struct Issued {
    /// The registry's row.
    pub row: TokenRow,
    /// What it may do.
    pub permissions: Vec<Permission>,
    /// A tier of its own.
    pub tier: Option<String>,
    /// The namespace acted in when a request names none.
    pub home: Namespace,
    /// The namespaces it reaches.
    pub namespaces: Vec<NamespacePattern>,
    /// The session it belongs to.
    pub session: Option<Session>,
}

impl Service {
    /// Enters a token for `tenant`. It is held by a user of the token's name in this tenant alone, so
    /// that a name used twice opens no way from one tenant to another. For the operator of the server.
    ///
    /// # Errors
    /// [`KvError::UnknownTier`], and [`KvError::Invalid`] for an empty name or an endless life.
    pub async fn grant_token(&self, tenant: &Tenant, grant: Grant) -> Result<Issued, KvError> {
        check_name(&grant.name)?;
        let now = self.clock.now();
        let expires_at = end(now, now.after(grant.life))?;
        if let Some(tier) = &grant.tier {
            self.tiers.get(tier)?;
        }
        let member = self.ensure_member(&format!("{}@{}", grant.name, tenant.slug), tenant.id, grant.role).await?;
        let row = TokenRow {
            id: new_id(),
            tenant_id: tenant.id,
            user_id: member.user_id,
            name: grant.name,
            created: now,
            expires_at,
            revoked_at: None,
            session: false,
            parent_id: None,
            last_used_at: None,
        };
        self.store.add_token(&row).await?;
        self.operator_did(tenant.id, Deed::change("create_token").object(row.id));
        Ok(Issued {
            row,
            permissions: grant.role.permissions().to_vec(),
            tier: grant.tier,
            home: grant.namespace.clone().unwrap_or_else(Namespace::home),
            namespaces: vec![grant.namespace.map_or(NamespacePattern::All, NamespacePattern::One)],
            session: None,
        })
    }

    /// Every token issued, oldest first, but for sessions. For the operator of the server.
    ///
    /// # Errors
    /// [`KvError::Unavailable`].
    pub async fn tokens(&self) -> Result<Vec<TokenRow>, KvError> {
        self.flush_uses().await;
        self.store.tokens().await
    }

    /// Refuses the token `id` from now on. For the operator of the server.
    ///
    /// # Errors
    /// [`KvError::NoSuchId`].
    pub async fn revoke_token(&self, id: Uuid) -> Result<(), KvError> {
        let row = self.store.token(id).await?.ok_or(KvError::NoSuchId { what: "token" })?;
        self.changed(self.store.revoke_token(id, self.clock.now()).await)?;
        self.operator_did(row.tenant_id, Deed::change("revoke_token").object(id));
        Ok(())
    }

    /// How a token for `tenant_id` that names the user `user_id` stands at this moment.
    ///
    /// # Errors
    /// [`KvError::Unavailable`].
    pub async fn token_standing(
        &self,
        id: Option<Uuid>,
        tenant_id: TenantId,
        user_id: Option<Uuid>,
    ) -> Result<TokenStanding, KvError> {
        self.store.token_standing(id, tenant_id, user_id).await
    }

    /// The clock's instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// Refuses a token's name that nobody could read in a list.
pub(super) fn check_name(name: &str) -> Result<(), KvError> {
    if name.is_empty() || name.len() > 255 {
        return Err(KvError::Invalid("a token's name is 1 to 255 bytes of text".to_owned()));
    }
    Ok(())
}

/// The end of a token's life, where it is one that a token can have.
pub(super) fn end(now: Timestamp, end: Timestamp) -> Result<Timestamp, KvError> {
    if end.seconds() <= now.seconds() || end > now.after(LONGEST_LIFE) {
        return Err(KvError::Invalid("a token must end in the future, and within 100 years".to_owned()));
    }
    Ok(end)
}
