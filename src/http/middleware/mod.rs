//! What every request passes through, one file each.

mod address;
mod body;
mod bounds;
mod cors;
mod panic;
mod trace;

pub(super) use address::address;
pub(super) use bounds::{Bounds, bounded};
pub(super) use cors::cors;
pub(super) use panic::panics;
pub(super) use trace::trace;
