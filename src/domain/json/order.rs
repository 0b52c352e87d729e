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
