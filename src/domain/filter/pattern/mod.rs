//! Patterns: LIKE, SIMILAR TO and regular expressions, compiled once per query.

mod budget;
mod like;
mod posix;
mod similar;

pub use self::budget::PatternBudget;
use self::{like::Like, posix::Posix};
use crate::domain::KvError;

/// The languages that patterns are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatternKind {
    /// `LIKE`.
    Like,
    /// `ILIKE`: LIKE over lower-cased text.
    ILike,
    /// `SIMILAR TO`.
    Similar,
    /// POSIX advanced regular expression, `~`.
    Regex,
    /// The same without regard to case, `~*`.
    IRegex,
}

/// A compiled pattern.
#[derive(Debug, Clone)]
pub struct Pattern {
    kind: PatternKind,
    source: String,
    matcher: Matcher,
}

#[derive(Debug, Clone)]
enum Matcher {
    Like(Like),
    Posix(Posix),
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        (self.kind, &self.source) == (other.kind, &other.source)
    }
}

impl Pattern {
    /// The pattern that `source` writes in the language `kind`, as the only one of its query.
    ///
    /// # Errors
    /// As [`Self::within`].
    pub fn new(kind: PatternKind, source: &str) -> Result<Self, KvError> {
        Self::within(&PatternBudget::default(), kind, source)
    }

    /// The pattern that `source` writes in the language `kind`, paid from its query's `budget`.
    ///
    /// # Errors
    /// [`KvError::BadQuery`], which says what is wrong.
    pub fn within(budget: &PatternBudget, kind: PatternKind, source: &str) -> Result<Self, KvError> {
        let matcher = match kind {
            PatternKind::Like => Matcher::Like(Like::new(source, false)?),
            PatternKind::ILike => Matcher::Like(Like::new(source, true)?),
            PatternKind::Similar => Matcher::Posix(Posix::new(&similar::to_posix(source)?, false, budget)?),
            PatternKind::Regex => Matcher::Posix(Posix::new(source, false, budget)?),
            PatternKind::IRegex => Matcher::Posix(Posix::new(source, true, budget)?),
        };
        Ok(Self { kind, source: source.to_owned(), matcher })
    }

    /// The language.
    #[must_use]
    pub fn kind(&self) -> PatternKind {
        self.kind
    }

    /// The pattern as it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether `text` matches.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        match &self.matcher {
            Matcher::Like(like) => like.matches(text),
            Matcher::Posix(posix) => posix.matches(text),
        }
    }

    /// The text that the pattern asks texts to start with, if it asks nothing else: LIKE's `p%`.
    #[must_use]
    pub fn prefix(&self) -> Option<&str> {
        match &self.matcher {
            Matcher::Like(like) => like.prefix(),
            Matcher::Posix(_) => None,
        }
    }

    /// A text that every match starts with; LIKE's `p%q` asks for more than this.
    #[must_use]
    pub fn start(&self) -> Option<&str> {
        match &self.matcher {
            Matcher::Like(like) => like.start(),
            Matcher::Posix(_) => None,
        }
    }

    /// The text that the pattern asks for anywhere, if it asks nothing else: LIKE's `%p%`.
    #[must_use]
    pub fn infix(&self) -> Option<&str> {
        match &self.matcher {
            Matcher::Like(like) => like.infix(),
            Matcher::Posix(_) => None,
        }
    }

    /// Texts each of which is in every text that matches, or of ILIKE, in that text's lower case. There may be
    /// more than these.
    #[must_use]
    pub fn parts(&self) -> Vec<String> {
        match &self.matcher {
            Matcher::Like(like) => like.parts(),
            Matcher::Posix(_) if self.kind == PatternKind::Similar => similar::parts(&self.source),
            Matcher::Posix(_) => Vec::new(),
        }
    }

    /// The only text that matches, if the pattern is LIKE's and has no wildcard.
    #[must_use]
    pub fn exact(&self) -> Option<&str> {
        match &self.matcher {
            Matcher::Like(like) => like.exact(),
            Matcher::Posix(_) => None,
        }
    }
}

/// The lower-case ASCII letters that are also the lower case of a character beyond ASCII, each with that.
pub const LOWERED_TO_ASCII: [(char, char); 2] = [('i', 'İ'), ('k', '\u{212a}')];

/// `c` in lower case, by Unicode's simple mapping: always one character.
fn lower(c: char) -> char {
    // Only İ has a longer mapping, and it starts with the simple one.
    c.to_lowercase().next().unwrap_or(c)
}
