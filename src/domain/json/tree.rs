//! JSON as a tree of exact values, with the meaning that PostgreSQL's `jsonb` gives it.

use super::{JsonText, number::Number, parse};

/// A JSON document by its value: `2` is `2.0`, the order of keys is free, the last of equal keys
/// counts.
///
/// Equality, order, containment and text are those of PostgreSQL's `jsonb` under collation C
/// (contract filter.md, section 5), for numbers of any size and for strings with NUL and lone
/// surrogates too, which `jsonb` refuses.
#[derive(Debug, Clone)]
pub struct Json(pub(super) Node);

impl Json {
    /// The document that `text` writes.
    #[must_use]
    pub fn parse(text: &JsonText) -> Self {
        Self(parse::parse(text.as_str()))
    }
}

impl From<&JsonText> for Json {
    fn from(text: &JsonText) -> Self {
        Self::parse(text)
    }
}

/// A value somewhere in the tree, never more than [`super::DEPTH`] levels above a leaf.
#[derive(Debug, Clone)]
pub(super) enum Node {
    /// `null`.
    Null,
    /// A string.
    String(Text),
    /// A number.
    Number(Number),
    /// `false` or `true`.
    Bool(bool),
    /// The items of an array.
    Array(Vec<Node>),
    /// The pairs of an object, sorted as [`object`] does.
    Object(Vec<(Text, Node)>),
}

/// The bytes of a string: UTF-8, where a lone surrogate takes the three bytes it would have if
/// UTF-8 allowed it (WTF-8). So every string is distinct, and bytes compare as code points do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Text(pub(super) Box<[u8]>);

/// The object of `pairs`: one pair per key, the last written; short keys first, then by bytes.
pub(super) fn object(mut pairs: Vec<(Text, Node)>) -> Node {
    pairs.reverse();
    pairs.sort_by(|(a, _), (b, _)| storage_order(&a.0, &b.0));
    pairs.dedup_by(|(a, _), (b, _)| a == b);
    Node::Object(pairs)
}

/// Where a key stands among an object's keys: by length in bytes, then by bytes.
pub(super) fn storage_order(a: &[u8], b: &[u8]) -> std::cmp::Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}
