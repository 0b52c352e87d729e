//! `highwater health`.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;

use super::output;

/// How long a server may take to say that it is well.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Args, Debug)]
pub(super) struct HealthArgs {
    /// The server's address
    #[arg(default_value = "http://127.0.0.1:4200")]
    url: String,
}

pub(super) async fn run(args: &HealthArgs) -> Result<()> {
    let url = format!("{}/health", args.url.trim_end_matches('/'));
    let client = reqwest::Client::builder().timeout(PATIENCE).build()?;
    let answer = client.get(&url).send().await.with_context(|| format!("no answer from {}", args.url))?;
    let status = answer.status();
    output::line(answer.text().await?.trim())?;
    if status.is_success() { Ok(()) } else { bail!("the server is not well: HTTP {status}") }
}
