//! `highwater kv rename`.

use anyhow::Result;
use clap::Args;
use clap_complete::ArgValueCompleter;

use super::{
    Shell,
    copy::{draft, source},
    show,
};
use crate::{
    cli::{
        completions,
        exit::{Exit, failure},
        output::{self, Format},
    },
    client::Draft,
};

#[derive(Args, Debug)]
#[command(after_long_help = "\
Writes the pair under the new key, then deletes the old one: interrupted in between, both are there.

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
    let pair = source(shell, &args.from).await?;
    let moved = Draft { if_version: (!args.force).then_some(0), ..draft(&pair, None, args.to) };
    let moved = shell.client.set(&moved).await?;
    shell.client.delete_id(&pair.id).await?;
    match shell.format {
        Format::Text => {
            output::line(&format!("renamed {} to {}", output::printable(&args.from), output::printable(&moved.key)))
        }
        Format::Json => output::line(show::json(&moved)?.get()),
        format => show::pairs(format, &[moved]),
    }
}
