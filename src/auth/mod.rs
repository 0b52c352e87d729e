//! Credentials to [`Caller`]: the only place that knows JWTs.

mod claims;
mod keys;

use std::sync::Arc;

use uuid::Uuid;

pub use keys::Keys;

use self::claims::Claims;
use crate::{
    domain::{Caller, KvError, Permission, TenantId},
    service::{Issued, Service},
};

/// Tells who asks.
#[derive(Debug, Clone)]
pub struct Authenticator {
    keys: Arc<Keys>,
    service: Service,
}

impl Authenticator {
    /// Tokens signed by `keys`, held against the registry of `service`.
    #[must_use]
    pub fn new(keys: Keys, service: Service) -> Self {
        Self { keys: Arc::new(keys), service }
    }

    /// The caller that an `Authorization` header proves, acting in the tenant that `tenant` names,
    /// or in the token's own.
    ///
    /// # Errors
    /// [`KvError::Unauthenticated`]: one sentence per cause that a client can mend, and no hint
    /// about the secret.
    pub async fn caller(&self, authorization: Option<&str>, tenant: Option<&str>) -> Result<Caller, KvError> {
        self.verify(bearer(authorization)?, tenant).await
    }

    /// The caller that `token` proves; as [`Self::caller`].
    ///
    /// # Errors
    /// As [`Self::caller`].
    pub async fn verify(&self, token: &str, tenant: Option<&str>) -> Result<Caller, KvError> {
        let claims = self.keys.open(token)?;
        claims.check_time(self.service.now().seconds())?;
        let own = TenantId(claims.tenant_id);
        let standing = self.service.token_standing(claims.token_id(), own).await?;
        if standing.revoked {
            return Err(KvError::Unauthenticated("the API token has been revoked"));
        }
        let own_tier = standing.tier.ok_or(KvError::Unauthenticated("the API token is for a tenant that is gone"))?;
        let mut permissions = claims.permissions();
        let (tenant_id, tenant_tier) = match tenant.map(Uuid::parse_str) {
            None => (own, own_tier),
            Some(Ok(id)) if id == own.0 => (own, own_tier),
            Some(Ok(id)) => {
                let role = self.service.role_in(&claims.sub, TenantId(id)).await?.ok_or(FOREIGN)?;
                permissions.retain(|permission: &Permission| role.permissions().contains(permission));
                let tier = self.service.token_standing(None, TenantId(id)).await?.tier.ok_or(FOREIGN)?;
                (TenantId(id), tier)
            }
            Some(Err(_)) => return Err(FOREIGN),
        };
        let tier = self.service.tiers().get(claims.tier.as_deref().unwrap_or(&tenant_tier));
        Ok(Caller {
            tenant_id,
            tier: tier
                .map_err(|_| KvError::Unauthenticated("the API token's licence tier is unknown to this server"))?,
            own_tier: claims.tier.is_some(),
            permissions,
            namespaces: claims.namespaces()?,
            home: claims.home()?,
            token_id: claims.token_id(),
            expires_at: claims.expires_at(),
            subject: claims.sub,
        })
    }

    /// The signed text of an issued token.
    ///
    /// # Errors
    /// [`KvError::Internal`].
    pub fn sign(&self, issued: &Issued) -> Result<String, KvError> {
        self.keys.seal(&Claims::of(issued))
    }
}

/// The refusal of every tenant but the caller's own: it does not tell which tenants there are.
const FOREIGN: KvError = KvError::Unauthenticated("the API token is not valid for this tenant");

/// The token of an `Authorization: Bearer TOKEN` header; the scheme in any case.
fn bearer(authorization: Option<&str>) -> Result<&str, KvError> {
    let header =
        authorization.ok_or(KvError::Unauthenticated("no API token: send the header Authorization: Bearer TOKEN"))?;
    match header.trim().split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => Ok(token.trim()),
        _ => Err(KvError::Unauthenticated("Malformed Authorization header: it must read Bearer TOKEN")),
    }
}
