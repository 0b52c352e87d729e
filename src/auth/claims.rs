//! What a token says.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use super::foreign::Foreign;
use crate::{
    domain::{KvError, Namespace, NamespacePattern, Permission, Session, TenantId, Timestamp},
    service::Issued,
};

/// The claims of a token (design.md, "Words").
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Claims {
    /// A user's id, or a foreign subject.
    pub(super) sub: String,
    /// The tenant it is for.
    pub(super) tenant_id: Uuid,
    /// A licence tier of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) tier: Option<String>,
    /// What it may do, as `operation:object`; names unknown to this version grant nothing.
    #[serde(default)]
    permissions: Vec<String>,
    /// The namespaces it reaches; its home alone where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    namespaces: Option<Vec<String>>,
    /// Its home; `default` where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    /// Its part in a session: `access` or `refresh`.
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    part: Option<String>,
    /// What the tokens that a refresh token gets may do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    grants: Vec<String>,
    /// Its id in the registry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
    #[serde(default, deserialize_with = "numeric_date", skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    #[serde(default, deserialize_with = "numeric_date", skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    #[serde(default, deserialize_with = "numeric_date", skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
}

impl Claims {
    /// The claims of a token that the registry holds.
    pub(super) fn of(issued: &Issued) -> Self {
        let row = &issued.row;
        let names = |permissions: &mut dyn Iterator<Item = &Permission>| permissions.map(ToString::to_string).collect();
        let (part, grants) = match &issued.session {
            None => (None, Vec::new()),
            Some(Session::Access) => (Some("access".to_owned()), Vec::new()),
            Some(Session::Refresh(grants)) => (Some(REFRESH.to_owned()), names(&mut grants.iter())),
        };
        Self {
            sub: row.user_id.to_string(),
            tenant_id: row.tenant_id.0,
            tier: issued.tier.clone(),
            permissions: names(&mut issued.permissions.iter()),
            namespaces: Some(issued.namespaces.iter().map(ToString::to_string).collect()),
            namespace: Some(issued.home.as_str().to_owned()),
            part,
            grants,
            jti: Some(row.id.to_string()),
            iat: Some(row.created.seconds()),
            nbf: None,
            exp: Some(row.expires_at.seconds()),
        }
    }

    /// The claims of a token from elsewhere. Its id is nothing to the registry. Where it speaks for a user of this
    /// server and says nothing of permissions, it may do all that the user may.
    pub(super) fn foreign(foreign: Foreign, tenant_id: TenantId, user: bool, times: &serde_json::Value) -> Self {
        let time = |name: &str| times.get(name).cloned().and_then(|time| numeric_date(time).ok().flatten());
        let all = || Permission::ALL.iter().map(ToString::to_string).collect();
        Self {
            sub: foreign.subject,
            tenant_id: tenant_id.0,
            tier: foreign.tier,
            permissions: foreign.permissions.unwrap_or_else(|| if user { all() } else { Vec::new() }),
            namespaces: foreign.namespaces,
            namespace: foreign.namespace,
            part: None,
            grants: Vec::new(),
            jti: None,
            iat: None,
            nbf: time("nbf"),
            // An end that is no number is one that is over.
            exp: Some(time("exp").unwrap_or(i64::MIN)),
        }
    }

    /// Refuses a token outside its time.
    pub(super) fn check_time(&self, now: i64) -> Result<(), KvError> {
        if self.exp.is_some_and(|end| now >= end) {
            return Err(KvError::Unauthenticated("the API token has expired"));
        }
        if self.nbf.is_some_and(|start| now < start) {
            return Err(KvError::Unauthenticated("the API token is not valid yet"));
        }
        Ok(())
    }

    pub(super) fn token_id(&self) -> Option<Uuid> {
        self.jti.as_deref().and_then(|id| id.parse().ok())
    }

    pub(super) fn expires_at(&self) -> Option<Timestamp> {
        self.exp.map(|end| Timestamp::from_micros(end.saturating_mul(1_000_000)))
    }

    /// From when on it counts, in seconds.
    pub(super) fn starts(&self) -> Option<i64> {
        self.nbf
    }

    /// What it may do itself: a refresh token, nothing.
    pub(super) fn permissions(&self) -> BTreeSet<Permission> {
        if self.part.as_deref() == Some(REFRESH) { BTreeSet::new() } else { known(&self.permissions) }
    }

    pub(super) fn session(&self) -> Option<Session> {
        match self.part.as_deref()? {
            REFRESH => Some(Session::Refresh(known(&self.grants))),
            _ => Some(Session::Access),
        }
    }

    pub(super) fn home(&self) -> Result<Namespace, KvError> {
        match &self.namespace {
            Some(name) => Namespace::new(name.as_str()).map_err(|_| BAD_NAMESPACE),
            None => Ok(Namespace::home()),
        }
    }

    pub(super) fn namespaces(&self) -> Result<Vec<NamespacePattern>, KvError> {
        match &self.namespaces {
            Some(patterns) => patterns.iter().map(|pattern| pattern.parse().map_err(|_| BAD_NAMESPACE)).collect(),
            None => Ok(vec![NamespacePattern::One(self.home()?)]),
        }
    }
}

/// The part of a token that only gets the next ones.
const REFRESH: &str = "refresh";

/// The permissions of these names, as far as this version knows them.
fn known(names: &[String]) -> BTreeSet<Permission> {
    names.iter().filter_map(|name| Permission::from_name(name)).collect()
}

const BAD_NAMESPACE: KvError = KvError::Unauthenticated("the API token names a namespace that cannot exist");

/// A NumericDate (RFC 7519, section 2): seconds since the epoch, with a fraction or without.
fn numeric_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let seconds: Option<serde_json::Number> = Deserialize::deserialize(deserializer)?;
    let whole = |number: serde_json::Number| {
        number.as_i64().or_else(|| {
            let float = number.as_f64().filter(|seconds| seconds.is_finite())?;
            // A float's whole part; `as` saturates at the ends of time.
            #[expect(clippy::cast_possible_truncation, reason = "saturation is what is wanted")]
            let seconds = float.floor() as i64;
            Some(seconds)
        })
    };
    Ok(seconds.and_then(whole))
}
