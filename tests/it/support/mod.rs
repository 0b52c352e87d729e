//! What the tests stand on: databases, servers, real clients.

pub mod actor;
pub mod app;
pub mod keys;
pub mod line;
pub mod node;
pub mod postgres;
pub mod python;
pub mod random;
pub mod server;
pub mod shell;
pub mod wait;
