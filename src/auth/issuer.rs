//! Tokens from elsewhere: issuers whose public keys are known by a JWKS file or address.

use std::{sync::Arc, time::Duration};

use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    errors::ErrorKind,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm, PublicKeyUse},
};
use serde::Deserialize;
use tokio::sync::RwLock;

use super::foreign::ClaimNames;
use crate::domain::{KvError, Timestamp};

/// How long keys are used before they are fetched again.
pub(super) const REFRESH: Duration = Duration::from_mins(5);

/// How often at most they are fetched for a token whose key is not among them.
const PAUSE: Duration = Duration::from_secs(10);

/// Longest time and largest answer of a fetch.
const PATIENCE: Duration = Duration::from_secs(5);
const BYTES: usize = 1 << 20;

/// An issuer whose tokens are taken, and how they are read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerRules {
    /// What its tokens name as `iss`.
    pub issuer: String,
    /// What its tokens must name as `aud`.
    pub audience: String,
    /// Where its public keys are: `https://...`, or a file.
    pub jwks: String,
    /// The slug of the tenant of tokens that name none.
    #[serde(default)]
    pub tenant: Option<String>,
    /// Roles of ours by the issuer's names of roles.
    #[serde(default)]
    pub roles: std::collections::BTreeMap<String, String>,
    /// What its claims are called.
    #[serde(default)]
    pub claims: ClaimNames,
}

/// An issuer with the keys that it had when they were last fetched.
#[derive(Debug)]
pub(super) struct Issuer {
    pub(super) rules: IssuerRules,
    client: reqwest::Client,
    keys: RwLock<Fetched>,
}

#[derive(Debug, Default, Clone)]
struct Fetched {
    at: Option<Timestamp>,
    keys: Arc<[Key]>,
}

/// A public key, and the one algorithm that it is for.
struct Key {
    id: Option<String>,
    algorithm: Algorithm,
    public: DecodingKey,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key").field("id", &self.id).field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

impl Issuer {
    pub(super) fn new(rules: IssuerRules) -> Result<Self, KvError> {
        let client = reqwest::Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none());
        let client = client.build().map_err(KvError::internal)?;
        Ok(Self { rules, client, keys: RwLock::default() })
    }

    /// The claims of a token that this issuer signed for this server.
    pub(super) async fn open(&self, token: &str, now: Timestamp) -> Result<serde_json::Value, KvError> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| INVALID)?;
        let mut known = self.keys(now, REFRESH).await?;
        let fits = |key: &Key| header.kid.is_none() || key.id.is_none() || key.id == header.kid;
        if !known.iter().any(fits) {
            // The issuer may have new keys.
            known = self.keys(now, PAUSE).await?;
        }
        let mut refusal = INVALID;
        for key in known.iter().filter(|key| fits(key)) {
            let mut validation = Validation::new(key.algorithm);
            validation.set_issuer(&[&self.rules.issuer]);
            validation.set_audience(&[&self.rules.audience]);
            validation.set_required_spec_claims(&["iss", "aud", "exp"]);
            // Times are held against the service's clock, not the machine's.
            validation.validate_exp = false;
            validation.validate_nbf = false;
            match jsonwebtoken::decode::<serde_json::Value>(token, &key.public, &validation) {
                Ok(opened) => return Ok(opened.claims),
                Err(error) => match error.kind() {
                    ErrorKind::InvalidIssuer | ErrorKind::InvalidAudience => refusal = ELSEWHERE,
                    ErrorKind::MissingRequiredClaim(_) => refusal = ENDLESS,
                    _ => {}
                },
            }
        }
        Err(refusal)
    }

    /// The issuer's keys, fetched again where they were fetched longer ago than `age`. Where that fails, those
    /// known before go on being used.
    async fn keys(&self, now: Timestamp, age: Duration) -> Result<Arc<[Key]>, KvError> {
        let fresh = |fetched: &Fetched| fetched.at.is_some_and(|at| now < at.after(age));
        let known = self.keys.read().await.clone();
        // A file is read whenever a key is missing: it costs next to nothing.
        let again = age == PAUSE && !self.is_remote();
        if fresh(&known) && !again {
            return Ok(known.keys);
        }
        let mut fetched = self.keys.write().await;
        if fresh(&fetched) && !again {
            return Ok(Arc::clone(&fetched.keys));
        }
        match self.fetch().await {
            Ok(keys) => *fetched = Fetched { at: Some(now), keys: keys.into() },
            Err(error) if fetched.keys.is_empty() => {
                let reason = format!("the keys of the token's issuer cannot be had: {error}");
                return Err(KvError::Unavailable(Arc::from(Box::from(reason))));
            }
            Err(error) => {
                tracing::warn!(issuer = self.rules.issuer, error, "cannot fetch an issuer's keys; using those known");
                fetched.at = Some(now);
            }
        }
        Ok(Arc::clone(&fetched.keys))
    }

    fn is_remote(&self) -> bool {
        ["https://", "http://"].iter().any(|scheme| self.rules.jwks.starts_with(scheme))
    }

    async fn fetch(&self) -> Result<Vec<Key>, String> {
        let bytes = if self.is_remote() { self.download().await? } else { self.read().await? };
        let set: JwkSet = serde_json::from_slice(&bytes).map_err(|error| format!("no JWKS: {error}"))?;
        let keys: Vec<_> = set.keys.iter().filter_map(key).collect();
        if keys.is_empty() {
            Err("the JWKS has no key that signs with RS256, ES256 or EdDSA".to_owned())
        } else {
            Ok(keys)
        }
    }

    async fn download(&self) -> Result<Vec<u8>, String> {
        let answer = self.client.get(&self.rules.jwks).send().await.and_then(reqwest::Response::error_for_status);
        let mut answer = answer.map_err(|error| error.without_url().to_string())?;
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| error.without_url().to_string())? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > BYTES {
                return Err(format!("the JWKS is larger than {BYTES} bytes"));
            }
        }
        Ok(bytes)
    }

    async fn read(&self) -> Result<Vec<u8>, String> {
        let path = self.rules.jwks.clone();
        let read = tokio::task::spawn_blocking(move || std::fs::read(path)).await;
        read.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
    }
}

/// A key that signatures can be checked by; none for those of other uses, and for secrets, which are no public keys.
fn key(jwk: &Jwk) -> Option<Key> {
    if jwk.common.public_key_use.as_ref().is_some_and(|r#use| *r#use != PublicKeyUse::Signature) {
        return None;
    }
    let algorithm = match (&jwk.algorithm, jwk.common.key_algorithm) {
        (AlgorithmParameters::RSA(_), None | Some(KeyAlgorithm::RS256)) => Algorithm::RS256,
        (AlgorithmParameters::RSA(_), Some(KeyAlgorithm::RS384)) => Algorithm::RS384,
        (AlgorithmParameters::RSA(_), Some(KeyAlgorithm::RS512)) => Algorithm::RS512,
        (AlgorithmParameters::RSA(_), Some(KeyAlgorithm::PS256)) => Algorithm::PS256,
        (AlgorithmParameters::EllipticCurve(curve), None | Some(KeyAlgorithm::ES256))
            if curve.curve == EllipticCurve::P256 =>
        {
            Algorithm::ES256
        }
        (AlgorithmParameters::EllipticCurve(curve), None | Some(KeyAlgorithm::ES384))
            if curve.curve == EllipticCurve::P384 =>
        {
            Algorithm::ES384
        }
        (AlgorithmParameters::OctetKeyPair(_), None | Some(KeyAlgorithm::EdDSA)) => Algorithm::EdDSA,
        _ => return None,
    };
    Some(Key { id: jwk.common.key_id.clone(), algorithm, public: DecodingKey::from_jwk(jwk).ok()? })
}

const INVALID: KvError = KvError::Unauthenticated("the API token is not valid");
const ELSEWHERE: KvError = KvError::Unauthenticated("the API token was issued for another server");
const ENDLESS: KvError = KvError::Unauthenticated("the API token must name its issuer, its audience and its end");
