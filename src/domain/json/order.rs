//! The total order of JSON values.

use std::cmp::Ordering;

use super::tree::{Json, Node};

/// `jsonb`'s order, with its quirk that as a whole document the empty array comes first of all;
/// within another value it comes after every scalar.
impl Ord for Json {
    fn cmp(&self, other: &Self) -> Ordering {
        match (is_empty_array(&self.0), is_empty_array(&other.0)) {
            (false, false) => self.0.cmp(&other.0),
            (mine, theirs) => theirs.cmp(&mine),
        }
    }
}

fn is_empty_array(node: &Node) -> bool {
    matches!(node, Node::Array(items) if items.is_empty())
}

impl PartialOrd for Json {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Json {}

/// Null, strings, numbers, booleans, arrays, objects; among arrays and objects the shorter first.
///
/// An object's keys compare by bytes here, although their place in the object is by length first.
impl Ord for Node {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::String(a), Self::String(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.cmp(b),
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Array(a), Self::Array(b)) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
            (Self::Object(a), Self::Object(b)) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
            _ => rank(self).cmp(&rank(other)),
        }
    }
}

fn rank(node: &Node) -> u8 {
    match node {
        Node::Null => 0,
        Node::String(_) => 1,
        Node::Number(_) => 2,
        Node::Bool(_) => 3,
        Node::Array(_) => 4,
        Node::Object(_) => 5,
    }
}

impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Node {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::JsonText;

    fn json(text: &str) -> Json {
        Json::parse(&JsonText::parse(text).expect(text))
    }

    #[test]
    fn values_of_every_type_have_a_place() {
        let ascending = [
            "[]",
            "null",
            r#""""#,
            r#""a""#,
            r#""b""#,
            r#""é""#,
            "-1",
            "1",
            "2",
            "false",
            "true",
            "[1]",
            "[true]",
            "[[]]",
            "[{}]",
            "[0,0]",
            "{}",
            r#"{"a":1}"#,
            r#"{"b":0}"#,
            r#"{"a":1,"b":1}"#,
        ];
        for (n, a) in ascending.iter().enumerate() {
            for (m, b) in ascending.iter().enumerate() {
                assert_eq!(json(a).cmp(&json(b)), n.cmp(&m), "{a} {b}");
            }
        }
    }

    #[test]
    fn the_empty_array_is_the_least_only_as_a_whole_document() {
        assert!(json("[]") < json("null"));
        assert!(json("[[]]") > json("[null]"));
        assert!(json(r#"{"a":[]}"#) > json(r#"{"a":true}"#));
    }

    #[test]
    fn equality_is_by_value() {
        for (a, b) in [
            ("2", "2.0"),
            (r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1.0}"#),
            (r#"{"a":1,"a":2}"#, r#"{"a":2}"#),
            (r#""\u00e9""#, r#""é""#),
        ] {
            assert_eq!(json(a), json(b));
        }
        for (a, b) in [
            ("[1,2]", "[2,1]"),
            ("[1]", "[1,1]"),
            ("5", r#""5""#),
            ("true", r#""true""#),
            ("9007199254740993", "9007199254740992"),
            (r#""\u0000""#, r#""""#),
            (r#""\ud800""#, r#""\ud801""#),
            (r#""\ud800""#, r#""\ufffd""#),
        ] {
            assert_ne!(json(a), json(b));
        }
    }

    #[test]
    fn strings_compare_by_code_points() {
        for (a, b) in [("Z", "a"), ("z", "é"), ("é", "日"), ("\u{ffff}", "😀"), ("a", "aa")] {
            assert!(json(&format!("\"{a}\"")) < json(&format!("\"{b}\"")), "{a} {b}");
        }
        assert!(json(r#""\ud7ff""#) < json(r#""\ud800""#));
        assert!(json(r#""\udfff""#) < json(r#""\ue000""#));
    }

    #[test]
    fn keys_compare_by_bytes_though_they_are_stored_by_length() {
        assert!(json(r#"{"b":1}"#) > json(r#"{"aa":1}"#));
        assert!(json(r#"{"c":1,"aa":1}"#) > json(r#"{"b":1,"aaa":1}"#));
    }

    #[test]
    fn the_deepest_values_are_parsed_and_compared() {
        let deep = format!("{}1{}", "[".repeat(512), "]".repeat(512));
        assert_eq!(json(&deep), json(&deep));
    }
}
