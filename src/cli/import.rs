//! `highwater import`.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum, ValueHint};
use indicatif::{ProgressBar, ProgressStyle};
use tokio_util::sync::CancellationToken;

use super::{
    connection::ConnectionArgs,
    exit::{Exit, failure},
    input, jsonl,
    kv::PlaceArgs,
    output,
    plan::{self, Tally, Wanted},
};
use crate::{
    client::{Client, Expiry},
    domain::{Clock, SystemClock},
};

/// How many pairs are compared with what is there at once.
const CHUNK: usize = 100;

#[derive(Args, Debug)]
#[command(after_long_help = "\
Reads what `highwater export` wrote. Every line is checked before the first is written; a broken one is named by its
number. Pairs that are there already, just so, are left alone: stopped or refused half way, the same command goes on
where it was.

Examples:
  highwater import pairs.jsonl --dry-run
  highwater import pairs.jsonl
  highwater import pairs.jsonl --mode replace      deletes what the file does not have, in its namespaces
  highwater import pairs.jsonl --namespace copy    all of it into one namespace")]
pub(super) struct ImportArgs {
    /// The file; '-' is standard input
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// What becomes of pairs that the file does not have
    #[arg(long, value_enum, default_value_t = Mode::Merge)]
    mode: Mode,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// They stay
    Merge,
    /// They are deleted, in the namespaces that the file has pairs of
    Replace,
}

pub(super) async fn run(args: ImportArgs) -> Result<()> {
    let client = args.connection.client()?;
    let file = args.file.display().to_string();
    let wanted = jsonl::read(&input::read_text(&args.file)?, args.place.namespace.as_deref()).context(file)?;
    let (wanted, ended): (Vec<_>, Vec<_>) = wanted.into_iter().partition(|pair| !has_ended(pair));
    let surplus = match args.mode {
        Mode::Merge => Vec::new(),
        Mode::Replace => plan::surplus(&client, &wanted, args.place.namespace.as_deref()).await?,
    };
    let mut import = Import { client, dry: args.dry_run, tally: Tally::default(), stop: stop_on_ctrl_c() };
    import.write(wanted).await?;
    for pair in surplus {
        import.check_stop(|| "stopped while deleting; the same command goes on".to_owned())?;
        if import.dry || import.client.delete_id(&pair.id).await? {
            import.tally.deleted += 1;
        }
    }
    let Tally { added, changed, unchanged, deleted } = import.tally;
    let would = if args.dry_run { "would be: " } else { "" };
    let ended = if ended.is_empty() { String::new() } else { format!(", {} ended long ago", ended.len()) };
    output::line(&format!("{would}{added} added, {changed} changed, {unchanged} unchanged, {deleted} deleted{ended}"))
}

/// An import under way.
struct Import {
    client: Client,
    dry: bool,
    tally: Tally,
    stop: CancellationToken,
}

impl Import {
    /// Writes the pairs in their order, one after the other, so that nothing after a refused one is written.
    async fn write(&mut self, wanted: Vec<Wanted>) -> Result<()> {
        let total = wanted.len();
        let bar = bar(total);
        let mut wanted = wanted.into_iter();
        loop {
            let chunk: Vec<_> = wanted.by_ref().take(CHUNK).collect();
            if chunk.is_empty() {
                bar.finish_and_clear();
                return Ok(());
            }
            for step in plan::compare(&self.client, chunk).await? {
                let line = step.wanted.line;
                let so_far = |done: u64| {
                    format!("{done} of {total} pairs are as they should be; the same command goes on from there")
                };
                self.check_stop(|| format!("stopped before line {line}: {}", so_far(bar.position())))?;
                if !self.dry && !step.is_done() {
                    let refused = || format!("line {line}; nothing after it was written, {}", so_far(bar.position()));
                    self.client.set(&step.draft()).await.with_context(refused)?;
                }
                step.count(&mut self.tally);
                bar.inc(1);
            }
        }
    }

    /// Ends the import between two writes, where a person asked for it.
    fn check_stop(&self, message: impl Fn() -> String) -> Result<()> {
        if self.stop.is_cancelled() { Err(failure(Exit::Failed, message())) } else { Ok(()) }
    }
}

/// Whether the pair's end has come already: no server would show it.
fn has_ended(pair: &Wanted) -> bool {
    let now = SystemClock.now().micros();
    matches!(&pair.expiry, Some(Expiry::At(end)) if plan::instant(end).is_some_and(|end| end <= now))
}

/// Told once somebody presses ctrl-C; a second time ends the process at once, as ever.
fn stop_on_ctrl_c() -> CancellationToken {
    let stop = CancellationToken::new();
    let told = stop.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            told.cancel();
        }
    });
    stop
}

/// A bar on standard error, where a person watches.
fn bar(total: usize) -> ProgressBar {
    let bar = ProgressBar::new(total as u64);
    match ProgressStyle::with_template("{bar:40} {pos}/{len} pairs, {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
