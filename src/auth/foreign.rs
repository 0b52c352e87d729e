//! The claims of tokens from elsewhere, under the names that their issuer gives them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::domain::{KvError, Role};

/// A claim's place: its name, or the names that lead to it from the outside in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum ClaimPath {
    /// At the top.
    Name(String),
    /// Within others, as Hasura's are in `https://hasura.io/jwt/claims`.
    Within(Vec<String>),
}

impl ClaimPath {
    /// What the claims hold there. An object on the way may be written as its JSON text, as Hasura allows.
    fn find(&self, claims: &Value) -> Option<Value> {
        let path = match self {
            Self::Name(name) => std::slice::from_ref(name),
            Self::Within(names) => names,
        };
        let mut here = claims.clone();
        for name in path {
            if let Value::String(text) = &here {
                here = serde_json::from_str(text).ok()?;
            }
            here = here.get_mut(name)?.take();
        }
        (!here.is_null()).then_some(here)
    }
}

/// What an issuer calls the claims.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClaimNames {
    /// Who holds the token.
    pub subject: ClaimPath,
    /// The tenant, by id or by slug.
    pub tenant: ClaimPath,
    /// What it may do, as a list or separated by spaces.
    pub permissions: ClaimPath,
    /// A role, or a list of roles; what it may do where there are no permissions.
    pub role: ClaimPath,
    /// The namespaces it reaches.
    pub namespaces: ClaimPath,
    /// Its home.
    pub namespace: ClaimPath,
    /// A licence tier of its own.
    pub tier: ClaimPath,
    /// The name of a user of this server, whose memberships then say what it may do, and where.
    pub username: Option<ClaimPath>,
}

impl Default for ClaimNames {
    fn default() -> Self {
        let name = |name: &str| ClaimPath::Name(name.to_owned());
        Self {
            subject: name("sub"),
            tenant: name("tenant_id"),
            permissions: name("permissions"),
            role: name("role"),
            namespaces: name("namespaces"),
            namespace: name("namespace"),
            tier: name("tier"),
            username: None,
        }
    }
}

/// What a token from elsewhere says, in our words.
#[derive(Debug, Default)]
pub(super) struct Foreign {
    pub(super) subject: String,
    pub(super) tenant: Option<String>,
    /// None where it says neither permissions nor a role.
    pub(super) permissions: Option<Vec<String>>,
    pub(super) namespaces: Option<Vec<String>>,
    pub(super) namespace: Option<String>,
    pub(super) tier: Option<String>,
    pub(super) username: Option<String>,
}

impl Foreign {
    /// Reads `claims` by the names and roles of their issuer.
    pub(super) fn read(claims: &Value, names: &ClaimNames, roles: &BTreeMap<String, String>) -> Result<Self, KvError> {
        let text = |path: &ClaimPath| path.find(claims).map(one).transpose();
        let list = |path: &ClaimPath| path.find(claims).map(many).transpose();
        let role = list(&names.role)?.map(|given| {
            let ours = given.iter().filter_map(|name| roles.get(name).unwrap_or(name).parse::<Role>().ok()).max();
            ours.map_or(&[][..], Role::permissions).iter().map(ToString::to_string).collect()
        });
        Ok(Self {
            subject: text(&names.subject)?.ok_or(NOBODY)?,
            tenant: text(&names.tenant)?,
            permissions: list(&names.permissions)?.or(role),
            namespaces: list(&names.namespaces)?,
            namespace: text(&names.namespace)?,
            tier: text(&names.tier)?,
            username: names.username.as_ref().map(text).transpose()?.flatten(),
        })
    }
}

fn one(value: Value) -> Result<String, KvError> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(ODD),
    }
}

/// A list of texts, or a text with spaces between them, as OAuth writes scopes.
fn many(value: Value) -> Result<Vec<String>, KvError> {
    match value {
        Value::String(text) => Ok(text.split_whitespace().map(ToOwned::to_owned).collect()),
        Value::Array(items) => items.into_iter().map(one).collect(),
        _ => Err(ODD),
    }
}

const NOBODY: KvError = KvError::Unauthenticated("the API token does not say whose it is");
const ODD: KvError = KvError::Unauthenticated("a claim of the API token is not of the type it must have");
