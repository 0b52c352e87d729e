//! Highwater: a self-hosted key-value store for data pipelines.
//!
//! One store, many doors: each protocol is a thin adapter over one service, which holds the rules;
//! the store below it holds the rows. `ARCHITECTURE.md` is the map.

pub mod domain;
