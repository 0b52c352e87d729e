//! The `highwater` binary: parse, dispatch, exit code.

use std::process::ExitCode;

use clap::Parser;
use highwater::cli::{Cli, exit, output};
use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    Cli::complete();
    match Cli::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::error(&error);
            exit::code(&error)
        }
    }
}
