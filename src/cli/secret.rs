//! `highwater secret`.

use std::time::Duration;

use anyhow::{Result, bail};
use clap::Subcommand;

use super::{open_service, output};
use crate::config::Config;

#[derive(Subcommand, Debug)]
pub(super) enum SecretCommand {
    /// Sign with a new secret from now on; every server of the database does so within two seconds
    Rotate {
        /// How long tokens of the secret before are taken, such as 30d; 0s ends them all
        #[arg(long, default_value = "30d", value_parser = humantime::parse_duration)]
        keep: Duration,
    },
}

pub(super) async fn run(command: SecretCommand, config: &Config) -> Result<()> {
    if !config.jwt_secret_file.is_empty() {
        bail!("the secret is in jwt_secret_file: replace that file, and start the servers again");
    }
    let service = open_service(config).await?;
    match command {
        SecretCommand::Rotate { keep } => {
            service.rotate_secret(keep).await?;
            let keep = humantime::format_duration(keep);
            output::line(&format!("a new secret signs; tokens of the one before are taken for {keep} more"))?;
        }
    }
    Ok(service.close().await?)
}
