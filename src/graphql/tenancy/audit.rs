//! The audit log.

use async_graphql::SimpleObject;

use super::table::{bool_exp, order_by};
use crate::{
    domain::audit::AuditEntry,
    graphql::{
        key_value::{BoolComparison, IntComparison, StringComparison, TimeComparison, UuidComparison},
        scalars::{LowerUuid, Timestamptz},
    },
};

/// Who did what, when, from where, and whether it was allowed. Never a value, never a token.
#[derive(SimpleObject)]
#[graphql(name = "audit_log", rename_fields = "snake_case")]
pub(super) struct AuditModel {
    /// The client's address; null for the operator's commands.
    address: Option<String>,
    /// Whether it was done.
    allowed: bool,
    /// When; of several, the first.
    at: Timestamptz,
    /// How many there were: looks that are alike and come within seconds are one entry.
    count: i64,
    /// The entry's id.
    id: LowerUuid,
    /// The key of the pair it was about; null where it was about none, or about several.
    key: Option<String>,
    /// The namespace it was about; `*` for all.
    namespace: Option<String>,
    /// What else it was about: the id of a token, a membership, a user or a tenant; of a pair, where that was asked for.
    object_id: Option<LowerUuid>,
    /// What was done, such as `set_key_value`.
    operation: String,
    /// Why it was not done: `forbidden`, `limit_exceeded`, `not_found`, ...; null where it was.
    reason: Option<String>,
    /// Who, as the token says it: a user's id, or a foreign subject; `operator` for the commands.
    subject: String,
    /// The tenant.
    tenant_id: LowerUuid,
    /// With which token.
    token_id: Option<LowerUuid>,
    /// The user, where it is one of this server's.
    user_id: Option<LowerUuid>,
}

bool_exp! {
    /// A condition on entries of the audit log. All its fields must hold.
    AuditBoolExp = "audit_log_bool_exp":
    /// The client's address.
    address: StringComparison,
    /// Whether it was done.
    allowed: BoolComparison,
    /// When.
    at: TimeComparison,
    /// How many there were.
    count: IntComparison,
    /// The entry's id.
    id: UuidComparison,
    /// The key of the pair it was about.
    key: StringComparison,
    /// The namespace it was about.
    namespace: StringComparison,
    /// What else it was about.
    object_id: UuidComparison,
    /// What was done.
    operation: StringComparison,
    /// Why it was not done.
    reason: StringComparison,
    /// Who, as the token says it.
    subject: StringComparison,
    /// The tenant.
    tenant_id: UuidComparison,
    /// With which token.
    token_id: UuidComparison,
    /// The user.
    user_id: UuidComparison,
}

order_by! {
    /// The order of the audit log.
    AuditOrderBy = "audit_log_order_by":
    /// By when it was done.
    at,
}

impl From<AuditEntry> for AuditModel {
    fn from(entry: AuditEntry) -> Self {
        Self {
            address: entry.address,
            allowed: entry.reason.is_none(),
            at: Timestamptz::from(entry.at),
            count: entry.count,
            id: LowerUuid::from(entry.id),
            key: entry.key,
            namespace: entry.namespace,
            object_id: entry.object_id.map(LowerUuid::from),
            operation: entry.operation,
            reason: entry.reason,
            subject: entry.subject,
            tenant_id: LowerUuid::from(entry.tenant_id.0),
            token_id: entry.token_id.map(LowerUuid::from),
            user_id: entry.user_id.map(LowerUuid::from),
        }
    }
}
