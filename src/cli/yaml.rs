//! YAML with the place and the text of everything in it, so that numbers stay exact and errors name their line.

use std::collections::HashMap;

use anyhow::Result;
use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::exit::{Exit, failure};
use crate::domain::{JsonText, Kind, json::DEPTH};

/// Most nodes that a document may grow to by its aliases.
const NODES: usize = 1_000_000;

/// A value somewhere in a document.
#[derive(Debug, Clone)]
pub(super) struct Node {
    line: usize,
    column: usize,
    pub(super) content: Content,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(super) enum Content {
    /// Text; `plain` where neither quotes, a block nor a tag makes it a string.
    Scalar { text: String, plain: bool },
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the written order, each key once.
    Map(Vec<(String, Node)>),
}

/// A sequence or mapping whose end is not read yet, with the number of its anchor.
struct Open {
    node: Node,
    key: Option<String>,
    anchor: usize,
    size: Size,
}

/// How large a node is, itself included.
#[derive(Clone, Copy)]
struct Size {
    nodes: usize,
    depth: usize,
}

const ONE: Size = Size { nodes: 1, depth: 1 };

/// Builds the document from the parser's events.
#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: HashMap<usize, (Node, Size)>,
    root: Option<Node>,
}

/// The one document that `text` writes.
///
/// # Errors
/// A sentence with line and column.
pub(super) fn parse(text: &str) -> Result<Node> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            place(error.marker().line(), error.marker().col() + 1, &format!("this is not YAML: {}", error.info()))
        })?;
        builder.take(event, span)?;
    }
    builder.root.ok_or_else(|| place(1, 1, "the document is empty"))
}

fn place(line: usize, column: usize, message: &str) -> anyhow::Error {
    failure(Exit::Failed, format!("line {line}, column {column}: {message}"))
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<()> {
        let (line, column) = (span.start.line(), span.start.col() + 1);
        let node = |content| Node { line, column, content };
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = match tag.as_deref() {
                    None => style == ScalarStyle::Plain,
                    Some(tag) if tag.is_yaml_core_schema() && tag.suffix == "str" => false,
                    Some(_) => return Err(place(line, column, "of the tags, only !!str is known")),
                };
                self.put(node(Content::Scalar { text: text.into_owned(), plain }), anchor, ONE)
            }
            Event::SequenceStart(anchor, tag) => self.start(node(Content::List(Vec::new())), anchor, tag.is_some()),
            Event::MappingStart(anchor, tag) => self.start(node(Content::Map(Vec::new())), anchor, tag.is_some()),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open { node, anchor, size, .. }) => self.put(node, anchor, size),
                None => Ok(()),
            },
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some((known, size)) => self.put(Node { line, column, ..known }, 0, size),
                None => Err(place(line, column, "the alias names no anchor before it")),
            },
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(place(line, column, "a second document starts here; one is expected"))
            }
            _ => Ok(()),
        }
    }

    fn start(&mut self, node: Node, anchor: usize, tagged: bool) -> Result<()> {
        if tagged {
            return Err(node.error("of the tags, only !!str is known"));
        }
        self.open.push(Open { node, key: None, anchor, size: ONE });
        Ok(())
    }

    /// Puts a whole node where it belongs.
    fn put(&mut self, node: Node, anchor: usize, size: Size) -> Result<()> {
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), size));
        }
        let level = self.open.len();
        let Some(Open { node: parent, key, size: whole, .. }) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        whole.nodes += size.nodes;
        whole.depth = whole.depth.max(size.depth + 1);
        if whole.nodes > NODES || level + size.depth > DEPTH {
            return Err(node.error(&format!("more than {NODES} values, or nested more than {DEPTH} deep")));
        }
        match (&mut parent.content, key.take(), node) {
            (Content::List(items), _, node) => items.push(node),
            (Content::Map(fields), Some(name), node) => fields.push((name, node)),
            (Content::Map(fields), None, Node { content: Content::Scalar { text, .. }, line, column }) => {
                if fields.iter().any(|(name, _)| *name == text) {
                    return Err(place(line, column, &format!("the key {text:?} is there twice")));
                }
                *key = Some(text);
            }
            (_, _, node) => return Err(node.error("a key has to be text")),
        }
        Ok(())
    }
}

impl Node {
    /// A sentence about this place.
    pub(super) fn error(&self, message: &str) -> anyhow::Error {
        place(self.line, self.column, message)
    }

    /// The line, from 1.
    pub(super) fn line(&self) -> usize {
        self.line
    }

    /// The fields of a mapping.
    ///
    /// # Errors
    /// A sentence with line and column, where it is none.
    pub(super) fn fields(&self, what: &str) -> Result<&[(String, Self)]> {
        match &self.content {
            Content::Map(fields) => Ok(fields),
            _ => Err(self.error(&format!("{what} is a mapping of names to values"))),
        }
    }

    /// The items of a sequence.
    ///
    /// # Errors
    /// As [`Self::fields`].
    pub(super) fn items(&self, what: &str) -> Result<&[Self]> {
        match &self.content {
            Content::List(items) => Ok(items),
            _ => Err(self.error(&format!("{what} is a list"))),
        }
    }

    /// The text of a scalar, whatever it could mean besides.
    ///
    /// # Errors
    /// As [`Self::fields`].
    pub(super) fn text(&self, what: &str) -> Result<&str> {
        match &self.content {
            Content::Scalar { text, .. } => Ok(text),
            _ => Err(self.error(&format!("{what} is text"))),
        }
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// As [`Self::fields`].
    pub(super) fn boolean(&self, what: &str) -> Result<bool> {
        match self.text(what)? {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(self.error(&format!("{what} is true or false"))),
        }
    }

    /// The same value as JSON, numbers by their text.
    ///
    /// # Errors
    /// Where JSON has no such value.
    pub(super) fn json(&self) -> Result<JsonText> {
        let mut text = String::new();
        self.write(&mut text)?;
        JsonText::parse(&text).map_err(|error| self.error(&error.to_string()))
    }

    /// Documents nest 512 deep at most, so does this recursion.
    fn write(&self, out: &mut String) -> Result<()> {
        match &self.content {
            Content::Scalar { text, plain: false } => out.push_str(JsonText::string(text).as_str()),
            Content::Scalar { text, plain: true } => out.push_str(&self.plain(text)?),
            Content::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    item.write(out)?;
                }
                out.push(']');
            }
            Content::Map(fields) => {
                out.push('{');
                for (at, (name, value)) in fields.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    out.push_str(JsonText::string(name).as_str());
                    out.push(':');
                    value.write(out)?;
                }
                out.push('}');
            }
        }
        Ok(())
    }

    /// A plain scalar as YAML 1.2's core schema reads it.
    fn plain(&self, text: &str) -> Result<String> {
        if matches!(text, "" | "~" | "null" | "Null" | "NULL") {
            return Ok("null".to_owned());
        }
        if matches!(text, "true" | "True" | "TRUE" | "false" | "False" | "FALSE") {
            return Ok(text.to_lowercase());
        }
        if let Ok(json) = JsonText::parse(text)
            && Kind::of(&json) == Kind::Number
        {
            return Ok(text.to_owned());
        }
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let special = matches!(unsigned.to_lowercase().as_str(), ".inf" | ".nan");
        let based =
            |prefix, base| unsigned.strip_prefix(prefix).is_some_and(|it: &str| u128::from_str_radix(it, base).is_ok());
        let starts = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        if special || based("0x", 16) || based("0o", 8) || (starts && unsigned.parse::<f64>().is_ok()) {
            return Err(self.error("write this number as JSON does, or text in quotes"));
        }
        Ok(JsonText::string(text).as_str().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> String {
        match parse(text).and_then(|node| node.json()) {
            Ok(json) => json.as_str().to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn values_become_json_with_numbers_as_they_are_written() {
        for (yaml, expected) in [
            (
                "a: 12345678901234567890.10\nb: [~, true, '1', x y]",
                r#"{"a":12345678901234567890.10,"b":[null,true,"1","x y"]}"#,
            ),
            (
                "- |\n  two\n  lines\n- 2026-01-01\n- !!str 5\n- 1.2.3\n- -0",
                r#"["two\nlines\n","2026-01-01","5","1.2.3",-0]"#,
            ),
            ("a: &x {b: 1}\nc: *x", r#"{"a":{"b":1},"c":{"b":1}}"#),
            ("\"\"", "\"\""),
        ] {
            assert_eq!(json(yaml), expected);
        }
    }

    #[test]
    fn what_cannot_be_read_names_its_line_and_column() {
        for (yaml, at, message) in [
            ("a: 1\nb: [1", "line 3, column 1", "not YAML"),
            ("a: 1\na: 2", "line 2, column 1", "twice"),
            ("a: 0x1F", "line 1, column 4", "as JSON does"),
            ("a: 010", "line 1, column 4", "as JSON does"),
            ("a: !!binary x", "line 1, column", "!!str"),
            ("[1]: 2", "line 1, column", "a key has to be text"),
            ("", "line 1, column 1", "empty"),
            ("a: 1\n---\nb: 2", "line 2, column 1", "second document"),
        ] {
            let error = json(yaml);
            assert!(error.starts_with(at) && error.contains(message), "{yaml:?}: {error}");
        }
    }

    #[test]
    fn aliases_cannot_fill_the_memory() {
        let lines: String =
            ('a'..='z').zip('b'..='z').fold("a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned(), |text, (from, to)| {
                text + &format!("{to}: &{to} [{}]\n", vec![format!("*{from}"); 9].join(","))
            });
        assert!(json(&lines).contains("more than 1000000 values"), "{}", json(&lines));
    }
}
