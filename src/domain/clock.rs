//! Where the time comes from.

use std::time::SystemTime;

use super::Timestamp;

/// A source of the present instant. The service asks it; nothing else reads the wall clock.
pub trait Clock: Send + Sync + 'static {
    /// The instant that counts as now, in whole microseconds.
    fn now(&self) -> Timestamp;
}

/// The machine's wall clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the wall clock's one home")]
    fn now(&self) -> Timestamp {
        Timestamp::from_system(SystemTime::now())
    }
}
