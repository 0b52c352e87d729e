//! Strings and numbers of a text: what they say, and what stands in their place in its template.

use std::{fmt::Write, sync::LazyLock};

use async_graphql::Value as ConstValue;

use crate::service::ids::new_id;

/// A string or number as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Literal<'a> {
    pub(super) text: &'a str,
    /// Where in the text it begins.
    pub(super) at: usize,
}

/// Starts the string literals that are ours; nobody outside can guess it.
static MARK: LazyLock<String> = LazyLock::new(|| {
    let id = new_id().simple().to_string();
    // Half of an id is past guessing too, and a long list has thousands of marks.
    format!("\u{FDD0}{}", &id[..16])
});

/// Stand between the mark and the number of a literal: a string, a whole number, another number.
const KINDS: [char; 3] = ['s', 'i', 'n'];

/// Stands between the mark and a number that the engine's would not hold.
const NUMBER: char = ':';

/// The number that a string literal stands for, where it was marked.
pub(super) fn marked_number(literal: &str) -> Option<&str> {
    literal.strip_prefix(MARK.as_str())?.strip_prefix(NUMBER)
}

/// Which of the lifted literals a string of the template stands for.
pub(super) fn place_of(string: &str) -> Option<usize> {
    string.strip_prefix(MARK.as_str())?.strip_prefix(KINDS)?.parse().ok()
}

impl<'a> Literal<'a> {
    pub(super) fn new(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    /// Writes what stands in the template for the literal with this number.
    pub(super) fn stand_in(&self, number: usize, template: &mut String) {
        // Infallible: writing to a String.
        _ = write!(template, "\"{}{}{number}\"", MARK.as_str(), self.kind());
    }

    /// Its value; a number that is no whole number of 64 bits by its exact text, marked.
    pub(super) fn value(&self) -> ConstValue {
        if let Some(inner) = self.text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            return ConstValue::String(if inner.contains('\\') { unescaped(inner) } else { inner.to_owned() });
        }
        match self.whole() {
            Some(number) => ConstValue::from(number),
            None => ConstValue::String(format!("{}{NUMBER}{}", MARK.as_str(), self.text)),
        }
    }

    /// The whole number that it is; `-0` is none, since JSON tells it from 0.
    fn whole(&self) -> Option<i64> {
        self.text.parse().ok().filter(|_| self.text != "-0")
    }

    /// What tells literals apart that validation does.
    fn kind(&self) -> char {
        let [string, whole, other] = KINDS;
        match self.whole() {
            _ if self.text.starts_with('"') => string,
            Some(_) => whole,
            None => other,
        }
    }
}

/// What a string literal says; its escapes were looked at by the scan.
fn unescaped(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((plain, escape)) = rest.split_once('\\') {
        out.push_str(plain);
        let letter = escape.chars().next().unwrap_or_default();
        let (meant, length) = match letter {
            'u' => joined(rest.get(plain.len()..).unwrap_or_default()).unwrap_or((char::REPLACEMENT_CHARACTER, 6)),
            'b' => ('\u{8}', 2),
            'f' => ('\u{c}', 2),
            'n' => ('\n', 2),
            'r' => ('\r', 2),
            't' => ('\t', 2),
            itself => (itself, 2),
        };
        out.push(meant);
        rest = rest.get(plain.len() + length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The character that the `\u` escape at the start of `text` names, or the two that are a surrogate pair; and
/// their length.
pub(super) fn joined(text: &str) -> Option<(char, usize)> {
    let first = unit(text)?;
    if let Some(char) = char::from_u32(first) {
        return Some((char, 6));
    }
    match (first, unit(text.get(6..)?)?) {
        (0xD800..0xDC00, second @ 0xDC00..0xE000) => {
            Some((char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00))?, 12))
        }
        _ => None,
    }
}

/// The number of a `\uXXXX` at the start of `text`.
pub(super) fn unit(text: &str) -> Option<u32> {
    let digits = text.get(..6)?.strip_prefix("\\u")?;
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

/// How many characters the stand-in of the literal with this number has.
pub(super) fn width(number: usize) -> usize {
    MARK.chars().count() + number.checked_ilog10().unwrap_or_default() as usize + 1 + "\"s\"".len()
}

#[cfg(test)]
mod tests {
    use super::{
        super::scan::{ScanError, scan},
        *,
    };

    fn values(text: &str) -> Vec<ConstValue> {
        scan(text, 10, usize::MAX).unwrap().literals.iter().map(Literal::value).collect()
    }

    #[test]
    fn surrogate_pairs_are_joined_and_halves_refused() {
        let read = values(r#"{a(k: "x\ud83d\ude00y\\ud83d\u00E9\/\n")}"#);
        assert_eq!(read, [ConstValue::from("x😀y\\ud83dé/\n")]);
        for half in [r#"{a(k: "\ud83d")}"#, r#"{a(k: "\ude00\ud83d")}"#, r#"{a(k: "\ud83dx\ude00")}"#] {
            assert_eq!(scan(half, 10, usize::MAX), Err(ScanError::LoneSurrogate));
        }
    }

    #[test]
    fn numbers_are_exact() {
        let read = values("{a(n: [1.0, 7, -7, -0, 123456789012345678901234567890, 1e400, a1])}");
        let marked: Vec<_> = read
            .iter()
            .map(|value| match value {
                ConstValue::String(text) => marked_number(text).map(ToOwned::to_owned),
                whole => Some(format!("whole {whole}")),
            })
            .collect();
        let expected = ["1.0", "whole 7", "whole -7", "-0", "123456789012345678901234567890", "1e400"];
        assert_eq!(marked, expected.map(|number| Some(number.to_owned())));
    }
}
