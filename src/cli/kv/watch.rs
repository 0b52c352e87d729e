//! `highwater kv watch`.

use std::time::Duration;

use anyhow::Result;
use clap::Args;
use clap_complete::ArgValueCompleter;
use futures_util::StreamExt;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{Shell, show};
use crate::{
    cli::{
        completions,
        output::{self, Format},
    },
    client::{Change, Changes, Refusal},
};

/// How long to wait before asking a server again that went away, at first and at most.
const PAUSE: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(15);

#[derive(Args, Debug)]
#[command(after_long_help = "\
A line for each committed set and delete: when, what, and the value as it is by then. Where the connection breaks, it
goes on after the last change it saw; nothing is missed and nothing shown twice.

Examples:
  highwater kv watch jobs/
  highwater kv watch --namespace '*' --output json | jq -r .key
  highwater kv watch --after 41                    those after revision 41 first")]
pub(in crate::cli) struct WatchArgs {
    /// What the keys start with
    #[arg(default_value = "", hide_default_value = true, add = ArgValueCompleter::new(completions::keys))]
    prefix: String,
    /// Start right after this revision instead of now
    #[arg(long, value_name = "REVISION")]
    after: Option<i64>,
    /// Stop after so many changes
    #[arg(long, value_name = "NUMBER")]
    count: Option<u64>,
}

pub(super) async fn run(shell: &Shell, args: WatchArgs) -> Result<()> {
    let mut left = args.count.unwrap_or(u64::MAX);
    let mut watch = Watch::start(shell, args.after).await?;
    output::note(&format!("watching {}; ctrl-C stops", shell.client.url()));
    while left > 0 {
        let change = watch.next().await?;
        if change.key.starts_with(&args.prefix) {
            print(shell.format, &change)?;
            left -= 1;
        }
    }
    Ok(())
}

/// Changes one after the other, over as many connections as that takes.
struct Watch<'a> {
    shell: &'a Shell,
    /// The last revision seen. It is known before the first change is: a connection that breaks before it loses none.
    after: i64,
    changes: Changes,
}

impl<'a> Watch<'a> {
    async fn start(shell: &'a Shell, after: Option<i64>) -> Result<Self> {
        let after = match after {
            Some(after) => after,
            None => shell.client.revision().await?,
        };
        Ok(Self { shell, after, changes: shell.client.changes(shell.namespace(), after).await? })
    }

    /// The next change; where the stream ends, of the one that goes on after the last.
    async fn next(&mut self) -> Result<Change> {
        let mut behind = false;
        loop {
            match self.changes.next().await {
                Some(Ok(change)) => {
                    self.after = change.revision;
                    return Ok(change);
                }
                // A slow reader is sent away to come back. Where that does not help, the changes are gone.
                Some(Err(error)) if behind || error.refusal() != Some(Refusal::Resume) => return Err(error.into()),
                Some(Err(_)) => behind = true,
                None => output::note(&format!("the stream ended; going on after revision {}", self.after)),
            }
            self.reconnect().await?;
        }
    }

    /// The stream again, once the server answers again; its refusals are final.
    async fn reconnect(&mut self) -> Result<()> {
        let mut pause = PAUSE;
        loop {
            tokio::time::sleep(pause).await;
            match self.shell.client.changes(self.shell.namespace(), self.after).await {
                Ok(changes) => {
                    self.changes = changes;
                    return Ok(());
                }
                Err(error) if error.refusal().is_some_and(|it| !matches!(it, Refusal::Server | Refusal::Limit)) => {
                    return Err(error.into());
                }
                Err(error) => {
                    pause = (pause * 2).min(LONGEST);
                    output::note(&format!("{error}; trying again in {} s", pause.as_secs()));
                }
            }
        }
    }
}

/// A change as JSON, with the pair as it is by then.
#[derive(Serialize)]
struct Shown<'a> {
    revision: i64,
    at: &'a str,
    operation: &'a str,
    namespace: &'a str,
    key: &'a str,
    version: i64,
    pair: Option<Box<RawValue>>,
}

fn print(format: Format, change: &Change) -> Result<()> {
    let Change { revision, at, operation, namespace, key, version, key_value } = change;
    let value = key_value.as_ref().map(|pair| pair.value.as_str()).unwrap_or_default();
    let place = format!("{namespace} {}", output::printable(key));
    match format {
        Format::Json => {
            let pair = key_value.as_ref().map(show::json).transpose()?;
            let shown = Shown { revision: *revision, at, operation, namespace, key, version: *version, pair };
            output::line(&serde_json::to_string(&shown)?)
        }
        Format::Csv => {
            let mut row = csv::Writer::from_writer(Vec::new());
            row.write_record([&revision.to_string(), at, operation, namespace, key, &version.to_string(), value])?;
            output::bytes(&row.into_inner().map_err(csv::IntoInnerError::into_error)?)
        }
        Format::Text | Format::Table => {
            output::line(format!("{at}  {operation:<6}  {place}  {}", output::printable(value)).trim_end())
        }
    }
}
