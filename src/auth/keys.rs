//! Signing and opening this server's own tokens.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, errors::ErrorKind};

use super::claims::Claims;
use crate::{
    domain::{KvError, Timestamp},
    service::Secret,
};

/// Shortest secret, in bytes: what HS256 needs to be worth its name.
const SECRET_BYTES: usize = 32;

/// The secrets of this server's tokens, with the issuer and audience that they must name.
pub struct Keys {
    validation: Validation,
    issuer: String,
    audience: String,
    /// Whether the secrets are the database's, and may change there.
    shared: bool,
    ring: RwLock<Arc<Ring>>,
}

/// Secrets as they were found in an epoch of the service's.
struct Ring {
    epoch: Option<u64>,
    /// Of the newest; none until they were asked for.
    signing: Option<EncodingKey>,
    /// The newest first, each with the instant from which on what it signed is refused.
    opening: Vec<(DecodingKey, Option<Timestamp>)>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("issuer", &self.issuer).field("audience", &self.audience).finish_non_exhaustive()
    }
}

#[derive(serde::Serialize)]
struct Sealed<'a> {
    iss: &'a str,
    aud: &'a str,
    #[serde(flatten)]
    claims: &'a Claims,
}

impl Keys {
    /// HS256 keys of one `secret`, which never changes.
    ///
    /// # Errors
    /// [`KvError::Invalid`] for a secret of less than 32 bytes.
    pub fn new(secret: &[u8], issuer: &str, audience: &str) -> Result<Self, KvError> {
        let ring = Ring::of(None, &[Secret { bytes: secret.to_vec(), retires_at: None }])?;
        Ok(Self { shared: false, ring: RwLock::new(Arc::new(ring)), ..Self::shared(issuer, audience) })
    }

    /// HS256 keys of the secrets that the database keeps; they are there once they were loaded.
    #[must_use]
    pub fn shared(issuer: &str, audience: &str) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["iss", "aud", "sub"]);
        // Times are held against the service's clock, not the machine's.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let ring = Ring { epoch: None, signing: None, opening: Vec::new() };
        let (issuer, audience) = (issuer.to_owned(), audience.to_owned());
        Self { validation, issuer, audience, shared: true, ring: RwLock::new(Arc::new(ring)) }
    }

    /// Whether what is known of the secrets may be out of date in `epoch`.
    pub(super) fn is_stale(&self, epoch: Option<u64>) -> bool {
        self.shared && (epoch.is_none() || self.ring().epoch != epoch)
    }

    /// Takes over the secrets that were found in `epoch`.
    pub(super) fn load(&self, epoch: Option<u64>, secrets: &[Secret]) -> Result<(), KvError> {
        let ring = Arc::new(Ring::of(epoch, secrets)?);
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        Ok(())
    }

    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The signed text of `claims`.
    pub(super) fn seal(&self, claims: &Claims) -> Result<String, KvError> {
        let sealed = Sealed { iss: &self.issuer, aud: &self.audience, claims };
        let ring = self.ring();
        let key = ring.signing.as_ref().ok_or_else(|| KvError::internal("the signing secrets were not loaded"))?;
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &sealed, key).map_err(KvError::internal)
    }

    /// The claims of a token that one of these secrets signed, for this issuer and audience; and the instant
    /// from which on the secret's tokens are refused.
    pub(super) fn open(&self, token: &str, now: Timestamp) -> Result<(Claims, Option<Timestamp>), KvError> {
        let ring = self.ring();
        let mut refusal = "the API token is not valid";
        for (key, end) in &ring.opening {
            match jsonwebtoken::decode::<Claims>(token, key, &self.validation) {
                Ok(_) if end.is_some_and(|end| now >= end) => {
                    refusal = "the API token was signed with a secret that is no longer taken";
                }
                Ok(opened) => return Ok((opened.claims, *end)),
                Err(error) => {
                    if matches!(error.kind(), ErrorKind::InvalidIssuer | ErrorKind::InvalidAudience) {
                        refusal = "the API token was issued for another server";
                    }
                }
            }
        }
        Err(KvError::Unauthenticated(refusal))
    }
}

impl Ring {
    fn of(epoch: Option<u64>, secrets: &[Secret]) -> Result<Self, KvError> {
        if secrets.iter().any(|secret| secret.bytes.len() < SECRET_BYTES) {
            return Err(KvError::Invalid(format!("the signing secret must have at least {SECRET_BYTES} bytes")));
        }
        let opening = |secret: &Secret| (DecodingKey::from_secret(&secret.bytes), secret.retires_at);
        Ok(Self {
            epoch,
            signing: secrets.first().map(|secret| EncodingKey::from_secret(&secret.bytes)),
            opening: secrets.iter().map(opening).collect(),
        })
    }
}
