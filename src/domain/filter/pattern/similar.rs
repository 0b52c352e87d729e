//! SIMILAR TO, in terms of POSIX advanced regular expressions, as PostgreSQL does it.

use crate::domain::KvError;

/// The expression that says what the SIMILAR TO pattern `source` says.
///
/// Character for character PostgreSQL's translation, which decides the odd cases: `[` counts as
/// open until the next `]`, and a last lone `\` counts for nothing.
pub(super) fn to_posix(source: &str) -> Result<String, KvError> {
    let mut out = String::from("^(?:");
    let mut separators = ["){1,1}?(", "){1,1}(?:"].into_iter();
    let mut bracket = false;
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('"') if !bracket => {
                    out.push_str(separators.next().ok_or_else(too_many_separators)?);
                }
                Some(escaped) => out.extend(['\\', escaped]),
                None => {}
            },
            c if bracket => {
                out.push(c);
                bracket = c != ']';
            }
            '%' => out.push_str(".*"),
            '_' => out.push('.'),
            '(' => out.push_str("(?:"),
            '.' | '^' | '$' => out.extend(['\\', c]),
            c => {
                out.push(c);
                bracket = c == '[';
            }
        }
    }
    out.push_str(")$");
    Ok(out)
}

fn too_many_separators() -> KvError {
    KvError::Invalid("SQL regular expression may not contain more than two escape-double-quote separators".to_owned())
}
