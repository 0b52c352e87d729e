//! `highwater logout`.

use anyhow::Result;
use clap::Args;

use super::{
    output,
    profiles::{DEFAULT, Profiles},
};
use crate::config::client::ClientEnvironment;

#[derive(Args, Debug)]
pub(super) struct LogoutArgs {
    /// The profile to forget [default: the one in use]
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
}

pub(super) fn run(args: &LogoutArgs) -> Result<()> {
    let environment = ClientEnvironment::read();
    let mut profiles = Profiles::load(environment.folder.as_deref())?;
    let current = args.profile.clone().or(environment.profile).or(profiles.current.clone());
    let name = current.unwrap_or_else(|| DEFAULT.to_owned());
    profiles.get(&name)?;
    profiles.remove(&name);
    profiles.save(environment.folder.as_deref())?;
    output::line(&format!(
        "forgot profile {name}; its token still counts until it ends or `highwater token revoke` on the server"
    ))
}
