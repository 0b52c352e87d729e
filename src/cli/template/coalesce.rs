//! Kestra's `??`, which the engine does not know: `a ?? b` is `(a) | default(b)`.

use std::borrow::Cow;

/// The template with every `??` between the parts of an expression `{{ ... }}` spelled as a filter.
pub(super) fn template(text: &str) -> Cow<'_, str> {
    if !text.contains("??") {
        return Cow::Borrowed(text);
    }
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, inside)) = rest.split_once("{{") {
        let Some((inside, after)) = inside.split_once("}}") else { break };
        out.extend([before, "{{", &expression(inside), "}}"]);
        rest = after;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The same, of an expression alone.
pub(super) fn expression(text: &str) -> Cow<'_, str> {
    let parts = parts(text);
    let Some((last, before)) = parts.split_last().filter(|(_, before)| !before.is_empty()) else {
        return Cow::Borrowed(text);
    };
    let chain = before.iter().rev().fold((*last).to_owned(), |rest, part| format!("({part}) | default({rest})"));
    Cow::Owned(format!(" {chain} "))
}

/// What stands between the `??` of an expression, outside of quotes and brackets.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut quote, mut escaped) = (Vec::new(), 0, 0_usize, None, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote.is_some() => escaped = true,
            c if quote.is_some() => quote = quote.filter(|open| *open != c),
            '"' | '\'' => quote = Some(c),
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '?' if depth == 0 && at >= start && text[at..].starts_with("??") => {
                parts.push(text[start..at].trim());
                start = at + 2;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_question_marks_are_a_filter_outside_of_quotes_and_brackets() {
        for (kestra, ours) in [
            (
                "a {{ kv('x', errorOnMissing=false) ?? 'd' }} ?? b",
                "a {{ (kv('x', errorOnMissing=false)) | default('d') }} ?? b",
            ),
            ("{{ a ?? b | upper ?? c }}{{ d }}", "{{ (a) | default((b | upper) | default(c)) }}{{ d }}"),
            ("{{ '??' }}{{ f(\"\\\"??\") }}{{", "{{ '??' }}{{ f(\"\\\"??\") }}{{"),
        ] {
            assert_eq!(template(kestra), ours);
        }
    }
}
