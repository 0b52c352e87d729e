//! The `highwater` binary: parse, dispatch, exit code.

use std::process::ExitCode;

use clap::Parser;
use highwater::cli::{Cli, output};

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::error(&error);
            ExitCode::FAILURE
        }
    }
}
