//! `highwater kv edit`.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result};
use clap::Args;
use clap_complete::ArgValueCompleter;

use super::{Shell, copy, show};
use crate::{
    cli::{
        completions,
        exit::{Exit, failure},
        output, pretty,
    },
    client::{Draft, Pair, Refusal},
    config::client::ClientEnvironment,
    domain::{JsonText, Kind, Value},
};

#[derive(Args, Debug)]
#[command(after_long_help = "\
Opens the value in VISUAL, EDITOR or vi, and writes what was saved. Where somebody else changed the pair meanwhile, it
is left alone, the exit code is 6 and your text stays in a file.

Example:
  EDITOR=nano highwater kv edit limits")]
pub(in crate::cli) struct EditArgs {
    /// The key
    #[arg(add = ArgValueCompleter::new(completions::keys))]
    key: String,
}

pub(super) async fn run(shell: &Shell, args: &EditArgs) -> Result<()> {
    let pair = copy::source(shell, &args.key).await?;
    let before = text(&pair)?;
    let suffix = if pair.kind == Kind::Json { ".json" } else { ".txt" };
    let file = tempfile::Builder::new().prefix("highwater-").suffix(suffix).tempfile()?;
    fs::write(file.path(), &before)?;
    open(file.path())?;
    let after = fs::read_to_string(file.path()).context("the edited text cannot be read; is it UTF-8?")?;
    if after == before {
        return output::line("nothing was changed");
    }
    match write(shell, &pair, &before, &after).await {
        Ok(version) => output::line(&format!("set {}, version {version}", output::printable(&args.key))),
        Err(error) => {
            let (_, path) = file.keep()?;
            Err(error.context(format!("not written; your text is in {}", path.display())))
        }
    }
}

/// The value as a person edits it: JSON over many lines, text as it is.
fn text(pair: &Pair) -> Result<String> {
    if pair.kind == Kind::Json {
        return Ok(pretty::json(&pair.value) + "\n");
    }
    let refused =
        || failure(Exit::Usage, "bytes are no text to edit; `kv get` to a file and `kv set --file` change them");
    if pair.kind == Kind::Binary {
        Err(refused())
    } else {
        String::from_utf8(show::raw(pair.kind, &pair.value)).map_err(|_| refused())
    }
}

fn open(path: &Path) -> Result<()> {
    let editor = ClientEnvironment::read().editor.unwrap_or_else(|| "vi".to_owned());
    // As git does: the variable may hold arguments too.
    let run = Command::new("sh").args(["-c", &format!("{editor} \"$1\""), "sh"]).arg(path).status();
    let status = run.with_context(|| format!("cannot run {editor}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(failure(Exit::Failed, format!("{editor} ended with {status}; nothing was changed")))
    }
}

async fn write(shell: &Shell, pair: &Pair, before: &str, after: &str) -> Result<i64> {
    // Editors end a text with a line break of their own.
    let own = after.strip_suffix('\n').filter(|_| pair.kind != Kind::String || !before.ends_with('\n'));
    let after = own.unwrap_or(after);
    let value = match pair.kind {
        Kind::Json => JsonText::parse(after)?,
        kind => Value::of_text(kind, after)?.to_json(),
    };
    let draft = Draft { value, if_version: Some(pair.version), ..copy::draft(pair, None, pair.key.clone()) };
    match shell.client.set(&draft).await {
        Ok(pair) => Ok(pair.version),
        Err(error) if error.refusal() == Some(Refusal::Conflict) => {
            Err(failure(Exit::Conflict, "the pair changed while you edited it"))
        }
        Err(error) => Err(error.into()),
    }
}
