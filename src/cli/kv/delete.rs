//! `highwater kv delete`.

use anyhow::Result;
use clap::{ArgGroup, Args};
use clap_complete::ArgValueCompleter;
use serde_json::json;

use super::Shell;
use crate::{
    cli::{
        completions,
        exit::{Exit, failure},
        input,
        output::{self, Format},
    },
    client::Query,
};

#[derive(Args, Debug)]
#[command(
    group = ArgGroup::new("which").required(true).args(["keys", "prefix"]),
    after_long_help = "\
Examples:
  highwater kv delete greeting person       exits 3 where one of them is not there
  highwater kv delete --prefix jobs/        asks first
  highwater kv delete --prefix jobs/ --yes"
)]
pub(in crate::cli) struct DeleteArgs {
    /// The keys
    #[arg(value_name = "KEY", add = ArgValueCompleter::new(completions::keys))]
    keys: Vec<String>,
    /// Delete every pair whose key starts with this, at once
    #[arg(long, value_parser = clap::builder::NonEmptyStringValueParser::new(), add = ArgValueCompleter::new(completions::keys))]
    prefix: Option<String>,
    /// Do not ask
    #[arg(long, short, requires = "prefix")]
    yes: bool,
}

pub(super) async fn run(shell: &Shell, args: DeleteArgs) -> Result<()> {
    match args.prefix {
        Some(prefix) => by_prefix(shell, prefix, args.yes).await,
        None => by_keys(shell, &args.keys).await,
    }
}

async fn by_prefix(shell: &Shell, prefix: String, yes: bool) -> Result<()> {
    if !yes {
        let query = Query { namespace: shell.namespace.clone(), prefix: prefix.clone() };
        let count = shell.client.keys(&query, None).await?.len();
        let place = shell.namespace().unwrap_or("the token's own namespace");
        input::confirm(&format!("Delete {count} pairs of {place}, those whose keys start with {prefix:?}?"))?;
    }
    let deleted = shell.client.delete_prefix(shell.namespace(), &prefix).await?;
    match shell.format {
        Format::Text => output::line(&format!("deleted {deleted} pairs")),
        Format::Json => output::line(&json!({ "deleted": deleted }).to_string()),
        format => output::records(format, ["DELETED"], &[[deleted.to_string()]]),
    }
}

async fn by_keys(shell: &Shell, keys: &[String]) -> Result<()> {
    let (mut rows, mut missing) = (Vec::new(), Vec::new());
    for key in keys {
        let deleted = shell.client.delete(shell.namespace(), key).await?;
        match (deleted, shell.format) {
            (true, Format::Text) => output::line(&format!("deleted {}", output::printable(key)))?,
            (true, _) => {}
            (false, _) => missing.push(output::printable(key)),
        }
        rows.push((key, deleted));
    }
    let cells = |(key, deleted): &(&String, bool)| [(*key).clone(), deleted.to_string()];
    match shell.format {
        Format::Text => {}
        Format::Json => {
            output::json_array(rows.iter().map(|(key, deleted)| json!({ "key": key, "deleted": deleted })))?;
        }
        format => output::records(format, ["KEY", "DELETED"], &rows.iter().map(cells).collect::<Vec<_>>())?,
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(failure(Exit::NotFound, format!("there is no pair {}", missing.join(", "))))
}
