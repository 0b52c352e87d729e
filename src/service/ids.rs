//! Where ids come from.

use uuid::Uuid;

/// A new id. Random, so that it tells nothing of other tenants' activity.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one home of new ids")]
pub fn new_id() -> Uuid {
    Uuid::new_v4()
}
