//! SIMILAR TO, in terms of POSIX advanced regular expressions, as PostgreSQL does it.

use crate::domain::{Fault, KvError};

/// The expression that says what the SIMILAR TO pattern `source` says.
///
/// Step for step PostgreSQL's translation (15.14 and later), since it decides the odd cases: where a
/// bracket ends, and that a last lone `\` counts for nothing.
pub(super) fn to_posix(source: &str) -> Result<String, KvError> {
    let mut out = String::from("^(?:");
    let mut separators = ["){1,1}?(", "){1,1}(?:"].into_iter();
    let mut bracket = Bracket::default();
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('"') if bracket.depth == 0 => out.push_str(separators.next().ok_or_else(too_many_separators)?),
                Some(escaped) => {
                    out.extend(['\\', escaped]);
                    bracket.started = true;
                }
                None => {}
            },
            c if bracket.depth > 0 => {
                out.push(c);
                bracket.read(c);
            }
            '%' => out.push_str(".*"),
            '_' => out.push('.'),
            '(' => out.push_str("(?:"),
            '.' | '^' | '$' => out.extend(['\\', c]),
            '[' => {
                out.push('[');
                bracket = Bracket { depth: 1, ..Bracket::default() };
            }
            c => out.push(c),
        }
    }
    out.push_str(")$");
    Ok(out)
}

/// Texts that are in every text that the pattern `source` matches; none where some of it need not be there.
pub(super) fn parts(source: &str) -> Vec<String> {
    if source.contains(['|', '(', '[', '*', '?', '{', '\\']) {
        return Vec::new();
    }
    source.split(['%', '_', '+']).filter(|part| !part.is_empty()).map(ToOwned::to_owned).collect()
}

/// How far a bracket expression is read.
#[derive(Debug, Default)]
struct Bracket {
    /// Its own `[` and those within, such as that of `[:alpha:]`, that are still open.
    depth: usize,
    /// Whether it starts with `^`.
    negated: bool,
    /// Whether it has a member: a `]` before that is one.
    started: bool,
}

impl Bracket {
    fn read(&mut self, c: char) {
        match c {
            ']' if self.started => self.depth -= 1,
            '[' => {
                self.depth += 1;
                self.started = true;
            }
            '^' if !self.negated && !self.started => self.negated = true,
            _ => self.started = true,
        }
    }
}

fn too_many_separators() -> KvError {
    KvError::bad_query(
        Fault::Text,
        "SQL regular expression may not contain more than two escape-double-quote separators",
    )
}

#[cfg(test)]
mod tests {
    use crate::domain::filter::{Pattern, PatternKind};

    fn similar(text: &str, source: &str) -> bool {
        Pattern::new(PatternKind::Similar, source).expect(source).matches(text)
    }

    #[test]
    fn patterns_mix_like_and_regular_expressions() {
        for (text, source) in [
            ("abc", "abc"),
            ("abc", "a%"),
            ("abc", "a_c"),
            ("abc", "%(b|d)%"),
            ("aab", "a+b*"),
            ("aa", "a{2}"),
            ("b", "[^a]"),
            ("]", "[]]"),
            ("é", "[[:alpha:]_]"),
            ("a.c", "a.c"),
            ("^a$", "^a$"),
            ("50%", "50\\%"),
            ("7", "\\d"),
            ("a\nb", "a_b"),
            ("a", "a\\"),
            ("", "%"),
        ] {
            assert!(similar(text, source), "{text} SIMILAR TO {source}");
        }
        for (text, source) in
            [("abc", "a.c"), ("abc", "b"), ("xab", "ab|c"), ("abx", "ab|c"), ("A", "a"), ("_", "[[:alpha:]]")]
        {
            assert!(!similar(text, source), "{text} SIMILAR TO {source}");
        }
    }

    #[test]
    fn separators_of_substring_count_for_nothing_but_are_two_at_most() {
        assert!(similar("abc", "a\\\"b\\\"c"));
        assert!(Pattern::new(PatternKind::Similar, "\\\"\\\"\\\"").is_err());
    }
}
