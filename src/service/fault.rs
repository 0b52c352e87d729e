//! The server's own faults, logged once, at the door that answers with them.

use uuid::Uuid;

use super::ids::new_id;
use crate::domain::KvError;

/// Logs `error`, with its cause, where the server is to blame for it; `dialect` is the door's.
///
/// Gives the id that the client is shown in the place of the cause, for a fault that is not just the database's
/// absence.
#[must_use]
pub fn log_fault(error: &KvError, dialect: &'static str) -> Option<Uuid> {
    match error {
        KvError::Internal(source) => {
            let id = new_id();
            tracing::error!(error.id = %id, error = &**source as &dyn std::error::Error, dialect, "request failed");
            Some(id)
        }
        KvError::Unavailable(source) => {
            tracing::warn!(error = &**source as &dyn std::error::Error, dialect, "database unavailable");
            None
        }
        _ => None,
    }
}
