//! Where ids come from.

use uuid::{NoContext, Uuid};

use crate::domain::Timestamp;

/// A new id. Random, so that it tells nothing of other tenants' activity.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one home of new ids")]
pub fn new_id() -> Uuid {
    Uuid::new_v4()
}

/// A new id for something that is kept in the order of time, and whose time is no secret: those of a time lie side by
/// side in an index.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one home of new ids")]
pub fn id_at(at: Timestamp) -> Uuid {
    let micros = u64::try_from(at.micros()).unwrap_or_default();
    let (seconds, rest) = (micros / 1_000_000, u32::try_from(micros % 1_000_000).unwrap_or_default());
    Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, seconds, rest * 1_000))
}
