//! Highwater: a self-hosted key-value store for data pipelines.
//!
//! One store, many doors: each protocol is a thin adapter over one service, which holds the rules;
//! the store below it holds the rows. `ARCHITECTURE.md` is the map.

pub mod auth;
pub mod cli;
mod client;
pub mod config;
pub mod domain;
pub mod graphql;
pub mod http;
pub mod kestra;
pub mod lifecycle;
pub mod prominence;
pub mod service;
pub mod store;
pub mod telemetry;
