//! What every request passes through before it is routed.

mod address;
mod body;
mod cors;
mod form;
mod passage;
mod trace;

pub(super) use address::Origin;
pub(super) use cors::cors;
pub(super) use form::{Form, Forms};
pub(super) use passage::Passage;
