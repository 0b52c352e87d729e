//! What the server tells its operator.

use std::io::{self, IsTerminal};

use tracing_subscriber::{EnvFilter, filter::ParseError, fmt};

/// Sends log lines that `filter` lets through to standard error, as JSON objects or as text.
///
/// # Errors
/// Where `filter` is not in the language of `RUST_LOG`.
pub fn log_to_stderr(filter: &str, json: bool) -> Result<(), ParseError> {
    let filter = EnvFilter::builder().parse(filter)?;
    let lines = fmt().with_env_filter(filter).with_ansi(io::stderr().is_terminal()).with_writer(io::stderr);
    // A subscriber that is set already stays: only tests start two servers in one process.
    let _ = if json { lines.json().try_init() } else { lines.try_init() };
    Ok(())
}
