//! What a token grants, and the registry of those issued.

use std::time::Duration;

use uuid::Uuid;

use super::{Service, ids::new_id};
use crate::{
    domain::{KvError, Namespace, NamespacePattern, Role, Tenant, TenantId, Timestamp},
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
    /// What it grants.
    pub grant: Grant,
}

impl Issued {
    /// The namespace acted in when a request names none.
    #[must_use]
    pub fn home(&self) -> Namespace {
        self.grant.namespace.clone().unwrap_or_else(Namespace::home)
    }

    /// The namespaces it reaches.
    #[must_use]
    pub fn namespaces(&self) -> Vec<NamespacePattern> {
        vec![self.grant.namespace.clone().map_or(NamespacePattern::All, NamespacePattern::One)]
    }
}

impl Service {
    /// Enters a token for `tenant`. It is held by a user of the token's name in this tenant alone, so
    /// that a name used twice opens no way from one tenant to another. For the operator of the server.
    ///
    /// # Errors
    /// [`KvError::UnknownTier`], and [`KvError::Invalid`] for an empty name or an endless life.
    pub async fn grant_token(&self, tenant: &Tenant, grant: Grant) -> Result<Issued, KvError> {
        if grant.name.is_empty() || grant.name.len() > 255 {
            return Err(KvError::Invalid("a token's name is 1 to 255 bytes of text".to_owned()));
        }
        if grant.life.is_zero() || grant.life > LONGEST_LIFE {
            return Err(KvError::Invalid("a token's life is between 1 second and 100 years".to_owned()));
        }
        if let Some(tier) = &grant.tier {
            self.tiers.get(tier)?;
        }
        let member = self.ensure_member(&format!("{}@{}", grant.name, tenant.slug), tenant.id, grant.role).await?;
        let now = self.clock.now();
        let row = TokenRow {
            id: new_id(),
            tenant_id: tenant.id,
            user_id: member.user_id,
            name: grant.name.clone(),
            created: now,
            expires_at: now.after(grant.life),
            revoked_at: None,
        };
        self.store.add_token(&row).await?;
        Ok(Issued { row, grant })
    }

    /// Every token issued, oldest first. For the operator of the server.
    ///
    /// # Errors
    /// [`KvError::Unavailable`].
    pub async fn tokens(&self) -> Result<Vec<TokenRow>, KvError> {
        self.store.tokens().await
    }

    /// Refuses the token `id` from now on. For the operator of the server.
    ///
    /// # Errors
    /// [`KvError::NoSuchId`].
    pub async fn revoke_token(&self, id: Uuid) -> Result<(), KvError> {
        if self.store.revoke_token(id, self.clock.now()).await? {
            Ok(())
        } else {
            Err(KvError::NoSuchId { what: "token" })
        }
    }

    /// How a token stands at this moment: its tenant's tier, and whether it was revoked.
    ///
    /// # Errors
    /// [`KvError::Unavailable`].
    pub async fn token_standing(&self, id: Option<Uuid>, tenant_id: TenantId) -> Result<TokenStanding, KvError> {
        self.store.token_standing(id, tenant_id).await
    }

    /// The secret that signs this database's tokens; made at the first call.
    ///
    /// # Errors
    /// [`KvError::Internal`] where the machine has no randomness.
    pub async fn signing_secret(&self) -> Result<Vec<u8>, KvError> {
        let mut fresh = vec![0; 32];
        getrandom::fill(&mut fresh).map_err(|error| KvError::internal(error.to_string()))?;
        self.store.signing_secret(fresh, self.clock.now()).await
    }

    /// The clock's instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
