//! Paths into a value: the argument of `value(path:)`.

use std::sync::Arc;

use super::{JsonText, parse, tree::Node};
use crate::domain::{Fault, KvError};

/// A path such as `$.jobs[0]["exit code"]`, in Hasura's grammar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonPath(Vec<Step>);

/// One step of a path: PostgreSQL takes a step by key into an array where the key reads as an
/// integer, and a step by index into an object as the key of these digits.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    /// The key as compact JSON text writes it.
    key: Arc<str>,
    /// The index; negative counts from the end.
    index: Option<i32>,
}

impl JsonPath {
    /// The path that `text` writes: `$` for the whole value, else steps `.name`, `[0]`, `["any
    /// key"]` or `['any key']`, their first dot and the `$` before them optional.
    ///
    /// # Errors
    /// [`KvError::BadQuery`] with Hasura's message, which repeats the path.
    pub fn parse(text: &str) -> Result<Self, KvError> {
        if text == "$" {
            return Ok(Self(Vec::new()));
        }
        let mut rest = text.strip_prefix('$').unwrap_or(text);
        let mut steps = Vec::new();
        while let Some((step, after)) = step(rest) {
            steps.push(step);
            rest = after;
        }
        if rest.is_empty() && !steps.is_empty() { Ok(Self(steps)) } else { Err(refused(text)) }
    }

    /// The part of `value` that the path leads to, by its own text; `None` where there is none.
    #[must_use]
    pub fn get(&self, value: &JsonText) -> Option<JsonText> {
        if self.0.is_empty() {
            return Some(value.clone());
        }
        let part = self.0.iter().try_fold(value.as_str(), |part, step| step.take(part))?;
        Some(JsonText(part.into()))
    }
}

fn refused(path: &str) -> KvError {
    KvError::bad_query(
        Fault::Query,
        format!(
            "parse json path error: {path}. Accept letters, digits, underscore (_) or hyphen (-) only. \
         Use quotes enclosed in bracket ([\"...\"]) if there is any special character"
        ),
    )
}

/// The step that `path` starts with, and what follows it.
fn step(path: &str) -> Option<(Step, &str)> {
    let path = path.strip_prefix('.').unwrap_or(path);
    if let Some(inside) = path.strip_prefix('[') {
        let (step, after) = index(inside).or_else(|| quoted(inside))?;
        return Some((step, after.strip_prefix(']')?));
    }
    let is_part = |c: char| c.is_alphabetic() || c.is_ascii_digit() || matches!(c, '_' | '-');
    let end = path.find(|c| !is_part(c)).unwrap_or(path.len());
    let (name, after) = path.split_at(end);
    let first = name.chars().next()?;
    (first.is_alphabetic() || first == '_').then(|| (Step::key(name), after))
}

fn index(inside: &str) -> Option<(Step, &str)> {
    let end = inside.find(|c: char| !c.is_ascii_digit()).unwrap_or(inside.len());
    let (digits, after) = inside.split_at(end);
    if digits.is_empty() {
        return None;
    }
    let digits = digits.trim_start_matches('0');
    Some((Step::key(if digits.is_empty() { "0" } else { digits }), after))
}

/// A step by a key in quotes; between them JSON's escapes count.
fn quoted(inside: &str) -> Option<(Step, &str)> {
    let quote = inside.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut json = String::from('"');
    let mut chars = inside[1..].chars();
    loop {
        match chars.next()? {
            c if c == quote => break,
            '"' => json.push_str("\\\""),
            '\\' => match chars.next()? {
                '\'' if quote == '\'' => json.push('\''),
                escaped => json.extend(['\\', escaped]),
            },
            c => json.push(c),
        }
    }
    json.push('"');
    let key = JsonText::parse(&json).ok()?;
    let Node::String(text) = parse::parse(key.as_str()) else { return None };
    let index = std::str::from_utf8(&text.0).ok().and_then(subscript);
    Some((Step { key: key.0, index }, chars.as_str()))
}

impl Step {
    fn key(name: &str) -> Self {
        Self { key: JsonText::string(name).0, index: subscript(name) }
    }

    /// The part of `value`, a compact text, that the step leads to.
    fn take<'a>(&self, value: &'a str) -> Option<&'a str> {
        match value.as_bytes().first()? {
            b'{' => pairs(value).filter(|(key, _)| **key == *self.key).last().map(|(_, part)| part),
            b'[' => {
                let index = self.index?;
                let distance = usize::try_from(index.unsigned_abs()).ok()?;
                let at = if index < 0 { items(value).count().checked_sub(distance)? } else { distance };
                items(value).nth(at)
            }
            _ => None,
        }
    }
}

/// `text` as C's `strtol` reads it: white space and a sign may come first.
fn subscript(text: &str) -> Option<i32> {
    text.trim_start_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']).parse().ok()
}

/// The items of an array, by their text.
fn items(array: &str) -> impl Iterator<Item = &str> {
    let mut rest = array.get(1..).unwrap_or_default();
    std::iter::from_fn(move || next(&mut rest))
}

/// The pairs of an object, by their text, the keys with their quotes.
fn pairs(object: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = object.get(1..).unwrap_or_default();
    std::iter::from_fn(move || Some((next(&mut rest)?, next(&mut rest)?)))
}

/// Takes the next value off `rest`, with the comma or colon after it.
fn next<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let (value, after) = rest.split_at(length(rest));
    *rest = after.strip_prefix([',', ':']).unwrap_or(after);
    (!value.is_empty()).then_some(value)
}

/// How long the value is that `text` starts with; 0 where the array or object around it ends.
fn length(text: &str) -> usize {
    let (mut open, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'[' | b'{' => open += 1,
            b']' | b'}' | b',' | b':' if open == 0 => return at,
            b']' | b'}' => open -= 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str, value: &str) -> Option<String> {
        let value = JsonText::parse(value).expect(value);
        JsonPath::parse(path).expect(path).get(&value).map(|part| part.as_str().to_owned())
    }

    #[test]
    fn every_spelling_of_a_path_is_read() {
        let value = r#"{"a":{"b":[{"x y":1.50}]}}"#;
        for path in [
            r#"$.a.b[0]["x y"]"#,
            r#"a.b[0]["x y"]"#,
            ".a.b.[0].['x y']",
            "$a['b'][0]['x y']",
            r#"["a"]["b"][00]['x y']"#,
            r#"['a']["\u0062"][0]["x\u0020y"]"#,
        ] {
            assert_eq!(get(path, value).as_deref(), Some("1.50"), "{path}");
        }
        assert_eq!(get("$", value).as_deref(), Some(value));
        assert_eq!(get("[2]", "[0,1,2e0]").as_deref(), Some("2e0"));
        assert_eq!(get("état-1._x", r#"{"état-1":{"_x":null}}"#).as_deref(), Some("null"));
        assert_eq!(get(r#"['it\'s "so"']"#, r#"{"it's \"so\"":1}"#).as_deref(), Some("1"));
    }

    #[test]
    fn a_bad_path_is_repeated_in_hasuras_words() {
        for path in
            ["", "$..a", "$.a[", "$.a[?(@.b)]", "$$", "a.", "1", ".1", "-a", "[a]", "[-1]", "['a]", "[]", "a b", "a..b"]
        {
            let expected = format!(
                "parse json path error: {path}. Accept letters, digits, underscore (_) or hyphen (-) only. Use quotes \
                 enclosed in bracket ([\"...\"]) if there is any special character"
            );
            assert_eq!(JsonPath::parse(path).map_err(|error| error.to_string()), Err(expected));
        }
    }

    #[test]
    fn a_path_that_leads_nowhere_gives_nothing() {
        for (path, value) in
            [("a", "{}"), ("a", "[1]"), ("a", r#""a""#), ("[0]", "1"), ("[1]", "[1]"), ("a.b", r#"{"a":"b"}"#)]
        {
            assert_eq!(get(path, value), None, "{path} {value}");
        }
    }

    #[test]
    fn indexes_and_keys_read_each_other() {
        assert_eq!(get("a[1]", r#"{"a":{"1":"x"}}"#).as_deref(), Some(r#""x""#));
        assert_eq!(get(r#"["-1"]"#, "[1,2,3]").as_deref(), Some("3"));
        assert_eq!(get(r#"["-4"]"#, "[1,2,3]"), None);
        assert_eq!(get(r#"[" +1"]"#, "[1,2,3]").as_deref(), Some("2"));
        assert_eq!(get(r#"["1 "]"#, "[1,2,3]"), None);
        assert_eq!(get("[4294967297]", "[1,2,3]"), None);
    }

    #[test]
    fn the_last_of_equal_keys_counts_and_text_stays_as_written() {
        assert_eq!(get("a", r#"{"a":1,"b":"}{,\"a","a":[1E+2,"]"],"c":0}"#).as_deref(), Some(r#"[1E+2,"]"]"#));
        assert_eq!(get("['\"\\\\']", r#"{"\"\\":-0.00}"#).as_deref(), Some("-0.00"));
    }
}
