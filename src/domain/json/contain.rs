//! Containment and keys: what `@>`, `?`, `?|` and `?&` ask.

use super::tree::{Json, Node, Text, storage_order};

/// Arrays longer than this are sorted before another array's items are looked up in them.
const SHORT: usize = 16;

impl Json {
    /// Whether `other` is within this value, at its top level: every pair of an object, every item
    /// of an array, in any order and number. An array contains a scalar; nothing below does.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Node::Array(items), scalar) if is_scalar(scalar) => items.contains(scalar),
            (whole, part) => contains(whole, part),
        }
    }

    /// Whether `key` is a key of this object, a string in this array, or this string.
    #[must_use]
    pub fn has_key(&self, key: &str) -> bool {
        let key = key.as_bytes();
        let is_key = |node: &Node| matches!(node, Node::String(text) if *text.0 == *key);
        match &self.0 {
            Node::Object(pairs) => find(pairs, key).is_some(),
            Node::Array(items) => items.iter().any(is_key),
            scalar => is_key(scalar),
        }
    }

    /// Whether one of `keys` is a key; none of no keys is.
    #[must_use]
    pub fn has_any_key<K: AsRef<str>>(&self, keys: &[K]) -> bool {
        keys.iter().any(|key| self.has_key(key.as_ref()))
    }

    /// Whether each of `keys` is a key; all of no keys are, even of a number.
    #[must_use]
    pub fn has_all_keys<K: AsRef<str>>(&self, keys: &[K]) -> bool {
        keys.iter().all(|key| self.has_key(key.as_ref()))
    }
}

fn is_scalar(node: &Node) -> bool {
    !matches!(node, Node::Array(_) | Node::Object(_))
}

/// As deep as both values go, so at most [`super::DEPTH`] calls.
fn contains(whole: &Node, part: &Node) -> bool {
    match (whole, part) {
        (Node::Object(whole), Node::Object(part)) => {
            part.iter().all(|(key, part)| find(whole, &key.0).is_some_and(|whole| contains(whole, part)))
        }
        (Node::Array(whole), Node::Array(part)) => contains_items(whole, part),
        (whole, part) => is_scalar(part) && whole == part,
    }
}

fn contains_items(whole: &[Node], part: &[Node]) -> bool {
    let (scalars, nested): (Vec<_>, Vec<_>) = part.iter().partition(|item| is_scalar(item));
    contains_scalars(whole, &scalars)
        && nested.iter().all(|part| whole.iter().any(|whole| !is_scalar(whole) && contains(whole, part)))
}

fn contains_scalars(whole: &[Node], scalars: &[&Node]) -> bool {
    if whole.len().min(scalars.len()) <= SHORT {
        return scalars.iter().all(|scalar| whole.contains(scalar));
    }
    let mut sorted: Vec<&Node> = whole.iter().filter(|item| is_scalar(item)).collect();
    sorted.sort_unstable();
    scalars.iter().all(|scalar| sorted.binary_search(scalar).is_ok())
}

fn find<'a>(pairs: &'a [(Text, Node)], key: &[u8]) -> Option<&'a Node> {
    let at = pairs.binary_search_by(|(name, _)| storage_order(&name.0, key)).ok()?;
    pairs.get(at).map(|(_, node)| node)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::JsonText;

    fn json(text: &str) -> Json {
        Json::parse(&JsonText::parse(text).expect(text))
    }

    #[test]
    fn values_contain_their_parts() {
        for (whole, part) in [
            (r#"{"cfg":{"cpu":2,"mem":"x"}}"#, r#"{"cfg":{"cpu":2.0}}"#),
            ("[1,2,3]", "[3,1]"),
            ("[1,2,3]", "[1,1]"),
            ("[1,[2]]", "[[2]]"),
            ("[5]", "5"),
            ("[5,6]", "5"),
            ("[null]", "null"),
            (r#"[{"a":1,"b":2}]"#, r#"[{"a":1}]"#),
            (r#"{"a":1}"#, "{}"),
            ("[1]", "[]"),
            ("[]", "[]"),
            ("5", "5.0"),
            (r#"{"a":[1,[2,3]]}"#, r#"{"a":[[3]]}"#),
        ] {
            assert!(json(whole).contains(&json(part)), "{whole} @> {part}");
        }
    }

    #[test]
    fn values_contain_nothing_else() {
        for (whole, part) in [
            ("[1,[2]]", "2"),
            ("[1,[2]]", "[2]"),
            ("[[5]]", "5"),
            ("5", "[5]"),
            ("5", r#""5""#),
            (r#"{"a":[1,2]}"#, r#"{"a":1}"#),
            ("{}", "[]"),
            ("[]", "{}"),
            ("[{}]", "{}"),
            (r#"{"a":1}"#, r#"{"a":1,"b":2}"#),
            (r#"{"a":1}"#, r#""a""#),
        ] {
            assert!(!json(whole).contains(&json(part)), "{whole} @> {part}");
        }
    }

    #[test]
    fn long_arrays_contain_what_short_ones_do() {
        let numbers =
            |step: u32| format!("[{}]", (0..100).map(|n| (n * step).to_string()).collect::<Vec<_>>().join(","));
        let evens = format!("[{}]", (0..50).rev().map(|n| (n * 2).to_string()).collect::<Vec<_>>().join(","));
        assert!(json(&numbers(1)).contains(&json(&evens)));
        assert!(!json(&numbers(1)).contains(&json(&numbers(2))));
    }

    #[test]
    fn keys_are_those_of_the_top_level() {
        for (value, key, there) in [
            (r#"{"a":{"b":1},"é":null}"#, "a", true),
            (r#"{"a":{"b":1},"é":null}"#, "é", true),
            (r#"{"a":{"b":1}}"#, "b", false),
            (r#"["a",1]"#, "a", true),
            (r#"["a",1]"#, "1", false),
            (r#"[["a"]]"#, "a", false),
            (r#""a""#, "a", true),
            ("1", "1", false),
        ] {
            assert_eq!(json(value).has_key(key), there, "{value} ? {key}");
        }
    }

    #[test]
    fn any_of_no_keys_is_false_and_all_of_none_is_true() {
        let (value, none) = (json("1"), [""; 0]);
        assert!(!value.has_any_key(&none) && value.has_all_keys(&none));
        let value = json(r#"{"a":1,"b":2}"#);
        assert!(value.has_any_key(&["x", "b"]) && !value.has_any_key(&["x"]));
        assert!(value.has_all_keys(&["b", "a"]) && !value.has_all_keys(&["a", "x"]));
    }
}
