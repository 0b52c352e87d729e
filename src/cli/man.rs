//! `highwater man`.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Command, ValueHint};

use super::output;

#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  highwater man | man -l -
  highwater man ~/.local/share/man/man1      a page for each command; then: man highwater-kv-set")]
pub(super) struct ManArgs {
    /// A folder for the pages of all commands [default: the first page, to standard output]
    #[arg(value_hint = ValueHint::DirPath)]
    folder: Option<PathBuf>,
}

pub(super) fn run(args: &ManArgs, command: Command) -> Result<()> {
    if let Some(folder) = &args.folder {
        let write = || fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command, folder));
        return write().with_context(|| format!("cannot write to {}", folder.display()));
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    output::bytes(&page)
}
