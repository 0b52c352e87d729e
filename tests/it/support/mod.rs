//! What the tests stand on: databases, servers, real clients.

pub mod postgres;
pub mod wait;
