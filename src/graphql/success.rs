//! The payload of mutations that only succeed or not.

use async_graphql::SimpleObject;

use crate::domain::KvError;

/// Whether it was done.
#[derive(SimpleObject)]
#[graphql(name = "success_payload")]
pub(super) struct SuccessPayload {
    /// Whether it was.
    success: Option<bool>,
    /// Why not.
    error: Option<String>,
}

impl SuccessPayload {
    /// Done, or not since there is no such thing.
    pub(super) fn of(success: bool, what: &'static str) -> Self {
        Self::or(success, &KvError::NoSuchId { what })
    }

    /// Done, or not for this reason.
    pub(super) fn or(success: bool, reason: &KvError) -> Self {
        Self { success: Some(success), error: (!success).then(|| reason.to_string()) }
    }
}
