//! `highwater kv rename`.

use anyhow::Result;
use clap::Args;
use clap_complete::ArgValueCompleter;

use super::{Shell, show};
use crate::{
    cli::{
        completions,
        exit::{Exit, failure},
        output::{self, Format},
    },
    client::Refusal,
};

#[derive(Args, Debug)]
#[command(after_long_help = "\
At once or not at all: nobody sees the pair twice, or nowhere. It stays the same pair, with type, description and expiry.

Examples:
  highwater kv rename limits.bak limits            exits 6 where there is a pair called limits
  highwater kv rename limits.bak limits --force    replaces it")]
pub(in crate::cli) struct RenameArgs {
    /// The key to change
    #[arg(add = ArgValueCompleter::new(completions::keys))]
    from: String,
    /// The new key
    to: String,
    /// Replace a pair that has the new key
    #[arg(long)]
    force: bool,
}

pub(super) async fn run(shell: &Shell, args: RenameArgs) -> Result<()> {
    if args.from == args.to {
        return Err(failure(Exit::Usage, "the new key is the old one"));
    }
    let (from, to) = (output::printable(&args.from), output::printable(&args.to));
    let renamed = shell.client.rename(shell.namespace(), &args.from, &args.to, args.force).await;
    let renamed = renamed.map_err(|error| match error.refusal() {
        Some(Refusal::NotFound) => failure(Exit::NotFound, format!("there is no pair {from}")),
        Some(Refusal::Conflict) => failure(Exit::Conflict, format!("there is a pair {to}; --force replaces it")),
        _ => error.into(),
    })?;
    match shell.format {
        Format::Text => output::line(&format!("renamed {from} to {to}")),
        Format::Json => output::line(show::json(&renamed)?.get()),
        format => show::pairs(format, &[renamed]),
    }
}
