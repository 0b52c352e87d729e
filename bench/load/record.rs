//! `bench/RESULTS.md`: only this program writes it.

use std::{
    fs::OpenOptions,
    io::{Seek, SeekFrom, Write},
};

use anyhow::Result;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/RESULTS.md");

const HEAD: &str = "# Results

Appended by `make bench`, never by hand; the newest run is the last. \"Of the limit\" is the throughput
divided by that of a constant axum answer, in the same round, over as many connections.
";

/// Appends the record of one run.
pub(crate) fn append(text: &str) -> Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).open(FILE)?;
    if file.seek(SeekFrom::End(0))? == 0 {
        file.write_all(HEAD.as_bytes())?;
    }
    write!(file, "\n{text}")?;
    Ok(())
}
