//! `highwater migrate`.

use anyhow::Result;
use clap::Subcommand;

use super::{open_store, output};
use crate::config::Config;

#[derive(Subcommand, Debug)]
pub(super) enum MigrateCommand {
    /// Apply every migration that is missing
    Up,
    /// Take every migration back; all data is lost
    Down,
    /// List the migrations, and whether each is applied
    Status,
}

pub(super) async fn run(command: MigrateCommand, config: &Config) -> Result<()> {
    let store = open_store(config).await?;
    match command {
        MigrateCommand::Up => store.migrate_up().await?,
        MigrateCommand::Down => store.migrate_down().await?,
        MigrateCommand::Status => {}
    }
    let state = |applied| if applied { "applied" } else { "missing" };
    let steps = store.migration_status().await?;
    let rows: Vec<_> = steps.into_iter().map(|(name, applied)| [name, state(applied).to_owned()]).collect();
    output::table(["MIGRATION", "STATE"], &rows)
}
