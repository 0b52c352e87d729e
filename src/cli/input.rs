//! What people hand in: files, standard input, answers to questions.

use std::{
    fs,
    io::{self, BufRead, IsTerminal, Read, Write},
    path::Path,
};

use anyhow::{Context, Result};

use super::exit::{Exit, failure};

/// The bytes of a file; `-` is standard input.
///
/// # Errors
/// A sentence that names the file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).context("cannot read standard input")?;
        return Ok(bytes);
    }
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The text of a file, as [`read`].
///
/// # Errors
/// A sentence that names the file.
pub(super) fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(read(path)?).map_err(|_| failure(Exit::Failed, format!("{} is not UTF-8 text", path.display())))
}

/// The refusal of bytes where text is needed.
pub(super) fn not_text() -> anyhow::Error {
    failure(Exit::Usage, "these bytes are not UTF-8 text; --type binary takes any")
}

/// The two sides of `NAME=VALUE`.
pub(super) fn assignment(text: &str) -> Result<(String, String), String> {
    let sides = text.split_once('=').filter(|(name, _)| !name.is_empty());
    sides.map(|(name, value)| (name.to_owned(), value.to_owned())).ok_or_else(|| "write NAME=VALUE".to_owned())
}

/// Asks a person whether to go on; where there is none to ask, `--yes` has to say so.
///
/// # Errors
/// Where nobody can be asked, or the answer is not yes.
pub(super) fn confirm(question: &str) -> Result<()> {
    if !io::stdin().is_terminal() {
        return Err(failure(Exit::Usage, format!("{question} Nobody is here to ask; --yes confirms it")));
    }
    let mut err = io::stderr();
    write!(err, "{question} [y/N] ")?;
    err.flush()?;
    let mut answer = String::new();
    if io::stdin().lock().read_line(&mut answer)? == 0 {
        writeln!(err)?;
    }
    if matches!(answer.trim(), "y" | "Y" | "yes") {
        Ok(())
    } else {
        Err(failure(Exit::Failed, "not confirmed; nothing was done"))
    }
}
