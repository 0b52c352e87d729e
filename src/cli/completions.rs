//! `highwater completions`, and what the server knows for them.

use std::{ffi::OsStr, time::Duration};

use anyhow::Result;
use clap::Args;
use clap_complete::{CompletionCandidate, env::Shells};

use super::{connection::ConnectionArgs, output};
use crate::client::Query;

/// How long a person who pressed Tab waits.
const PATIENCE: Duration = Duration::from_secs(2);

/// Most names shown.
const NAMES: usize = 200;

#[derive(Args, Debug)]
#[command(after_long_help = "\
Names of keys are completed too: they come from the server that `highwater whoami` names.

Examples:
  echo 'source <(highwater completions bash)' >> ~/.bashrc
  echo 'source <(highwater completions zsh)' >> ~/.zshrc
  highwater completions fish > ~/.config/fish/completions/highwater.fish")]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_parser = ["bash", "zsh", "fish", "elvish", "powershell"])]
    shell: String,
}

pub(super) fn run(args: &CompletionsArgs) -> Result<()> {
    let mut script = Vec::new();
    if let Some(shell) = Shells::builtins().completer(&args.shell) {
        shell.write_registration("COMPLETE", "highwater", "highwater", "highwater", &mut script)?;
    }
    output::bytes(&script)
}

/// The keys that start with `typed`; none where the server does not answer: a shell has no place for an error.
pub(super) fn keys(typed: &OsStr) -> Vec<CompletionCandidate> {
    let Some(prefix) = typed.to_str() else { return Vec::new() };
    let Ok(client) = ConnectionArgs::default().client() else { return Vec::new() };
    let query = Query { namespace: None, prefix: prefix.to_owned() };
    let asked = async { tokio::time::timeout(PATIENCE, client.keys(&query, Some(NAMES))).await };
    let found = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(asked));
    let names = found.ok().and_then(Result::ok).unwrap_or_default();
    names.into_iter().map(CompletionCandidate::new).collect()
}
