//! What the text of a value must have in it, so that a database that knows no JSON can pass over the rest.

use super::{
    Json, JsonText,
    tree::{Node, Text},
};

/// A piece of compact text that every value has in it, however written, that equals or contains another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle {
    /// The piece. Compact text spells a string, or a key, in one way only, and has no white space.
    pub text: String,
    /// Where a number ends it: the pieces of which text must have one that writes the number with an exponent (a
    /// digit, then `e` or `E`), and so has [`Self::text`] perhaps not.
    pub with_exponent: Option<[String; 2]>,
}

impl Json {
    /// The needles of every value that equals this one or contains it: its keys, each with the start of
    /// what it leads to, and its scalars.
    #[must_use]
    pub fn needles(&self) -> Vec<Needle> {
        let mut needles = Vec::new();
        collect(&self.0, String::new(), &mut needles);
        needles
    }

    /// The text of a string; none of other values, and of a string with a lone surrogate.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.0 {
            Node::String(text) => std::str::from_utf8(&text.0).ok(),
            _ => None,
        }
    }
}

impl Needle {
    /// What every value has in it that has the key `key` in the sense of [`Json::has_key`].
    #[must_use]
    pub fn key(key: &str) -> Self {
        Self::fixed(JsonText::string(key).as_str().to_owned())
    }

    fn fixed(text: String) -> Self {
        Self { text, with_exponent: None }
    }
}

/// The needles of `node`, which stands right after `before`, a key with its colon, or within an array.
/// As deep as the value goes, so at most [`super::DEPTH`] calls.
fn collect(node: &Node, before: String, needles: &mut Vec<Needle>) {
    let needle = match node {
        // Its text has the key, and the sign, the digits or the exponent that it likes.
        Node::Number(number) => number.plain().map_or_else(
            || Needle::fixed(before.clone()),
            |plain| {
                // Whatever the exponent, the first digits are the same, or there is a zero before the point.
                let with_exponent = number.starts().map(|start| format!("{before}{start}"));
                Needle { text: format!("{before}{plain}"), with_exponent: Some(with_exponent) }
            },
        ),
        Node::Array(_) => Needle::fixed(before + "["),
        Node::Object(_) => Needle::fixed(before + "{"),
        scalar => Needle::fixed(before + &Json(scalar.clone()).to_pg_text()),
    };
    if !needle.text.is_empty() {
        needles.push(needle);
    }
    match node {
        Node::Array(items) => items.iter().for_each(|item| collect(item, String::new(), needles)),
        Node::Object(pairs) => {
            for (key, node) in pairs {
                collect(node, spelled(key) + ":", needles);
            }
        }
        _ => {}
    }
}

fn spelled(text: &Text) -> String {
    Json(Node::String(text.clone())).to_pg_text()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needles(text: &str) -> Vec<String> {
        let json = Json::parse(&JsonText::parse(text).expect(text));
        let written = |needle: Needle| {
            let [first, zero] = needle.with_exponent.unwrap_or_default();
            [needle.text, first, zero].join(" ").trim().to_owned()
        };
        json.needles().into_iter().map(written).collect()
    }

    #[test]
    fn every_key_and_scalar_is_looked_for_as_compact_text_spells_it() {
        for (value, expected) in [
            ("null", &["null"][..]),
            (r#""a\u0062\n\u00e9\u0000""#, &[r#""ab\né\u0000""#]),
            ("1234.0", &["1234 1 0."]),
            ("1.50e1", &["15 1 0."]),
            ("-0.50", &["-0.5 -5 -0."]),
            ("9200", &["9200 9 0."]),
            // Zero may have a sign, and huge numbers no other spelling that fits.
            ("0", &[]),
            ("-0.0", &[]),
            ("1e999999999", &[]),
            (r#"{"n":-0}"#, &["{", r#""n":"#]),
            (
                r#"{ "a" : {"k": true}, "b\"": [2, "x", {}], "c": 70 }"#,
                &["{", r#""a":{"#, r#""k":true"#, r#""c":70 "c":7 "c":0."#, r#""b\"":["#, "2 2 0.", r#""x""#, "{"],
            ),
        ] {
            assert_eq!(needles(value), expected, "{value}");
        }
        assert_eq!(Needle::key("a\"\u{1f}").text, r#""a\"\u001f""#);
    }
}
