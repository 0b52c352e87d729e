//! Signing and opening tokens.

use std::fmt;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, errors::ErrorKind};

use super::claims::Claims;
use crate::domain::KvError;

/// Shortest secret, in bytes: what HS256 needs to be worth its name.
const SECRET_BYTES: usize = 32;

/// The secret of this server's tokens, with the issuer and audience that they must name.
pub struct Keys {
    signing: EncodingKey,
    opening: DecodingKey,
    validation: Validation,
    issuer: String,
    audience: String,
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
    /// HS256 keys of `secret`.
    ///
    /// # Errors
    /// [`KvError::Invalid`] for a secret of less than 32 bytes.
    pub fn new(secret: &[u8], issuer: &str, audience: &str) -> Result<Self, KvError> {
        if secret.len() < SECRET_BYTES {
            return Err(KvError::Invalid(format!("the signing secret must have at least {SECRET_BYTES} bytes")));
        }
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["iss", "aud", "sub"]);
        // Times are held against the service's clock, not the machine's.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Ok(Self {
            signing: EncodingKey::from_secret(secret),
            opening: DecodingKey::from_secret(secret),
            validation,
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
        })
    }

    /// The signed text of `claims`.
    pub(super) fn seal(&self, claims: &Claims) -> Result<String, KvError> {
        let sealed = Sealed { iss: &self.issuer, aud: &self.audience, claims };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &sealed, &self.signing).map_err(KvError::internal)
    }

    /// The claims of a token that these keys signed, for this issuer and audience.
    pub(super) fn open(&self, token: &str) -> Result<Claims, KvError> {
        let opened = jsonwebtoken::decode::<Claims>(token, &self.opening, &self.validation);
        opened.map(|opened| opened.claims).map_err(|error| {
            KvError::Unauthenticated(match error.kind() {
                ErrorKind::InvalidIssuer | ErrorKind::InvalidAudience => "the API token was issued for another server",
                _ => "the API token is not valid",
            })
        })
    }
}
