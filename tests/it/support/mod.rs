//! What the tests stand on: databases, servers, real clients.

pub mod actor;
pub mod app;
pub mod postgres;
pub mod wait;
