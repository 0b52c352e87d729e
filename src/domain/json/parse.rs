//! From text to tree, without recursion: a value nests 512 deep, a thread's stack need not.

use super::{
    number::Number,
    tree::{Node, Text, object},
};

/// An array or object whose end is not read yet.
enum Open {
    Array(Vec<Node>),
    Object { pairs: Vec<(Text, Node)>, key: Option<Text> },
}

/// The value that `text`, a valid document, writes; of any other text, some value.
pub(super) fn parse(text: &str) -> Node {
    let mut open: Vec<Open> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.bytes().next() {
        let after = rest.get(1..).unwrap_or_default();
        let (node, after) = match first {
            b'[' => {
                open.push(Open::Array(Vec::new()));
                (None, after)
            }
            b'{' => {
                open.push(Open::Object { pairs: Vec::new(), key: None });
                (None, after)
            }
            b']' | b'}' => (open.pop().map(close), after),
            b'"' => string(after, &mut open),
            b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' => (None, after),
            _ => {
                let end = rest.find([',', ']', '}', ' ', '\t', '\r', '\n']).unwrap_or(rest.len());
                (Some(scalar(&rest[..end])), &rest[end..])
            }
        };
        rest = after;
        let Some(node) = node else { continue };
        match open.last_mut() {
            None => return node,
            Some(Open::Array(items)) => items.push(node),
            Some(Open::Object { pairs, key }) => pairs.extend(key.take().map(|key| (key, node))),
        }
    }
    Node::Null
}

fn close(open: Open) -> Node {
    match open {
        Open::Array(items) => Node::Array(items),
        Open::Object { pairs, .. } => object(pairs),
    }
}

/// The string whose opening quote is already read, unless it is a key: then it is put aside in
/// `open`. And what follows it.
fn string<'a>(rest: &'a str, open: &mut [Open]) -> (Option<Node>, &'a str) {
    let (text, after) = unescape(rest);
    match open.last_mut() {
        Some(Open::Object { key: key @ None, .. }) => {
            *key = Some(text);
            (None, after)
        }
        _ => (Some(Node::String(text)), after),
    }
}

fn scalar(token: &str) -> Node {
    match token {
        "null" => Node::Null,
        "true" => Node::Bool(true),
        "false" => Node::Bool(false),
        number => Node::Number(Number::parse(number)),
    }
}

fn unescape(mut rest: &str) -> (Text, &str) {
    let mut bytes = Vec::new();
    while let Some(at) = rest.find(['"', '\\']) {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        if rest.as_bytes()[at] == b'"' {
            return (Text(bytes.into()), &rest[at + 1..]);
        }
        rest = escape(&rest[at + 1..], &mut bytes);
    }
    (Text(bytes.into()), "")
}

/// Reads the escape whose backslash is already read; gives what follows it.
fn escape<'a>(rest: &'a str, bytes: &mut Vec<u8>) -> &'a str {
    let simple = match rest.as_bytes().first() {
        Some(b'b') => 8,
        Some(b'f') => 12,
        Some(b'n') => b'\n',
        Some(b'r') => b'\r',
        Some(b't') => b'\t',
        Some(b'u') => return unicode(&rest[1..], bytes),
        Some(other) => *other,
        None => return rest,
    };
    bytes.push(simple);
    rest.get(1..).unwrap_or_default()
}

/// Reads a `\u` escape; compact text has none for characters that UTF-8 can write in full, so a
/// surrogate here is a lone one.
fn unicode<'a>(rest: &'a str, bytes: &mut Vec<u8>) -> &'a str {
    let Some(unit) = rest.get(..4).and_then(|digits| u16::from_str_radix(digits, 16).ok()) else { return rest };
    if let Some(c) = char::from_u32(u32::from(unit)) {
        bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        let [high, low] = unit.to_be_bytes();
        bytes.extend([0xE0 | (high >> 4), 0x80 | ((high & 0x0F) << 2) | (low >> 6), 0x80 | (low & 0x3F)]);
    }
    &rest[4..]
}

#[cfg(test)]
mod tests {
    use crate::domain::{Json, JsonText};

    #[test]
    fn a_text_that_is_no_json_harms_nobody() {
        for text in ["", "é", "\"", "\"\\", "\"\\é", "\"\\u12", "[", "]", "{\"a\"", "{1}", "-", "1e", "[1}", "😀]"]
        {
            let shown = Json::parse(&JsonText::stored(text.to_owned())).to_pg_text();
            assert!(shown.len() < 40, "{text}");
        }
    }
}
