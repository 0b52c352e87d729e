//! `highwater kv get`.

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
    domain::{JsonPath, Kind},
};

#[derive(Args, Debug)]
#[command(after_long_help = "\
Prints exactly the value: a text without its quotes, a binary's bytes, else JSON. On a terminal a line break follows.

Examples:
  highwater kv get greeting
  highwater kv get person --path '$.address.city'
  highwater kv get since --default 1970-01-01
  highwater kv get model > model.bin
  highwater kv get greeting --output json | jq .expires_at")]
pub(in crate::cli) struct GetArgs {
    /// The key
    #[arg(add = ArgValueCompleter::new(completions::keys))]
    key: String,
    /// Print this where there is no such pair, or nothing at the path
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    default: Option<String>,
    /// Print only the part at a path such as '$.address.city' or '$.items[0]'
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
}

pub(super) async fn run(shell: &Shell, args: GetArgs) -> Result<()> {
    let path = args.path.as_deref().map(JsonPath::parse).transpose()?;
    let missing = |what: String| match &args.default {
        Some(text) => print(text.as_bytes()),
        None => Err(failure(Exit::NotFound, what)),
    };
    let key = output::printable(&args.key);
    let Some(mut pair) = shell.client.get(shell.namespace(), &args.key).await? else {
        let place = shell.namespace().map(|name| format!(" in namespace {name}")).unwrap_or_default();
        return missing(format!("there is no pair {key}{place}; `highwater kv list` shows what there is"));
    };
    if let Some(path) = path {
        let Some(part) = path.get(&pair.value) else {
            return missing(format!("the value of {key} has nothing at this path"));
        };
        pair.kind = Kind::of(&part);
        pair.value = part;
    }
    match shell.format {
        Format::Text => print(&show::raw(pair.kind, &pair.value)),
        Format::Json => output::line(show::json(&pair)?.get()),
        format => show::pairs(format, &[pair]),
    }
}

/// Exactly these bytes; a person's prompt starts on a line of its own.
fn print(bytes: &[u8]) -> Result<()> {
    output::bytes(bytes)?;
    if output::is_terminal() && !bytes.ends_with(b"\n") { output::text("\n") } else { Ok(()) }
}
