//! Credentials to [`Caller`]: the only place that knows JWTs.

mod claims;
mod keys;
mod verified;

use std::{net::IpAddr, sync::Arc};

use uuid::Uuid;

pub use keys::Keys;

use self::{
    claims::Claims,
    verified::{Asked, Cached, Verified},
};
use crate::{
    domain::{Caller, Identity, KvError, Permission, TenantId, audit::Actor},
    service::{Issued, Service},
};

/// Longest token, in bytes.
const TOKEN_BYTES: usize = 8_192;

/// What a request says of who sends it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Credentials<'a> {
    /// The `Authorization` header.
    pub authorization: Option<&'a str>,
    /// The tenant asked for; the token's own where none is.
    pub tenant: Option<&'a str>,
    /// The client's address, where it is known.
    pub address: Option<IpAddr>,
}

/// Tells who asks.
#[derive(Debug, Clone)]
pub struct Authenticator {
    keys: Arc<Keys>,
    service: Service,
    verified: Arc<Cached>,
}

impl Authenticator {
    /// Tokens signed by `keys`, held against the registry of `service`.
    #[must_use]
    pub fn new(keys: Keys, service: Service) -> Self {
        Self { keys: Arc::new(keys), service, verified: Arc::default() }
    }

    /// The caller that `credentials` prove.
    ///
    /// What a token proved is used again until its time is over or the service's epoch turns, so that
    /// most requests ask no database and check no signature.
    ///
    /// # Errors
    /// [`KvError::Unauthenticated`]: one sentence per cause that a client can mend, and no hint
    /// about the secret.
    pub async fn caller(&self, credentials: Credentials<'_>) -> Result<Caller, KvError> {
        let asked = Asked { token: bearer(credentials.authorization)?, tenant: credentials.tenant };
        let now = self.service.now();
        // Before the database is asked: what turns the epoch meanwhile makes the answer one of the past.
        let epoch = self.service.epoch();
        let verified = if let Some(known) = epoch.and_then(|epoch| self.verified.get(asked, epoch, now)) {
            known
        } else {
            let verified = self.verify(asked, credentials.address).await?;
            if let Some(epoch) = epoch {
                self.verified.keep(asked, epoch, Arc::clone(&verified));
            }
            verified
        };
        if let Some(id) = verified.identity.token_id.filter(|_| verified.is_worth_noting(now)) {
            self.service.note_use(id);
        }
        Ok(Caller { identity: Arc::clone(&verified.identity), address: credentials.address })
    }

    /// What a token proves at this moment, by its signature, its claims and the database.
    async fn verify(&self, asked: Asked<'_>, address: Option<IpAddr>) -> Result<Arc<Verified>, KvError> {
        let claims = self.keys.open(asked.token)?;
        let examined = self.examine(&claims, asked.tenant).await;
        if let Err(error @ KvError::Unauthenticated(_)) = &examined {
            let (tenant_id, subject) = (TenantId(claims.tenant_id), claims.sub.clone());
            let actor = Actor { tenant_id, token_id: claims.token_id(), user_id: None, subject, address };
            self.service.refused(actor, error);
        }
        Ok(Verified::new(examined?, claims.starts()))
    }

    /// What the claims of a token whose signature is good are worth at this moment.
    async fn examine(&self, claims: &Claims, tenant: Option<&str>) -> Result<Identity, KvError> {
        claims.check_time(self.service.now().seconds())?;
        let own = TenantId(claims.tenant_id);
        let tenant_id = match tenant.map(Uuid::parse_str) {
            None => own,
            Some(id) => TenantId(id.map_err(|_| FOREIGN)?),
        };
        let user_id = Uuid::parse_str(&claims.sub).ok();
        let standing = self.service.token_standing(claims.token_id(), tenant_id, user_id).await?;
        if standing.revoked {
            return Err(KvError::Unauthenticated("the API token has been revoked"));
        }
        let foreign = tenant_id != own;
        let tenants_tier = standing.tier.ok_or(if foreign { FOREIGN } else { GONE })?;
        let mut permissions = claims.permissions();
        match standing.role {
            Some(role) => permissions.retain(|permission: &Permission| role.permissions().contains(permission)),
            None if foreign => return Err(FOREIGN),
            None if standing.known => return Err(LEFT),
            None => {}
        }
        let tier = self.service.tiers().get(claims.tier.as_deref().unwrap_or(&tenants_tier));
        Ok(Identity {
            tenant_id,
            tier: tier
                .map_err(|_| KvError::Unauthenticated("the API token's licence tier is unknown to this server"))?,
            own_tier: claims.tier.is_some(),
            permissions,
            namespaces: claims.namespaces()?,
            home: claims.home()?,
            user_id: user_id.filter(|_| standing.known),
            role: standing.role,
            token_id: claims.token_id(),
            expires_at: claims.expires_at(),
            session: claims.session(),
            subject: claims.sub.clone(),
        })
    }

    /// Whether `token` is one of ours, of the same session as the caller's or the caller's own; it may have ended.
    #[must_use]
    pub fn is_kin(&self, token: &str, caller: &Caller) -> bool {
        let id = self.keys.open(token).ok().and_then(|claims| claims.token_id());
        id.is_some() && id == caller.token_id
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
const GONE: KvError = KvError::Unauthenticated("the API token is for a tenant that is gone");
const LEFT: KvError = KvError::Unauthenticated("the API token's user does not belong to its tenant any more");

/// The token of an `Authorization: Bearer TOKEN` header; the scheme in any case.
fn bearer(authorization: Option<&str>) -> Result<&str, KvError> {
    let header =
        authorization.ok_or(KvError::Unauthenticated("no API token: send the header Authorization: Bearer TOKEN"))?;
    match header.trim().split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => {
            if token.trim().len() > TOKEN_BYTES {
                return Err(KvError::Unauthenticated("the API token is longer than the 8192 bytes allowed"));
            }
            Ok(token.trim())
        }
        _ => Err(KvError::Unauthenticated("Malformed Authorization header: it must read Bearer TOKEN")),
    }
}
