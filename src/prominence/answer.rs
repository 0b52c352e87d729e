//! Values and JSON as PROMINENCE writes them.

use std::{borrow::Cow, fmt::Write as _};

use axum::{
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::domain::{JsonText, Value};

/// What every answer carries: a value may be a page with a script, and is for its owner alone.
const SAFE: [(HeaderName, &str); 2] =
    [(header::X_CONTENT_TYPE_OPTIONS, "nosniff"), (header::CACHE_CONTROL, "no-store")];

/// A JSON answer: compact, a line.
pub(super) fn json(status: StatusCode, text: impl Into<String>) -> Response {
    let mut body = text.into();
    body.push('\n');
    (status, SAFE, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// A value by its bytes, as text where it is text: the real client reads it in the charset that is named.
pub(super) fn raw(value: &Value) -> Response {
    let bytes = bytes(value);
    let media =
        if std::str::from_utf8(&bytes).is_ok() { "text/plain; charset=utf-8" } else { "application/octet-stream" };
    (SAFE, [(header::CONTENT_TYPE, media)], bytes.into_owned()).into_response()
}

/// What a value reads as here: a text as it is, bytes as they are, the rest as its JSON text.
pub(super) fn bytes(value: &Value) -> Cow<'_, [u8]> {
    match value {
        Value::Bytes(bytes) => Cow::Borrowed(bytes),
        Value::Json { text, .. } => match text.content() {
            Some(content) => Cow::Owned(content.into_bytes()),
            None => Cow::Borrowed(text.as_str().as_bytes()),
        },
    }
}

/// The value that a body writes.
pub(super) fn value(body: &[u8]) -> Value {
    match std::str::from_utf8(body) {
        Ok(text) => Value::json(JsonText::string(text)),
        Err(_) => Value::Bytes(body.to_vec()),
    }
}

/// Writes `text` as a JSON string of ASCII alone.
pub(super) fn quote(text: &str, out: &mut String) {
    for character in JsonText::string(text).as_str().chars() {
        if character.is_ascii() {
            out.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            // Infallible: writing to a String.
            _ = write!(out, "\\u{unit:04x}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_ascii() {
        let mut out = String::new();
        quote("/u/é 😀 \"\\ \n\0", &mut out);
        assert_eq!(out, r#""/u/\u00e9 \ud83d\ude00 \"\\ \n\u0000""#);
    }

    #[test]
    fn text_is_text_and_every_other_value_its_json() {
        let read = |json: &str| String::from_utf8(bytes(&Value::json(JsonText::parse(json).unwrap())).into()).unwrap();
        assert_eq!(read(r#""a\u0000b""#), "a\0b");
        assert_eq!(read("1.0"), "1.0");
        assert_eq!(read(r#"{"b": [1, "x"]}"#), r#"{"b":[1,"x"]}"#);
        assert_eq!(read(r#""\ud800""#), r#""\ud800""#);
        assert_eq!(value("é".as_bytes()), Value::json(JsonText::string("é")));
        assert_eq!(value(b"\xff"), Value::Bytes(vec![0xFF]));
    }
}
