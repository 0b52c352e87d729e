//! Answers as JSON, with stored values by their exact text.

use async_graphql::{Pos, Response, ServerError, Value, indexmap::IndexMap};
use serde::Serialize;

use super::document::{Places, Refusal, RefusalKind, Root};
use crate::domain::{JsonText, KvError};

/// One answer: its body, and what the HTTP status depends on.
pub(super) struct Answer {
    pub(super) body: String,
    pub(super) outcome: Outcome,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It ran, perhaps with field errors.
    Ran,
    /// It was refused before it ran.
    Refused,
    /// It ran, and the token was allowed nothing of it.
    Forbidden,
    /// The token does not count.
    Unauthenticated,
    /// The database did not answer.
    Unavailable,
    /// The tenant asks too often; it may go on in so many seconds.
    RateLimited(u64),
}

#[derive(Serialize)]
struct Entry<'a> {
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    path: &'a [async_graphql::PathSegment],
    extensions: Extensions<'a>,
}

#[derive(Serialize)]
struct Location {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Extensions<'a> {
    code: &'a str,
    /// The place in the query that is to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
}

impl Answer {
    /// The engine's response, with the `roots` that were asked for, the `places` of errors, and at most so many of them.
    pub(super) fn of(response: &Response, roots: &[Root], places: &Places, most: usize) -> Self {
        // An error without a path comes from validation; a field's error has one.
        let ran = response.errors.is_empty() || response.errors.iter().any(|error| !error.path.is_empty());
        let codes: Vec<_> = response.errors.iter().map(|error| code(error, ran)).collect();
        let outcome = match codes.as_slice() {
            _ if !ran => Outcome::Refused,
            codes if codes.contains(&super::error::UNAVAILABLE) => Outcome::Unavailable,
            [_, ..] if codes.iter().all(|code| *code == "FORBIDDEN") && is_empty(&response.data) => Outcome::Forbidden,
            _ => Outcome::Ran,
        };
        let mut errors: Vec<_> =
            response.errors.iter().zip(&codes).take(most).map(|(it, code)| entry(it, code, places)).collect();
        if let Some(code) = codes.get(most) {
            let more = codes.len() - most;
            errors.push(Entry::new(&format!("{more} more errors are not shown (limits.errors)"), code));
        }
        let mut body = String::from("{");
        if !errors.is_empty() {
            write_errors(&errors, &mut body);
        }
        if errors.iter().any(|error| error.extensions.path.is_some()) {
            // What Hasura refuses, it refuses whole.
            body.push_str(",\"data\":null");
        } else if ran {
            body.push_str(if errors.is_empty() { "\"data\":" } else { ",\"data\":" });
            write_root(&response.data, roots, &mut body);
        }
        body.push('}');
        Self { body, outcome }
    }

    /// The answer to a document that was refused before validation.
    pub(super) fn refused(refusal: &Refusal) -> Self {
        let code = match refusal.kind {
            RefusalKind::Parse => "GRAPHQL_PARSE_FAILED",
            RefusalKind::Validation => "GRAPHQL_VALIDATION_FAILED",
            RefusalKind::Input => "BAD_USER_INPUT",
        };
        Self::error(&refusal.message, code, refusal.at, Outcome::Refused)
    }

    /// The answer to a caller that cannot be told, or that the store cannot serve at all.
    pub(super) fn failed(error: &KvError) -> Self {
        let outcome = match error {
            KvError::TooManyRequests { seconds, .. } => Outcome::RateLimited(*seconds),
            KvError::Unauthenticated(_) => Outcome::Unauthenticated,
            KvError::Unavailable(_) => Outcome::Unavailable,
            _ => Outcome::Refused,
        };
        Self::error(&super::error::message(error), super::error::code(error), None, outcome)
    }

    /// The array of errors of an answer that was refused: its body holds nothing else.
    pub(super) fn errors(&self) -> &str {
        let inner = self.body.strip_prefix("{\"errors\":").and_then(|rest| rest.strip_suffix('}'));
        inner.unwrap_or("[]")
    }

    /// One error and no data.
    pub(super) fn error(message: &str, code: &str, at: Option<Pos>, outcome: Outcome) -> Self {
        let entry = Entry { locations: at.into_iter().map(location).collect(), ..Entry::new(message, code) };
        let mut body = String::from("{");
        write_errors(&[entry], &mut body);
        body.push('}');
        Self { body, outcome }
    }
}

impl<'a> Entry<'a> {
    fn new(message: &str, code: &'a str) -> Self {
        let message = guarded(shortened(message), code);
        Self { message, locations: Vec::new(), path: &[], extensions: Extensions { code, path: None } }
    }
}

fn entry<'a>(error: &'a ServerError, code: &'a str, places: &Places) -> Entry<'a> {
    let locations = error.locations.iter().map(|at| location(places.find(*at))).collect();
    let extensions = Extensions { code, path: extension(error, "path") };
    Entry { locations, path: &error.path, extensions, ..Entry::new(&error.message, code) }
}

fn extension<'a>(error: &'a ServerError, name: &str) -> Option<&'a str> {
    match error.extensions.as_ref()?.get(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

fn code(error: &ServerError, ran: bool) -> &str {
    extension(error, "code").unwrap_or(if ran { "BAD_USER_INPUT" } else { "GRAPHQL_VALIDATION_FAILED" })
}

fn location(at: Pos) -> Location {
    Location { line: at.line, column: at.column }
}

/// The longest message; the engine quotes values, however long they are.
const MESSAGE: usize = 1_000;

fn shortened(message: &str) -> &str {
    message.get(..message.floor_char_boundary(MESSAGE)).unwrap_or(message)
}

/// Words that Prefect's client looks for in any error (contract prefect.md, section 0): a message
/// that quotes a document must not trip it into signing out or trying again for a minute.
const TRIPWIRES: [&str; 3] = ["UNAUTHENTICATED", "API_ERROR", "Malformed Authorization header"];

fn guarded(message: &str, code: &str) -> String {
    if matches!(code, "UNAUTHENTICATED" | "API_ERROR") || !TRIPWIRES.iter().any(|word| message.contains(word)) {
        return message.to_owned();
    }
    TRIPWIRES.iter().fold(message.to_owned(), |message, word| message.replace(word, "..."))
}

fn write_errors(errors: &[Entry<'_>], out: &mut String) {
    out.push_str("\"errors\":");
    // Strings, numbers and plain structs: these cannot fail to serialise.
    out.push_str(&serde_json::to_string(errors).unwrap_or_else(|_| "[]".to_owned()));
}

/// Whether every field of the root is null.
fn is_empty(data: &Value) -> bool {
    match data {
        Value::Null => true,
        Value::Object(fields) => fields.values().all(|field| *field == Value::Null),
        _ => false,
    }
}

/// Writes the root: in the order of the question, and with null for a field that failed, where it may be null.
///
/// The engine gives fields in the order in which they were done, and drops those that failed.
fn write_root(data: &Value, roots: &[Root], out: &mut String) {
    let none = IndexMap::new();
    let fields = match data {
        Value::Object(fields) => fields,
        _ => &none,
    };
    if roots.iter().any(|root| !root.nullable && !fields.contains_key(&root.key)) {
        out.push_str("null");
        return;
    }
    out.push('{');
    for (at, root) in roots.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        JsonText::quote(&root.key, out);
        out.push(':');
        write_value(fields.get(&root.key).unwrap_or(&Value::Null), out);
    }
    out.push('}');
}

/// Writes `value`; binary values hold JSON text, which goes out as it is, and is UTF-8.
fn write_value(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Boolean(true) => out.push_str("true"),
        Value::Boolean(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => JsonText::quote(text, out),
        Value::Enum(name) => JsonText::quote(name, out),
        Value::Binary(json) => out.push_str(std::str::from_utf8(json).unwrap_or("null")),
        Value::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_value(item, out);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            out.push('{');
            for (at, (name, item)) in fields.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                JsonText::quote(name, out);
                out.push(':');
                write_value(item, out);
            }
            out.push('}');
        }
    }
}
