//! What every request passes through, one file each.

mod address;
mod body_limit;
mod cors;
mod panic;
mod timeout;
mod trace;

pub(super) use address::address;
pub(super) use body_limit::{Bound, Refuse, body_limit};
pub(super) use cors::cors;
pub(super) use panic::panics;
pub(super) use timeout::{Deadline, timeout};
pub(super) use trace::trace;
