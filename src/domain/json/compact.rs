//! The compact form of a JSON text that is known to be valid.

use std::fmt::Write;

/// `json` without white space between tokens and with strings in plain UTF-8; `None` where it nests
/// deeper than `depth`.
pub(super) fn compact(json: &str, depth: usize) -> Option<String> {
    let mut out = String::with_capacity(json.len());
    let mut open = 0;
    let mut rest = json;
    while let Some(at) = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '"' | '[' | '{' | ']' | '}')) {
        out.push_str(&rest[..at]);
        let found = rest.as_bytes()[at];
        rest = &rest[at + 1..];
        match found {
            b'"' => rest = string(rest, &mut out),
            b'[' | b'{' => {
                open += 1;
                if open > depth {
                    return None;
                }
                out.push(char::from(found));
            }
            b']' | b'}' => {
                open -= 1;
                out.push(char::from(found));
            }
            _ => {}
        }
    }
    out.push_str(rest);
    Some(out)
}

/// Writes `content` as a JSON string.
pub(super) fn quote(content: &str, out: &mut String) {
    out.push('"');
    let mut rest = content;
    while let Some(at) = rest.bytes().position(|byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = special.chars();
        chars.by_ref().take(1).for_each(|c| push(c, out));
        rest = chars.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

/// Copies the string whose opening quote is already read; gives what follows its closing quote.
fn string<'a>(mut rest: &'a str, out: &mut String) -> &'a str {
    out.push('"');
    while let Some(at) = rest.find(['"', '\\']) {
        out.push_str(&rest[..at]);
        if rest.as_bytes()[at] == b'"' {
            out.push('"');
            return &rest[at + 1..];
        }
        rest = escape(&rest[at + 1..], out);
    }
    rest
}

/// Copies the escape whose backslash is already read; gives what follows it.
fn escape<'a>(rest: &'a str, out: &mut String) -> &'a str {
    let simple = match rest.as_bytes().first() {
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode(&rest[1..], out),
        Some(other) => char::from(*other),
        None => return rest,
    };
    push(simple, out);
    &rest[1..]
}

/// Copies a `\u` escape, joining surrogate pairs; gives what follows it.
fn unicode<'a>(rest: &'a str, out: &mut String) -> &'a str {
    let Some(unit) = hex(rest) else { return rest };
    let after = &rest[4..];
    if let Some(c) = char::from_u32(unit) {
        push(c, out);
        return after;
    }
    let low = after.strip_prefix("\\u").and_then(hex).filter(|low| (0xDC00..0xE000).contains(low));
    match low {
        Some(low) if unit < 0xDC00 => {
            out.extend(char::from_u32(0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00)));
            &after[6..]
        }
        _ => {
            // Infallible: writing to a String.
            let _ = write!(out, "\\u{unit:04x}");
            after
        }
    }
}

fn hex(text: &str) -> Option<u32> {
    text.get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok())
}

pub(super) fn push(c: char, out: &mut String) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\0'..='\u{1f}' => {
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        }
        other => out.push(other),
    }
}
