//! Data on standard output, errors on standard error.

use std::io::{self, IsTerminal, Write};

use anyhow::Result;
use clap::ValueEnum;
use serde_json::value::RawValue;

use super::exit;

/// How data is printed.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Plain: values as they are, names a line each
    Text,
    /// JSON, with exact values
    Json,
    /// Columns that line up
    Table,
    /// RFC 4180, with a line of titles
    Csv,
}

/// Prints bytes as they are.
///
/// # Errors
/// Where nobody takes them.
pub(super) fn bytes(bytes: &[u8]) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(())
}

/// Prints `text` as it is.
///
/// # Errors
/// As [`bytes`].
pub(super) fn text(text: &str) -> Result<()> {
    bytes(text.as_bytes())
}

/// Prints a line.
///
/// # Errors
/// As [`bytes`].
pub(super) fn line(line: &str) -> Result<()> {
    text(&format!("{line}\n"))
}

/// Whether a person reads the data.
pub(super) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Prints rows in columns that line up, under `titles`.
///
/// # Errors
/// As [`bytes`].
pub(super) fn table<const N: usize>(titles: [&str; N], rows: &[[String; N]]) -> Result<()> {
    let titles = titles.map(ToOwned::to_owned);
    let shown: Vec<_> =
        std::iter::once(titles).chain(rows.iter().map(|row| row.clone().map(|cell| printable(&cell)))).collect();
    let mut widths = [0; N];
    for row in &shown {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut all = String::new();
    for row in &shown {
        let cells: Vec<_> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        all.push_str(cells.join("  ").trim_end());
        all.push('\n');
    }
    text(&all)
}

/// Prints rows in a format; as JSON, each is an object of strings under the titles in lower case.
///
/// # Errors
/// As [`bytes`].
pub(super) fn records<const N: usize>(format: Format, titles: [&str; N], rows: &[[String; N]]) -> Result<()> {
    match format {
        Format::Text | Format::Table => table(titles.map(str::to_uppercase).each_ref().map(String::as_str), rows),
        Format::Csv => csv(titles, rows),
        Format::Json => {
            let object = |row: &[String; N]| -> serde_json::Value {
                titles
                    .iter()
                    .zip(row)
                    .map(|(title, cell)| (title.to_lowercase(), serde_json::Value::String(cell.clone())))
                    .collect()
            };
            json_array(rows.iter().map(object))
        }
    }
}

/// Prints rows as CSV.
///
/// # Errors
/// As [`bytes`].
pub(super) fn csv<const N: usize>(titles: [&str; N], rows: &[[String; N]]) -> Result<()> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(titles.map(str::to_lowercase))?;
    for row in rows {
        writer.write_record(row)?;
    }
    bytes(&writer.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

/// Prints a JSON array, an item a line.
///
/// # Errors
/// As [`bytes`].
pub(super) fn json_array<T: serde::Serialize>(items: impl IntoIterator<Item = T>) -> Result<()> {
    let items = items.into_iter().map(|item| serde_json::value::to_raw_value(&item)).collect::<Result<Vec<_>, _>>()?;
    let lines: Vec<_> = items.iter().map(|item| RawValue::get(item)).collect();
    line(&if lines.is_empty() { "[]".to_owned() } else { format!("[\n{}\n]", lines.join(",\n")) })
}

/// The text with everything that could confuse a terminal as an escape.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() }).collect()
}

/// A sentence for a person who watches; not where standard error is a file or a pipe.
pub(super) fn note(sentence: &str) {
    if io::stderr().is_terminal() {
        warn(sentence);
    }
}

/// A sentence on standard error.
pub(super) fn warn(sentence: &str) {
    // With standard error closed there is nobody left to tell.
    let _ = writeln!(io::stderr(), "{sentence}");
}

/// Prints an error with its causes, each once, and what to do about it.
pub fn error(error: &anyhow::Error) {
    if exit::is_closed_pipe(error) {
        return;
    }
    let red = anstyle::AnsiColor::Red.on_default();
    let _ = writeln!(anstream::stderr(), "{red}highwater:{red:#} {error:#}");
    if let Some(advice) = exit::advice(error) {
        warn(advice);
    }
}
