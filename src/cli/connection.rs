//! Which server a command talks to, and with which token.

use anyhow::Result;
use clap::Args;
use clap_complete::ArgValueCompleter;

use super::{
    completions,
    profiles::{Profile, Profiles},
};
use crate::{
    client::{Client, Connection},
    config::client::{Access, ClientEnvironment},
};

/// Where a server listens unless it is told otherwise.
const LOCAL: &str = "http://127.0.0.1:4200";

/// What every command that talks to a server takes.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Server")]
pub(super) struct ConnectionArgs {
    /// The server's address
    #[arg(
        long,
        global = true,
        value_name = "URL",
        help = "The server's address [default: HIGHWATER_URL, the profile's, or http://127.0.0.1:4200]"
    )]
    pub(super) url: Option<String>,
    /// A profile that `highwater login` made
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        add = ArgValueCompleter::new(completions::profiles),
        help = "A profile that `highwater login` made [default: HIGHWATER_PROFILE, or the one in use]"
    )]
    pub(super) profile: Option<String>,
}

/// A connection, and where it comes from.
pub(super) struct Chosen {
    pub(super) connection: Connection,
    /// For people: `profile default`, `HIGHWATER_URL`.
    pub(super) source: String,
}

impl ConnectionArgs {
    /// A client of the server that is meant.
    ///
    /// # Errors
    /// A sentence for the person who typed it.
    pub(super) fn client(&self) -> Result<Client> {
        Ok(Client::new(self.choose()?.connection)?)
    }

    /// The first of: flags, Highwater's own variables, the profile in use, Prefect's variables, PROMINENCE's.
    ///
    /// A token goes to the address it belongs to, never to one from elsewhere; only `HIGHWATER_TOKEN` goes to
    /// whatever address is chosen.
    pub(super) fn choose(&self) -> Result<Chosen> {
        let environment = ClientEnvironment::read();
        let profiles = Profiles::load(environment.folder.as_deref())?;
        let own = &environment.own;
        if let Some(name) = &self.profile {
            let profile = profiles.get(name)?;
            let moved = self.url.as_deref().is_some_and(|url| base(url) != profile.url);
            let token = if moved { own.token.clone() } else { Some(profile.token.clone()) };
            let url = self.url.as_deref().map_or_else(|| profile.url.clone(), base);
            return Ok(Chosen::new(url, token, None, format!("profile {name}")));
        }
        let named = self.url.as_ref().map(|url| (url, "--url")).or(own.url.as_ref().map(|url| (url, "HIGHWATER_URL")));
        if let Some((url, source)) = named {
            let url = base(url);
            let known = || profiles.iter().find(|(_, profile)| profile.url == url).map(|(_, it)| it.token.clone());
            let token = own.token.clone().or_else(known);
            return Ok(Chosen::new(url, token, None, source.to_owned()));
        }
        let current = environment.profile.as_deref().or(profiles.current.as_deref());
        if let Some(name) = current {
            let Profile { url, token } = profiles.get(name)?.clone();
            let token = own.token.clone().unwrap_or(token);
            return Ok(Chosen::new(url, Some(token), None, format!("profile {name}")));
        }
        let foreign = [(&environment.prefect, "PREFECT__CLOUD__API"), (&environment.prominence, "PROMINENCE_URL")];
        for (Access { url, token, tenant }, source) in foreign {
            if let Some(url) = url {
                let token = own.token.clone().or_else(|| token.clone());
                return Ok(Chosen::new(base(url), token, tenant.clone(), source.to_owned()));
            }
        }
        Ok(Chosen::new(LOCAL.to_owned(), own.token.clone(), None, "the default".to_owned()))
    }
}

impl Chosen {
    fn new(url: String, token: Option<String>, tenant: Option<String>, source: String) -> Self {
        Self { connection: Connection { url, token, tenant }, source }
    }
}

/// The server's own address in one that other clients were given: `.../graphql`, `.../prominence/v1`.
pub(super) fn base(url: &str) -> String {
    let url = url.trim().trim_end_matches('/');
    ["/graphql", "/prominence/v1"].iter().find_map(|door| url.strip_suffix(door)).unwrap_or(url).to_owned()
}
