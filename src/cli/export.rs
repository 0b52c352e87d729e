//! `highwater export`.

use anyhow::Result;
use clap::Args;
use clap_complete::ArgValueCompleter;

use super::{completions, connection::ConnectionArgs, jsonl, kv::PlaceArgs, output};
use crate::client::Query;

#[derive(Args, Debug)]
#[command(after_long_help = "\
Prints a line of JSON for each pair: namespace, key, type, exact value, description and the instant it ends. `highwater
import` makes the same pairs of them, on this server or another. Pairs that are written meanwhile may be there or not.

Examples:
  highwater export > pairs.jsonl
  highwater export --namespace '*' | gzip > backup.jsonl.gz
  highwater export --profile staging | highwater import - --profile production")]
pub(super) struct ExportArgs {
    /// Only pairs whose key starts with this
    #[arg(default_value = "", hide_default_value = true, add = ArgValueCompleter::new(completions::keys))]
    prefix: String,
    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    connection: ConnectionArgs,
}

pub(super) async fn run(args: ExportArgs) -> Result<()> {
    let client = args.connection.client()?;
    let query = Query { namespace: args.place.namespace, prefix: args.prefix };
    let (mut last, mut count) = (None, 0);
    loop {
        let page = client.list(&query, last.as_ref()).await?;
        let Some(end) = page.last().cloned() else { break };
        last = Some(end);
        count += page.len();
        output::text(&page.into_iter().map(jsonl::write).collect::<Result<String>>()?)?;
    }
    output::note(&format!("{count} pairs"));
    Ok(())
}
