//! What must happen to a query's text before the parser sees it.
//!
//! One pass over the tokens: it counts them, refuses nesting that would overflow the parser's stack
//! (contract filter.md, section 9), joins the surrogate pairs that Python writes into string literals and the
//! parser refuses (contract prefect.md, section 0, point 3), and marks numbers that the parser
//! would round.

use std::{borrow::Cow, fmt::Write, sync::LazyLock};

use crate::service::ids::new_id;

/// What is wrong with a text before it is even parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScanError {
    /// Brackets nest deeper than allowed.
    TooDeep,
    /// There are more tokens than allowed.
    TooManyTokens,
    /// A name is longer than [`NAME`] bytes.
    LongName,
    /// A `\u` escape names half of a surrogate pair.
    LoneSurrogate,
}

/// Longest name; what is misspelt is compared with every name that might be meant.
pub(super) const NAME: usize = 256;

/// A text that the parser can read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Scanned<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) tokens: usize,
}

/// Starts the string literals that stand for numbers; nobody outside can guess it.
static NUMBER_MARK: LazyLock<String> = LazyLock::new(|| format!("\u{FDD0}{}:", new_id().simple()));

/// The number that a string literal stands for, where it was marked.
pub(super) fn marked_number(literal: &str) -> Option<&str> {
    literal.strip_prefix(NUMBER_MARK.as_str())
}

/// `text` ready for the parser; brackets may nest `depth` deep, and there may be `most` tokens.
pub(super) fn scan(text: &str, depth: usize, most: usize) -> Result<Scanned<'_>, ScanError> {
    let mut scanner = Scanner { text, at: 0, copied: 0, out: String::new() };
    let (mut open, mut tokens) = (0_usize, 0_usize);
    while let Some(byte) = scanner.peek() {
        tokens += usize::from(!matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b'#'));
        if tokens > most {
            return Err(ScanError::TooManyTokens);
        }
        match byte {
            b'{' | b'[' | b'(' => {
                open += 1;
                if open > depth {
                    return Err(ScanError::TooDeep);
                }
                scanner.at += 1;
            }
            b'}' | b']' | b')' => {
                open = open.saturating_sub(1);
                scanner.at += 1;
            }
            b'"' => scanner.string()?,
            b'#' => scanner.skip_while(|byte| byte != b'\n' && byte != b'\r'),
            b'-' | b'0'..=b'9' => scanner.number(),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => scanner.name()?,
            b'.' => scanner.skip_while(|byte| byte == b'.'),
            _ => scanner.at += 1,
        }
    }
    Ok(Scanned { text: scanner.finish(), tokens })
}

struct Scanner<'a> {
    text: &'a str,
    /// The next byte to look at.
    at: usize,
    /// Everything before this is in `out`, or `out` is empty and it is 0.
    copied: usize,
    out: String,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn skip_while(&mut self, keep: impl Fn(u8) -> bool) {
        self.at += self.rest().iter().take_while(|byte| keep(**byte)).count();
    }

    /// Puts `new` in the place of the text from `from` up to here.
    fn replace(&mut self, from: usize, new: &str) {
        self.out.push_str(self.text.get(self.copied..from).unwrap_or_default());
        self.out.push_str(new);
        self.copied = self.at;
    }

    fn name(&mut self) -> Result<(), ScanError> {
        let from = self.at;
        self.skip_while(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
        if self.at - from > NAME { Err(ScanError::LongName) } else { Ok(()) }
    }

    fn string(&mut self) -> Result<(), ScanError> {
        if self.rest().starts_with(b"\"\"\"") {
            self.block_string();
            return Ok(());
        }
        self.at += 1;
        loop {
            self.skip_while(|byte| !matches!(byte, b'"' | b'\\' | b'\n'));
            match self.peek() {
                Some(b'\\') if self.rest().get(1) == Some(&b'u') => self.unicode_escape()?,
                Some(b'\\') => self.at += 2,
                Some(_) => {
                    self.at += 1;
                    return Ok(());
                }
                None => return Ok(()),
            }
        }
    }

    fn block_string(&mut self) {
        self.at += 3;
        while !self.rest().is_empty() && !self.rest().starts_with(b"\"\"\"") {
            self.at += if self.rest().starts_with(b"\\\"\"\"") { 4 } else { 1 };
        }
        self.at += 3;
    }

    fn unicode_escape(&mut self) -> Result<(), ScanError> {
        let from = self.at;
        let unit = |at: usize| {
            let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
            u32::from_str_radix(digits, 16).ok()
        };
        match (unit(from), unit(from + 6)) {
            (Some(high @ 0xD800..0xDC00), Some(low @ 0xDC00..0xE000)) => {
                let joined = char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00));
                self.at += 12;
                self.replace(from, joined.unwrap_or(char::REPLACEMENT_CHARACTER).encode_utf8(&mut [0; 4]));
                Ok(())
            }
            (Some(0xD800..0xE000), _) => Err(ScanError::LoneSurrogate),
            _ => {
                self.at += 2;
                Ok(())
            }
        }
    }

    /// Marks a number that the parser would change: everything but whole numbers of 64 bits.
    fn number(&mut self) {
        let from = self.at;
        self.skip_while(|byte| matches!(byte, b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_'));
        let literal = self.text.get(from..self.at).unwrap_or_default();
        if literal.parse::<i64>().is_err() && serde_json::from_str::<&serde_json::value::RawValue>(literal).is_ok() {
            let mut string = String::new();
            let _ = write!(string, "\"{}{literal}\"", NUMBER_MARK.as_str());
            self.replace(from, &string);
        }
    }

    fn finish(mut self) -> Cow<'a, str> {
        if self.copied == 0 && self.out.is_empty() {
            return Cow::Borrowed(self.text);
        }
        self.at = self.text.len();
        self.replace(self.text.len(), "");
        Cow::Owned(self.out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str, depth: usize) -> Result<Cow<'_, str>, ScanError> {
        super::scan(text, depth, usize::MAX).map(|scanned| scanned.text)
    }

    #[test]
    fn tokens_are_counted_and_bounded() {
        let text = "query Q($a: Int = -5, $b: [ID!]) { # none\n ...F a(b: \"x y\", c: \"\"\" z \"\"\") }";
        let tokens = 9 + 7 + 2 + 2 + 2 + 3 + 3 + 2;
        assert_eq!(super::scan(text, 9, tokens).map(|scanned| scanned.tokens), Ok(tokens));
        assert_eq!(super::scan(text, 9, tokens - 1), Err(ScanError::TooManyTokens));
        let name = |length: usize| super::scan(&"n".repeat(length), 9, 9).map(|scanned| scanned.tokens);
        assert_eq!((name(NAME), name(NAME + 1)), (Ok(1), Err(ScanError::LongName)));
    }

    #[test]
    fn ordinary_text_is_passed_on_as_it_is() {
        let text =
            "query Q($a: Int = -5) { key_value(where: {key: {_eq: \"a\\\"\\u00e9\"}}, limit: 12) { key } } # {{{";
        assert!(matches!(scan(text, 10), Ok(Cow::Borrowed(same)) if same == text));
    }

    #[test]
    fn surrogate_pairs_are_joined_and_halves_refused() {
        assert_eq!(scan(r#"{a(k: "x\ud83d\ude00y\\ud83d")}"#, 10).as_deref(), Ok("{a(k: \"x😀y\\\\ud83d\")}"));
        assert_eq!(scan(r#"{a(k: "\ud83d")}"#, 10), Err(ScanError::LoneSurrogate));
        assert_eq!(scan(r#"{a(k: "\ude00\ud83d")}"#, 10), Err(ScanError::LoneSurrogate));
    }

    #[test]
    fn inexact_numbers_become_marked_strings() {
        let scanned = scan("{a(n: [1.0, 7, 123456789012345678901234567890, 1e400, a1])}", 10).unwrap();
        let strings: Vec<_> = scanned.split('"').filter_map(marked_number).collect();
        assert_eq!(strings, ["1.0", "123456789012345678901234567890", "1e400"]);
        assert!(scanned.contains(", 7, ") && scanned.ends_with(", a1])}"));
    }

    #[test]
    fn brackets_in_strings_and_comments_do_not_nest() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(scan(&nested(5), 5).is_ok());
        assert_eq!(scan(&nested(6), 5), Err(ScanError::TooDeep));
        assert!(scan("\"\"\" [[[[[[ \\\"\"\" [[[ \"\"\" #[[[[[[\n \"[[[[[[[\"", 5).is_ok());
        assert!(scan("\"\"\" never ends \\", 5).is_ok());
        assert!(scan("\"never ends \\", 5).is_ok());
    }
}
