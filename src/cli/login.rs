//! `highwater login`.

use std::io::{IsTerminal, Read};

use anyhow::{Context, Result};
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use super::{
    connection::{ConnectionArgs, base},
    exit::{Exit, failure},
    output,
    profiles::{DEFAULT, Profile, Profiles},
};
use crate::{
    client::{Client, Connection},
    config::client::ClientEnvironment,
};

#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  highwater login --url https://kv.example.com           asks for the token
  highwater login --profile staging < token.txt          reads it from standard input
  highwater token create --name me | highwater login     on the server's own machine")]
pub(super) struct LoginArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
}

pub(super) async fn run(args: &LoginArgs) -> Result<()> {
    let environment = ClientEnvironment::read();
    let mut profiles = Profiles::load(environment.folder.as_deref())?;
    let name = args.connection.profile.as_deref().or(environment.profile.as_deref()).unwrap_or(DEFAULT);
    let standing = profiles.iter().find(|(known, _)| *known == name).map(|(_, profile)| profile.url.clone());
    let url = match (&args.connection.url, standing) {
        (Some(url), _) => base(url),
        (None, Some(url)) => url,
        (None, None) => ConnectionArgs::default().choose()?.connection.url,
    };
    let token = token(&url)?;
    let client = Client::new(Connection { url: url.clone(), token: Some(token.clone()), tenant: None })?;
    let who = client.who().await.context("not logged in")?;
    profiles.put(name, Profile { url: url.clone(), token });
    let path = profiles.save(environment.folder.as_deref())?;
    output::line(&format!("logged in to {url}, tenant {}; profile {name} is in {}", who.tenant, path.display()))
}

/// The token: typed at a prompt that does not show it, or from standard input.
fn token(url: &str) -> Result<String> {
    let text = if std::io::stdin().is_terminal() {
        // With somebody listening, ctrl-C ends the prompt instead of the process, and the terminal shows again what is typed.
        let _listening = signal(SignalKind::interrupt())?;
        rpassword::prompt_password(format!("Token for {url}: ")).context("cannot read the token")?
    } else {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("cannot read the token from standard input")?;
        text
    };
    let token = text.trim();
    if token.is_empty() || token.contains(|c: char| !c.is_ascii_graphic()) {
        let message = "a token is one word of ASCII; none was given at the prompt or on standard input";
        return Err(failure(Exit::Usage, message));
    }
    Ok(token.to_owned())
}
