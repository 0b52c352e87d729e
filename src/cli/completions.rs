//! `highwater completions`, and what the server knows for them.

use std::{ffi::OsStr, time::Duration};

use anyhow::Result;
use clap::{ArgMatches, Args, CommandFactory};
use clap_complete::{CompletionCandidate, env::Shells};

use super::{Cli, connection::ConnectionArgs, output, profiles::Profiles};
use crate::{
    client::{Client, ClientError, Query},
    config::client::ClientEnvironment,
};

/// How long a person who pressed Tab waits.
const PATIENCE: Duration = Duration::from_secs(2);

/// Most names shown.
const NAMES: usize = 200;

#[derive(Args, Debug)]
#[command(after_long_help = "\
Names of keys and namespaces are completed too: they come from the server that the line means.

Examples:
  echo 'source <(highwater completions bash)' >> ~/.bashrc
  echo 'source <(highwater completions zsh)' >> ~/.zshrc
  highwater completions fish > ~/.config/fish/completions/highwater.fish")]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_parser = ["bash", "zsh", "fish", "elvish", "powershell"])]
    shell: String,
}

/// What makes bash complete, in place of the crate's own script, to which `host:port` is three words.
const BASH: &str = include_str!("completions.bash");

pub(super) fn run(args: &CompletionsArgs) -> Result<()> {
    if args.shell == "bash" {
        return output::text(BASH);
    }
    let mut script = Vec::new();
    if let Some(shell) = Shells::builtins().completer(&args.shell) {
        shell.write_registration("COMPLETE", "highwater", "highwater", "highwater", &mut script)?;
    }
    output::bytes(&script)
}

/// The keys that start with `typed`; none where the server does not answer: a shell has no place for an error.
pub(super) fn keys(typed: &OsStr) -> Vec<CompletionCandidate> {
    let Some(prefix) = typed.to_str() else { return Vec::new() };
    let line = Line::typed();
    let query = Query { namespace: line.namespace.clone(), prefix: prefix.to_owned() };
    line.ask(async |client| client.keys(&query, Some(NAMES)).await)
}

/// The namespaces that the token reaches.
pub(super) fn namespaces(typed: &OsStr) -> Vec<CompletionCandidate> {
    let mut names = Line::typed().ask(async |client| client.namespaces(NAMES).await);
    names.retain(|name| starts_with(name.get_value(), typed));
    names
}

/// The profiles that there are.
pub(super) fn profiles(typed: &OsStr) -> Vec<CompletionCandidate> {
    let profiles = Profiles::load(ClientEnvironment::read().folder.as_deref()).unwrap_or_default();
    let names = profiles.iter().map(|(name, _)| name).filter(|name| starts_with(name.as_ref(), typed));
    names.map(CompletionCandidate::new).collect()
}

fn starts_with(name: &OsStr, typed: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(typed.as_encoded_bytes())
}

/// What the line that is being typed says so far.
struct Line {
    connection: ConnectionArgs,
    namespace: Option<String>,
}

impl Line {
    /// The line that the shell passes on, after `--`. What is not whole yet, or wrong, is passed over.
    fn typed() -> Self {
        let words = std::env::args_os().skip_while(|word| word != "--").skip(1);
        let parsed = Cli::command().ignore_errors(true).try_get_matches_from(words);
        let mut innermost = parsed.as_ref().ok();
        while let Some((_, inside)) = innermost.and_then(ArgMatches::subcommand) {
            innermost = Some(inside);
        }
        let option = |name: &str| innermost?.try_get_one::<String>(name).ok().flatten().cloned();
        let connection = ConnectionArgs { url: option("url"), profile: option("profile") };
        Self { connection, namespace: option("namespace") }
    }

    /// What the server that is meant answers, if it does so in time.
    fn ask(&self, ask: impl AsyncFnOnce(Client) -> Result<Vec<String>, ClientError>) -> Vec<CompletionCandidate> {
        let Ok(client) = self.connection.client() else { return Vec::new() };
        let asked = async { tokio::time::timeout(PATIENCE, ask(client)).await };
        let found = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(asked));
        let names = found.ok().and_then(Result::ok).unwrap_or_default();
        names.into_iter().map(CompletionCandidate::new).collect()
    }
}
