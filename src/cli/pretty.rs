//! JSON over many lines, every value by its own text.

use crate::domain::JsonText;

/// The document with a line for each item and field, and two spaces for each level.
pub(super) fn json(value: &JsonText) -> String {
    let (mut out, mut level, mut quoted, mut escaped) = (String::new(), 0_usize, false, false);
    let mut chars = value.as_str().chars().peekable();
    while let Some(c) = chars.next() {
        if quoted {
            out.push(c);
            (quoted, escaped) = (escaped || c != '"', c == '\\' && !escaped);
            continue;
        }
        match c {
            '[' | '{' => {
                out.push(c);
                if let Some(end) = chars.next_if(|next| matches!(next, ']' | '}')) {
                    out.push(end);
                } else {
                    level += 1;
                    break_line(&mut out, level);
                }
            }
            ']' | '}' => {
                level = level.saturating_sub(1);
                break_line(&mut out, level);
                out.push(c);
            }
            ',' => {
                out.push(c);
                break_line(&mut out, level);
            }
            ':' => out.push_str(": "),
            _ => {
                quoted = c == '"';
                out.push(c);
            }
        }
    }
    out
}

fn break_line(out: &mut String, level: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", level));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_goes_over_many_lines_and_comes_back_the_same() {
        let compact = r#"{"a":[1.0,{"b\"]":[]},"x:,"],"c":{},"d":{"e":12345678901234567890.10}}"#;
        let value = JsonText::parse(compact).expect("JSON");
        let shown = json(&value);
        assert!(shown.starts_with("{\n  \"a\": [\n    1.0,\n    {\n      \"b\\\"]\": []\n    },\n"), "{shown}");
        assert_eq!(JsonText::parse(&shown).expect("JSON"), value);
        assert_eq!(json(&JsonText::string("a:b")), "\"a:b\"");
    }
}
