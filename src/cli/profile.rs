//! `highwater profile`.

use anyhow::Result;
use clap::Subcommand;
use clap_complete::ArgValueCompleter;

use super::{
    completions,
    output::{self, Format},
    profiles::Profiles,
};
use crate::config::client::ClientEnvironment;

#[derive(Subcommand, Debug)]
pub(super) enum ProfileCommand {
    /// List the profiles; the one in use has a star
    List {
        /// How to print them
        #[arg(long, short, value_enum, default_value_t = Format::Text)]
        output: Format,
    },
    /// Use a profile from now on
    Use {
        /// Its name
        #[arg(add = ArgValueCompleter::new(completions::profiles))]
        name: String,
    },
}

pub(super) fn run(command: ProfileCommand) -> Result<()> {
    let environment = ClientEnvironment::read();
    let mut profiles = Profiles::load(environment.folder.as_deref())?;
    match command {
        ProfileCommand::List { output: format } => {
            let current = environment.profile.or(profiles.current.clone());
            let row = |(name, profile): (&str, &super::profiles::Profile)| {
                let star = if current.as_deref() == Some(name) { "*" } else { "" };
                [star.to_owned(), name.to_owned(), profile.url.clone()]
            };
            let rows: Vec<_> = profiles.iter().map(row).collect();
            output::records(format, ["CURRENT", "NAME", "URL"], &rows)
        }
        ProfileCommand::Use { name } => {
            profiles.get(&name)?;
            profiles.current = Some(name.clone());
            profiles.save(environment.folder.as_deref())?;
            output::line(&format!("using profile {name}"))
        }
    }
}
