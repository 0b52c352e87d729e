//! Where an HTTP answer ends, and whether it is the right one.

use anyhow::{Context, Result, ensure};

/// What a right answer's body is like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Right {
    pub(crate) begins: &'static str,
    pub(crate) ends: &'static str,
    /// Its length, at least.
    pub(crate) bytes: usize,
}

impl Right {
    /// A body that begins so.
    pub(crate) const fn begins(begins: &'static str) -> Self {
        Self { begins, ends: "", bytes: begins.len() }
    }
}

/// How far an answer reaches, once its head is there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    body: usize,
    /// None where it comes in chunks.
    end: Option<usize>,
}

/// An answer 503.
#[derive(Debug, thiserror::Error)]
#[error("an answer 503: the server is overloaded")]
pub(crate) struct Overloaded;

/// The last chunk of a body.
const LAST: &[u8] = b"\r\n0\r\n\r\n";

impl Extent {
    /// Of the answer that begins with `bytes`; none while its head is not whole.
    pub(crate) fn of(bytes: &[u8]) -> Result<Option<Self>> {
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
        let head = std::str::from_utf8(&bytes[..end])?;
        let body = end + 4;
        if head.get(9..12) == Some("204") {
            return Ok(Some(Self { body, end: Some(body) }));
        }
        let mut fields = head.split("\r\n").filter_map(|line| line.split_once(": "));
        if let Some((_, length)) = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length")) {
            return Ok(Some(Self { body, end: Some(body + length.parse::<usize>()?) }));
        }
        let chunked = head.to_ascii_lowercase().contains("\r\ntransfer-encoding: chunked");
        ensure!(chunked, "an answer without a length: {head}");
        Ok(Some(Self { body, end: None }))
    }

    /// Whether `bytes` are all of the answer.
    pub(crate) fn is_whole(self, bytes: &[u8]) -> bool {
        self.end.map_or_else(|| bytes.ends_with(LAST), |end| bytes.len() >= end)
    }

    /// Refuses an answer that is not right. Only 2xx will do.
    ///
    /// # Errors
    /// [`Overloaded`] for a 503, which is whole all the same.
    pub(crate) fn check(self, bytes: &[u8], right: &Right) -> Result<()> {
        if bytes.get(9..12) == Some(b"503") {
            return Err(Overloaded.into());
        }
        ensure!(bytes.get(9) == Some(&b'2'), "an error: {}", String::from_utf8_lossy(bytes));
        let mut body = &bytes[self.body..];
        if self.end.is_none() {
            let size = body.iter().position(|byte| *byte == b'\n').context("a chunk has a size")?;
            body = body.get(size + 1..bytes.len() - self.body - LAST.len()).unwrap_or_default();
        }
        let begins = body.starts_with(right.begins.as_bytes());
        let is_right = begins && body.trim_ascii_end().ends_with(right.ends.as_bytes()) && body.len() >= right.bytes;
        ensure!(is_right, "a wrong answer: {}", String::from_utf8_lossy(&bytes[..bytes.len().min(2_000)]));
        Ok(())
    }
}
