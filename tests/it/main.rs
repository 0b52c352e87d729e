//! Every test that goes through the public surface, in one binary.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that cannot go on says why and fails"
)]
#![allow(unreachable_pub, reason = "nobody imports a test binary; `pub` says what a module offers to the others")]

mod architecture;
mod audit;
mod binary;
mod calls;
mod changes;
mod cli;
mod compiler;
mod configuration;
mod cors;
mod documents;
mod doors;
mod filter_docs;
mod filter_errors;
mod filter_extremes;
mod filter_json;
mod filter_logic;
mod filter_plans;
mod filter_random;
mod filter_rows;
mod filter_scalars;
mod filter_text;
mod graphiql;
mod graphql_http;
mod hostile;
mod isolation;
mod issuers;
mod kestra_clients;
mod kestra_lists;
mod kestra_pairs;
mod limits;
mod lost_connections;
mod members;
mod page;
mod pair_options;
mod pairs;
mod permissions;
mod persisted_queries;
mod plain_lists;
mod prefect_client;
mod prefect_old;
mod prefect_wire;
mod prominence;
mod prominence_client;
mod rates;
mod renames;
mod revocation;
mod schema_migrations;
mod secrets;
mod sessions;
mod single_reads;
mod support;
mod sweeper;
mod timeouts;
mod tokens;
