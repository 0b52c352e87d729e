//! Credentials to [`Caller`]: the only place that knows JWTs.

mod claims;
mod foreign;
mod issuer;
mod keys;
mod verified;

use std::{net::IpAddr, sync::Arc};

use uuid::Uuid;

use self::{
    claims::Claims,
    foreign::Foreign,
    issuer::Issuer,
    verified::{Asked, Cached, Verified},
};
pub use self::{
    foreign::{ClaimNames, ClaimPath},
    issuer::IssuerRules,
    keys::Keys,
};
use crate::{
    domain::{Caller, Identity, KvError, Permission, TenantId, Timestamp, audit::Actor},
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
    issuers: Arc<[Issuer]>,
    service: Service,
    verified: Arc<Cached>,
}

/// A token whose signature is good.
struct Opened {
    claims: Claims,
    /// The user of this server that it names.
    user_id: Option<Uuid>,
    /// From when on its signature counts no more.
    end: Option<Timestamp>,
}

impl Authenticator {
    /// Tokens signed by `keys`, held against the registry of `service`.
    #[must_use]
    pub fn new(keys: Keys, service: Service) -> Self {
        Self { keys: Arc::new(keys), issuers: Arc::default(), service, verified: Arc::default() }
    }

    /// The same, for tokens of these issuers too.
    ///
    /// # Errors
    /// [`KvError::Internal`] where the machine's certificates cannot be read.
    pub fn trusting(self, issuers: impl IntoIterator<Item = IssuerRules>) -> Result<Self, KvError> {
        let issuers = issuers.into_iter().map(Issuer::new).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { issuers: issuers.into(), ..self })
    }

    /// Asks the service for the secrets that sign, where what is known of them may be out of date.
    ///
    /// # Errors
    /// [`KvError::Unavailable`].
    pub async fn load(&self) -> Result<(), KvError> {
        // Before the database is asked: what turns the epoch meanwhile makes the answer one of the past.
        let epoch = self.service.epoch();
        if self.keys.is_stale(epoch) {
            self.keys.load(epoch, &self.service.signing_secrets().await?)?;
        }
        Ok(())
    }

    /// The caller that `credentials` prove, whose request is counted against its tenant's licence.
    ///
    /// # Errors
    /// As [`Self::known`]; [`KvError::TooManyRequests`].
    pub async fn caller(&self, credentials: Credentials<'_>) -> Result<Caller, KvError> {
        let caller = self.known(credentials).await?;
        self.service.admit(&caller)?;
        Ok(caller)
    }

    /// Counts one more request of the caller's.
    ///
    /// # Errors
    /// [`KvError::TooManyRequests`].
    pub fn admit(&self, caller: &Caller) -> Result<(), KvError> {
        self.service.admit(caller)
    }

    /// The caller that `credentials` prove.
    ///
    /// What a token proved is used again until its time is over or the service's epoch turns, so that
    /// most requests ask no database and check no signature.
    ///
    /// # Errors
    /// [`KvError::Unauthenticated`]: one sentence per cause that a client can mend, and no hint
    /// about the secret.
    pub async fn known(&self, credentials: Credentials<'_>) -> Result<Caller, KvError> {
        let asked = Asked { token: bearer(credentials.authorization)?, tenant: credentials.tenant };
        let now = self.service.now();
        let epoch = self.service.epoch();
        let verified = if let Some(known) = epoch.and_then(|epoch| self.verified.get(asked, epoch, now)) {
            known
        } else {
            let verified = Box::pin(self.verify(asked, credentials.address)).await?;
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
        let opened = self.open(asked.token).await?;
        let examined = self.examine(&opened, asked.tenant).await;
        let claims = &opened.claims;
        if let Err(error @ KvError::Unauthenticated(_)) = &examined {
            let (tenant_id, subject) = (TenantId(claims.tenant_id), claims.sub.clone());
            let actor = Actor { tenant_id, token_id: claims.token_id(), user_id: None, subject, address };
            self.service.refused(actor, error);
        }
        Ok(Verified::new(examined?, claims.starts(), opened.end))
    }

    /// The claims of a token, where its issuer is this server or one that it trusts.
    async fn open(&self, token: &str) -> Result<Opened, KvError> {
        let now = self.service.now();
        if let Some(issuer) = self.issuer(token) {
            return self.translate(issuer, &issuer.open(token, now).await?).await;
        }
        self.load().await?;
        let (claims, end) = self.keys.open(token, now)?;
        let user_id = Uuid::parse_str(&claims.sub).ok();
        Ok(Opened { claims, user_id, end })
    }

    /// The issuer from elsewhere that a token names; what it says is not proven yet.
    fn issuer(&self, token: &str) -> Option<&Issuer> {
        #[derive(serde::Deserialize)]
        struct Named {
            iss: String,
        }
        if self.issuers.is_empty() {
            return None;
        }
        let named: Named = jsonwebtoken::dangerous::insecure_decode_claims(token).ok()?;
        self.issuers.iter().find(|issuer| issuer.rules.issuer == named.iss)
    }

    /// The claims of a token from elsewhere in our words.
    async fn translate(&self, issuer: &Issuer, claims: &serde_json::Value) -> Result<Opened, KvError> {
        let rules = &issuer.rules;
        let foreign = Foreign::read(claims, &rules.claims, &rules.roles)?;
        let user_id = match &foreign.username {
            Some(name) => Some(self.service.user_named(name).await?.ok_or(STRANGER)?),
            None => None,
        };
        let tenant = foreign.tenant.as_deref().or(rules.tenant.as_deref());
        let tenant_id = self.service.tenant_named(tenant, user_id).await?.ok_or(HOMELESS)?;
        let claims = Claims::foreign(foreign, tenant_id, user_id.is_some(), claims);
        // Verified again when its keys are fetched again: a key may be withdrawn.
        Ok(Opened { claims, user_id, end: Some(self.service.now().after(issuer::REFRESH)) })
    }

    /// What the claims of a token whose signature is good are worth at this moment.
    async fn examine(&self, opened: &Opened, tenant: Option<&str>) -> Result<Identity, KvError> {
        let claims = &opened.claims;
        claims.check_time(self.service.now().seconds())?;
        let own = TenantId(claims.tenant_id);
        let tenant_id = match tenant.map(Uuid::parse_str) {
            None => own,
            Some(id) => TenantId(id.map_err(|_| FOREIGN)?),
        };
        let standing = self.service.token_standing(claims.token_id(), tenant_id, opened.user_id).await?;
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
            user_id: opened.user_id.filter(|_| standing.known),
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
        let id = self.keys.open(token, self.service.now()).ok().and_then(|(claims, _)| claims.token_id());
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
const STRANGER: KvError = KvError::Unauthenticated("the API token's user is not known to this server");
const HOMELESS: KvError = KvError::Unauthenticated("the API token names no tenant of this server");

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
