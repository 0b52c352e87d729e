//! JSON by its text: exact, whatever the size or scale of its numbers.

mod compact;
mod contain;
mod needle;
mod number;
mod order;
mod parse;
mod path;
mod text;
mod tree;

use std::{fmt, sync::Arc};

use serde_json::value::RawValue;

use super::KvError;

pub use self::{needle::Needle, path::JsonPath, tree::Json};

/// Deepest nesting of arrays and objects in a value.
pub const DEPTH: usize = 512;

/// One JSON document in compact form.
///
/// Compact means: no white space outside strings, and strings as plain UTF-8 with only those
/// escapes that JSON demands (and lone surrogates, which have no UTF-8). Numbers, the order of
/// keys and duplicate keys stay as they were written.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct JsonText(Arc<str>);

impl JsonText {
    /// The document that `text` writes.
    ///
    /// # Errors
    /// [`KvError::BadJson`] where `text` is not one JSON document (`NaN` is none), or
    /// [`KvError::JsonTooDeep`].
    pub fn parse(text: &str) -> Result<Self, KvError> {
        let raw: &RawValue = serde_json::from_str(text)
            .map_err(|error| KvError::BadJson { line: error.line(), column: error.column() })?;
        Self::from_raw(raw)
    }

    /// The document that `raw` holds.
    ///
    /// # Errors
    /// [`KvError::JsonTooDeep`].
    pub fn from_raw(raw: &RawValue) -> Result<Self, KvError> {
        compact::compact(raw.get(), DEPTH).map(|text| Self(text.into())).ok_or(KvError::JsonTooDeep { limit: DEPTH })
    }

    /// The JSON string that holds `content`.
    #[must_use]
    pub fn string(content: &str) -> Self {
        let mut text = String::with_capacity(content.len() + 2);
        Self::quote(content, &mut text);
        Self(text.into())
    }

    /// Writes the JSON string that holds `content` at the end of `out`.
    pub fn quote(content: &str, out: &mut String) {
        compact::quote(content, out);
    }

    /// A text this store wrote earlier, taken as it is.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text.into())
    }

    /// What the document holds where it is a string; none for others, and for a string with a lone
    /// surrogate, which is no text.
    #[must_use]
    pub fn content(&self) -> Option<String> {
        serde_json::from_str(self.as_str()).ok()
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for JsonText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compact(text: &str) -> String {
        JsonText::parse(text).map(|text| text.as_str().to_owned()).unwrap_or_default()
    }

    #[test]
    fn white_space_goes_and_numbers_stay_as_written() {
        assert_eq!(
            compact(" { \"b\" : 1.0 , \"a\" : [ 1E+5, -0, 12345678901234567890123 ] } "),
            r#"{"b":1.0,"a":[1E+5,-0,12345678901234567890123]}"#
        );
    }

    #[test]
    fn escapes_become_utf8_where_json_allows() {
        assert_eq!(
            compact(r#""\u00e9 \ud83d\ude00 \/ \u0000 \u000a \" \\ \u0022 \u005C""#),
            "\"é 😀 / \\u0000 \\n \\\" \\\\ \\\" \\\\\""
        );
    }

    #[test]
    fn lone_surrogates_are_kept_as_escapes() {
        assert_eq!(compact(r#""\uD83D x \ude00\ud83d""#), r#""\ud83d x \ude00\ud83d""#);
        assert_eq!(compact(r#""\ud83d\u0041""#), r#""\ud83dA""#);
        assert_eq!(compact(r#""\ud83d\ud83d\ude00""#), "\"\\ud83d😀\"");
    }

    #[test]
    fn nesting_past_the_limit_is_refused() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(JsonText::parse(&nested(DEPTH)).is_ok());
        assert!(matches!(JsonText::parse(&nested(DEPTH + 1)), Err(KvError::JsonTooDeep { .. })));
        assert!(JsonText::parse(&nested(1_000_000)).is_err());
    }

    #[test]
    fn what_is_not_one_document_is_refused() {
        for text in ["", "NaN", "Infinity", "{", "1 2", "'a'", "01", "\"\u{1}\"", "\"\\x\"", "[1,]"] {
            assert!(matches!(JsonText::parse(text), Err(KvError::BadJson { .. })), "{text:?}");
        }
    }
}
