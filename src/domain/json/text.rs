//! The text that PostgreSQL gives a `jsonb`.

use std::fmt::Write;

use super::{
    compact,
    tree::{Json, Node, Text},
};

impl Json {
    /// The value as `jsonb::text` writes it: `{"x": 2, "y": [1, 2]}`, keys in storage order,
    /// numbers without exponent.
    #[must_use]
    pub fn to_pg_text(&self) -> String {
        let mut out = String::new();
        write(&self.0, &mut out);
        out
    }
}

/// As deep as the value goes, so at most [`super::DEPTH`] calls.
fn write(node: &Node, out: &mut String) {
    match node {
        Node::Null => out.push_str("null"),
        Node::Bool(true) => out.push_str("true"),
        Node::Bool(false) => out.push_str("false"),
        Node::String(text) => quote(text, out),
        // Infallible: writing to a String.
        Node::Number(number) => _ = write!(out, "{number}"),
        Node::Array(items) => {
            out.push('[');
            separated(items, out, write);
            out.push(']');
        }
        Node::Object(pairs) => {
            out.push('{');
            separated(pairs, out, |(key, node), out| {
                quote(key, out);
                out.push_str(": ");
                write(node, out);
            });
            out.push('}');
        }
    }
}

fn separated<T>(items: &[T], out: &mut String, each: impl Fn(&T, &mut String)) {
    for (n, item) in items.iter().enumerate() {
        if n > 0 {
            out.push_str(", ");
        }
        each(item, out);
    }
}

fn quote(text: &Text, out: &mut String) {
    out.push('"');
    let mut rest: &[u8] = &text.0;
    while !rest.is_empty() {
        let valid = std::str::from_utf8(rest).map_or_else(|error| error.valid_up_to(), str::len);
        let (plain, after) = rest.split_at(valid);
        std::str::from_utf8(plain).unwrap_or_default().chars().for_each(|c| compact::push(c, out));
        rest = surrogate(after, out);
    }
    out.push('"');
}

/// Writes the lone surrogate that `rest` starts with, if it is not empty; gives what follows it.
fn surrogate<'a>(rest: &'a [u8], out: &mut String) -> &'a [u8] {
    let [_, high, low, after @ ..] = rest else { return &[] };
    let unit = 0xD000 | (u16::from(high & 0x3F) << 6) | u16::from(low & 0x3F);
    _ = write!(out, "\\u{unit:04x}");
    after
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::JsonText;

    #[test]
    fn text_is_that_of_jsonb() {
        for (written, shown) in [
            (r#"{"x":2,"y":[1,2]}"#, r#"{"x": 2, "y": [1, 2]}"#),
            (r#"{"aa":1,"b":2,"a":3,"c":3,"a":4}"#, r#"{"a": 4, "b": 2, "c": 3, "aa": 1}"#),
            (r#"{"é":1,"zz":2,"z":3}"#, r#"{"z": 3, "zz": 2, "é": 1}"#),
            ("[5.0,1.10,1e3,-0,null,true,false]", "[5.0, 1.10, 1000, 0, null, true, false]"),
            ("[]", "[]"),
            ("{}", "{}"),
            (r#""\u00e9\n\"\\\/\u001f\u007f😀""#, "\"é\\n\\\"\\\\/\\u001f\u{7f}😀\""),
        ] {
            let json = Json::parse(&JsonText::parse(written).expect(written));
            assert_eq!(json.to_pg_text(), shown);
        }
    }

    #[test]
    fn what_jsonb_refuses_stays_an_escape() {
        let written = r#""a\ud800b\udfff\u0000é""#;
        assert_eq!(Json::parse(&JsonText::parse(written).expect(written)).to_pg_text(), written);
    }
}
