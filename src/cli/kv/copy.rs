//! `highwater kv copy`.

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
    client::{Description, Draft, Expiry, Pair},
};

#[derive(Args, Debug)]
#[command(after_long_help = "\
Type, description and expiry go with the value.

Examples:
  highwater kv copy limits limits.bak
  highwater kv copy limits limits --to-namespace company.team    the same key in another namespace")]
pub(in crate::cli) struct CopyArgs {
    /// The key to copy
    #[arg(add = ArgValueCompleter::new(completions::keys))]
    from: String,
    /// The key of the copy
    to: String,
    /// The namespace of the copy [default: that of the original]
    #[arg(long, value_name = "NAMESPACE", add = ArgValueCompleter::new(completions::namespaces))]
    to_namespace: Option<String>,
    /// Refuse to replace a pair that is there
    #[arg(long)]
    no_overwrite: bool,
}

pub(super) async fn run(shell: &Shell, args: CopyArgs) -> Result<()> {
    let pair = source(shell, &args.from).await?;
    let copy = Draft { if_version: args.no_overwrite.then_some(0), ..draft(&pair, args.to_namespace, args.to) };
    let copy = shell.client.set(&copy).await?;
    match shell.format {
        Format::Text => {
            let (from, to) = (output::printable(&args.from), output::printable(&copy.key));
            output::line(&format!("copied {from} to {to}, version {}", copy.version))
        }
        Format::Json => output::line(show::json(&copy)?.get()),
        format => show::pairs(format, &[copy]),
    }
}

/// The pair to take from.
pub(super) async fn source(shell: &Shell, key: &str) -> Result<Pair> {
    let found = shell.client.get(shell.namespace(), key).await?;
    found.ok_or_else(|| failure(Exit::NotFound, format!("there is no pair {}", output::printable(key))))
}

/// All that `pair` is, under another key; in its own namespace where no other is named.
pub(super) fn draft(pair: &Pair, namespace: Option<String>, key: String) -> Draft {
    Draft {
        namespace: Some(namespace.unwrap_or_else(|| pair.namespace.clone())),
        key,
        kind: Some(pair.kind),
        value: pair.value.clone(),
        description: Description::Put(pair.description.clone()),
        expiry: pair.expires_at.clone().map(Expiry::At),
        if_version: None,
    }
}
