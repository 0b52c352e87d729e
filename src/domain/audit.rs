//! What the audit log keeps of a deed: never a value, never a token.

use std::net::IpAddr;

use uuid::Uuid;

use super::{
    Caller, Code, KvError, Pair, TenantId, Timestamp,
    table::{Cell, Row},
};

/// What was done, to what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Deed {
    /// The operation's name, such as `set_key_value`.
    pub operation: &'static str,
    /// Whether it only looks.
    pub read: bool,
    /// In which namespace; `*` for all.
    pub namespace: Option<String>,
    /// Of which pair.
    pub key: Option<String>,
    /// Of what else: a token, a membership, a user, a tenant.
    pub object_id: Option<Uuid>,
}

impl Deed {
    /// A change.
    #[must_use]
    pub fn change(operation: &'static str) -> Self {
        Self { operation, read: false, namespace: None, key: None, object_id: None }
    }

    /// A look.
    #[must_use]
    pub fn read(operation: &'static str) -> Self {
        Self { read: true, ..Self::change(operation) }
    }

    /// The same in a namespace.
    #[must_use]
    pub fn within(self, namespace: impl Into<String>) -> Self {
        Self { namespace: Some(namespace.into()), ..self }
    }

    /// The same of a pair.
    #[must_use]
    pub fn key(self, key: impl Into<String>) -> Self {
        Self { key: Some(key.into()), ..self }
    }

    /// The same of this pair.
    #[must_use]
    pub fn pair(self, pair: &Pair) -> Self {
        self.within(pair.address.namespace.as_str()).key(pair.address.key.as_str())
    }

    /// The same of something with an id.
    #[must_use]
    pub fn object(self, id: Uuid) -> Self {
        Self { object_id: Some(id), ..self }
    }
}

/// Who did it, and from where.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Actor {
    /// In which tenant.
    pub tenant_id: TenantId,
    /// With which token.
    pub token_id: Option<Uuid>,
    /// The user, where it is one of this server's.
    pub user_id: Option<Uuid>,
    /// Who, as the token says it.
    pub subject: String,
    /// From where.
    pub address: Option<IpAddr>,
}

impl From<&Caller> for Actor {
    fn from(caller: &Caller) -> Self {
        Self {
            tenant_id: caller.tenant_id,
            token_id: caller.token_id,
            user_id: caller.user_id,
            subject: caller.subject.clone(),
            address: caller.address,
        }
    }
}

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// The entry's id.
    pub id: Uuid,
    /// When; of several, the first.
    pub at: Timestamp,
    /// In which tenant.
    pub tenant_id: TenantId,
    /// With which token.
    pub token_id: Option<Uuid>,
    /// The user, where it is one of this server's.
    pub user_id: Option<Uuid>,
    /// Who, as the token says it.
    pub subject: String,
    /// What.
    pub operation: String,
    /// In which namespace; `*` for all.
    pub namespace: Option<String>,
    /// Of which pair.
    pub key: Option<String>,
    /// Of what else.
    pub object_id: Option<Uuid>,
    /// Why it was not done; none where it was.
    pub reason: Option<String>,
    /// From where.
    pub address: Option<String>,
    /// How many there were.
    pub count: i64,
}

impl Row for AuditEntry {
    fn cell(&self, column: &str) -> Option<Cell<'_>> {
        Some(match column {
            "id" => Cell::Uuid(self.id),
            "at" => Cell::Time(self.at),
            "tenant_id" => Cell::Uuid(self.tenant_id.0),
            "token_id" => Cell::Uuid(self.token_id?),
            "user_id" => Cell::Uuid(self.user_id?),
            "subject" => Cell::Text(&self.subject),
            "operation" => Cell::Text(&self.operation),
            "namespace" => Cell::Text(self.namespace.as_deref()?),
            "key" => Cell::Text(self.key.as_deref()?),
            "object_id" => Cell::Uuid(self.object_id?),
            "allowed" => Cell::Bool(self.reason.is_none()),
            "reason" => Cell::Text(self.reason.as_deref()?),
            "address" => Cell::Text(self.address.as_deref()?),
            "count" => Cell::Int(self.count),
            _ => return None,
        })
    }
}

/// Why a deed was not done, in a word.
#[must_use]
pub fn reason(error: &KvError) -> &'static str {
    match error.code() {
        Code::NotFound => "not_found",
        Code::Conflict => "conflict",
        Code::InvalidInput => "invalid",
        Code::LimitExceeded => "limit_exceeded",
        Code::RateLimited => "rate_limited",
        Code::Unauthenticated => "unauthenticated",
        Code::Forbidden => "forbidden",
        Code::Resume => "resume",
        Code::Unavailable => "unavailable",
        Code::Internal => "internal",
    }
}
