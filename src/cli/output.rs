//! Data on standard output, errors on standard error.

use std::io::{self, Write};

use anyhow::Result;

/// Prints `text` as it is.
///
/// # Errors
/// Where nobody takes it.
pub fn text(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// Prints a line.
///
/// # Errors
/// As [`text`].
pub fn line(line: &str) -> Result<()> {
    text(&format!("{line}\n"))
}

/// Prints rows in columns that line up, under `titles`.
///
/// # Errors
/// As [`text`].
pub fn table<const N: usize>(titles: [&str; N], rows: &[[String; N]]) -> Result<()> {
    let titles = titles.map(ToOwned::to_owned);
    let lines = || std::iter::once(&titles).chain(rows);
    let mut widths = [0; N];
    for row in lines() {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    for row in lines() {
        let cells: Vec<_> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        line(cells.join("  ").trim_end())?;
    }
    Ok(())
}

/// Prints an error with its causes, each once.
pub fn error(error: &anyhow::Error) {
    // With standard error closed there is nobody left to tell.
    let _ = writeln!(io::stderr(), "highwater: {error:#}");
}
