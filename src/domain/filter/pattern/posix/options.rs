//! What stands before an expression: `***:`, `***=` and `(?i)`.

use super::invalid;
use crate::domain::KvError;

/// How an expression is read.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "switches that clients set one by one")]
pub(super) struct Options {
    /// Every character stands for itself.
    pub(super) literal: bool,
    /// Without regard to case.
    pub(super) fold: bool,
    /// White space and comments count for nothing.
    pub(super) expanded: bool,
    /// `.` and negated brackets do not match a line break.
    pub(super) lines_bound: bool,
    /// `^` and `$` match at line breaks too.
    pub(super) lines_anchor: bool,
}

impl Options {
    /// The options that `source` starts with, and the expression after them.
    pub(super) fn read(source: &str, fold: bool) -> Result<(Self, &str), KvError> {
        let mut options = Self { literal: false, fold, expanded: false, lines_bound: false, lines_anchor: false };
        if let Some(rest) = source.strip_prefix("***=") {
            options.literal = true;
            return Ok((options, rest));
        }
        let source = source.strip_prefix("***:").unwrap_or(source);
        let Some(embedded) =
            source.strip_prefix("(?").filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
        else {
            return Ok((options, source));
        };
        let (letters, rest) = embedded.split_once(')').ok_or_else(|| invalid("invalid embedded option"))?;
        letters.chars().try_for_each(|letter| options.set(letter))?;
        Ok((options, rest))
    }

    fn set(&mut self, letter: char) -> Result<(), KvError> {
        match letter {
            'c' => self.fold = false,
            'i' => self.fold = true,
            'q' => self.literal = true,
            't' => self.expanded = false,
            'x' => self.expanded = true,
            'm' | 'n' => (self.lines_bound, self.lines_anchor) = (true, true),
            'p' => (self.lines_bound, self.lines_anchor) = (true, false),
            's' => (self.lines_bound, self.lines_anchor) = (false, false),
            'w' => (self.lines_bound, self.lines_anchor) = (false, true),
            'b' | 'e' => return Err(super::unsupported("the options b and e (other grammars)")),
            _ => return Err(invalid("invalid embedded option")),
        }
        Ok(())
    }
}
