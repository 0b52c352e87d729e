//! Waiting for what can be seen, with a deadline.

use std::{thread, time::Duration};

/// Whether `done` says yes within `patience`; it is asked again and again.
#[must_use]
pub fn until(patience: Duration, mut done: impl FnMut() -> bool) -> bool {
    const PAUSE: Duration = Duration::from_millis(20);
    let mut waited = Duration::ZERO;
    while !done() {
        if waited >= patience {
            return false;
        }
        thread::sleep(PAUSE);
        waited += PAUSE;
    }
    true
}
