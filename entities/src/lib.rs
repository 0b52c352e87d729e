//! Highwater's tables: columns and relations, no queries.
//!
//! Instants are whole microseconds since 1970-01-01T00:00:00Z, so that they compare alike on every
//! database. Only `highwater`'s store uses these types.

pub mod audit_log;
pub mod identity_revision;
pub mod key_value;
pub mod key_value_change;
pub mod lease;
pub mod membership;
pub mod namespace;
pub mod request_count;
pub mod signing_secret;
pub mod tenant;
pub mod token;
pub mod user;
