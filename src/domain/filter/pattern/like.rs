//! LIKE and ILIKE.

use std::borrow::Cow;

use super::lower;
use crate::domain::{Fault, KvError};

/// A LIKE pattern, cut at its `%`: the first piece starts the text, the last ends it, those between
/// follow one another. Taking each piece where it first fits needs no going back.
#[derive(Debug, Clone)]
pub(super) struct Like {
    pieces: Vec<Piece>,
    fold: bool,
}

/// What stands between two `%`.
#[derive(Debug, Clone)]
enum Piece {
    Literal(String),
    /// With a `_`, which is `None` and stands for any one character.
    Mixed(Vec<Option<char>>),
}

/// The one character that a piece asks for; `None` for any.
type One = Option<char>;

impl Like {
    /// The pattern `source`; lower-cased, like the texts it meets, where `fold` says so.
    pub(super) fn new(source: &str, fold: bool) -> Result<Self, KvError> {
        let folded = |c| if fold { lower(c) } else { c };
        let mut pieces: Vec<Piece> = Vec::new();
        let mut piece: Vec<One> = Vec::new();
        let mut chars = source.chars();
        while let Some(c) = chars.next() {
            match c {
                '%' if piece.is_empty() && !pieces.is_empty() => {}
                '%' => pieces.push(Piece::new(std::mem::take(&mut piece))),
                '_' => piece.push(None),
                '\\' => piece.push(Some(folded(chars.next().ok_or_else(ends_with_escape)?))),
                c => piece.push(Some(folded(c))),
            }
        }
        pieces.push(Piece::new(piece));
        Ok(Self { pieces, fold })
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        let text =
            if self.fold { Cow::Owned(text.chars().map(lower).collect::<String>()) } else { Cow::Borrowed(text) };
        match self.pieces.as_slice() {
            [] => false,
            [only] => only.strip_prefix(&text) == Some(""),
            [first, between @ .., last] => first
                .strip_prefix(&text)
                .and_then(|rest| last.strip_suffix(rest))
                .and_then(|rest| between.iter().try_fold(rest, |rest, piece| piece.skip(rest)))
                .is_some(),
        }
    }

    pub(super) fn prefix(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [Piece::Literal(prefix), Piece::Literal(end)] if end.is_empty() && !self.fold => Some(prefix),
            _ => None,
        }
    }

    pub(super) fn start(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [Piece::Literal(start), ..] if !start.is_empty() && !self.fold => Some(start),
            _ => None,
        }
    }

    pub(super) fn infix(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [Piece::Literal(start), Piece::Literal(infix), Piece::Literal(end)]
                if start.is_empty() && end.is_empty() && !self.fold =>
            {
                Some(infix)
            }
            _ => None,
        }
    }

    pub(super) fn parts(&self) -> Vec<String> {
        let runs = self.pieces.iter().flat_map(|piece| match piece {
            Piece::Literal(literal) => vec![literal.clone()],
            Piece::Mixed(ones) => ones.split(Option::is_none).map(|run| run.iter().flatten().collect()).collect(),
        });
        runs.filter(|run: &String| !run.is_empty()).collect()
    }

    pub(super) fn exact(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [Piece::Literal(text)] if !self.fold => Some(text),
            _ => None,
        }
    }
}

fn ends_with_escape() -> KvError {
    KvError::bad_query(Fault::Escape, "LIKE pattern must not end with escape character")
}

impl Piece {
    fn new(piece: Vec<One>) -> Self {
        piece.iter().copied().collect::<Option<String>>().map_or(Self::Mixed(piece), Self::Literal)
    }

    /// What follows the piece at the start of `text`.
    fn strip_prefix<'a>(&self, text: &'a str) -> Option<&'a str> {
        match self {
            Self::Literal(literal) => text.strip_prefix(literal.as_str()),
            Self::Mixed(piece) => {
                let mut chars = text.chars();
                piece.iter().all(|one| fits(*one, chars.next())).then_some(())?;
                Some(chars.as_str())
            }
        }
    }

    /// What comes before the piece at the end of `text`.
    fn strip_suffix<'a>(&self, text: &'a str) -> Option<&'a str> {
        match self {
            Self::Literal(literal) => text.strip_suffix(literal.as_str()),
            Self::Mixed(piece) => {
                let mut chars = text.chars();
                piece.iter().rev().all(|one| fits(*one, chars.next_back())).then_some(())?;
                Some(chars.as_str())
            }
        }
    }

    /// What follows the first place in `text` where the piece fits.
    fn skip<'a>(&self, text: &'a str) -> Option<&'a str> {
        match self {
            Self::Literal(literal) => text.find(literal.as_str()).and_then(|at| text.get(at + literal.len()..)),
            Self::Mixed(_) => text.char_indices().find_map(|(at, _)| self.strip_prefix(&text[at..])),
        }
    }
}

fn fits(one: One, found: Option<char>) -> bool {
    found.is_some_and(|found| one.is_none_or(|one| one == found))
}

#[cfg(test)]
mod tests {
    use super::{super::LOWERED_TO_ASCII, *};
    use crate::domain::filter::{Pattern, PatternKind};

    fn compiled(kind: PatternKind, source: &str) -> Pattern {
        Pattern::new(kind, source).expect(source)
    }

    fn like(text: &str, source: &str) -> bool {
        compiled(PatternKind::Like, source).matches(text)
    }

    #[test]
    fn wildcards_stand_for_characters_and_the_whole_text_must_match() {
        for (text, source) in [
            ("abc", "abc"),
            ("", ""),
            ("", "%"),
            ("abc", "a%"),
            ("abc", "%c"),
            ("abc", "%b%"),
            ("abc", "a_c"),
            ("éx", "_x"),
            ("😀", "_"),
            ("a\nb", "a%b"),
            ("abcbc", "%bc"),
            ("aXbYc", "a%_b%_c"),
            ("abab", "%a_"),
            ("aé日c", "%_日%"),
        ] {
            assert!(like(text, source), "{text} LIKE {source}");
        }
        for (text, source) in [
            ("abc", "ab"),
            ("abc", "bc"),
            ("abc", "ABC"),
            ("", "_"),
            ("é", "__"),
            ("ab", "a%b_"),
            ("ab", "ab%b"),
            ("aba", "aba%a"),
            ("abc", "%b"),
        ] {
            assert!(!like(text, source), "{text} LIKE {source}");
        }
    }

    #[test]
    fn a_backslash_takes_the_meaning_from_what_follows() {
        for (text, source) in [("100%", "100\\%"), ("a_b", "a\\_b"), ("x", "\\x"), ("\\", "\\\\"), ("a%b", "a\\%_")] {
            assert!(like(text, source), "{text} LIKE {source}");
        }
        assert!(!like("1000", "100\\%"));
        for kind in [PatternKind::Like, PatternKind::ILike] {
            let error = Pattern::new(kind, "secret\\").map_err(|error| error.to_string());
            assert_eq!(error.err().as_deref(), Some("LIKE pattern must not end with escape character"));
        }
    }

    #[test]
    fn ilike_folds_character_by_character() {
        for (text, source, there) in [
            ("É", "é", true),
            ("к", "К%", true),
            ("ABC", "%b_", true),
            ("ß", "SS", false),
            ("ẞ", "ß", true),
            ("İ", "i", true),
            ("ς", "Σ", false),
            ("ſ", "s", false),
        ] {
            assert_eq!(compiled(PatternKind::ILike, source).matches(text), there, "{text} ILIKE {source}");
        }
    }

    #[test]
    fn what_every_match_has_in_it_is_told() {
        for (kind, source, parts, infix) in [
            (PatternKind::Like, "%flow%", &["flow"][..], Some("flow")),
            (PatternKind::Like, "%a\\%b%%", &["a%b"], Some("a%b")),
            (PatternKind::Like, "a_bc%d", &["a", "bc", "d"], None),
            (PatternKind::Like, "%_%", &[], None),
            (PatternKind::ILike, "%FLÉ%x_", &["flé", "x"], None),
            (PatternKind::Similar, "%a.c_d+e%", &["a.c", "d", "e"], None),
            (PatternKind::Similar, "%(a|b)c%", &[], None),
            (PatternKind::Similar, "ab*", &[], None),
            (PatternKind::Similar, "a\\d", &[], None),
            (PatternKind::Regex, "abc", &[], None),
        ] {
            let pattern = compiled(kind, source);
            assert_eq!((pattern.parts(), pattern.infix()), (parts.iter().map(ToString::to_string).collect(), infix));
        }
    }

    #[test]
    fn few_characters_beyond_ascii_are_ascii_in_lower_case() {
        let found: Vec<_> = ('\u{80}'..=char::MAX).map(|c| (lower(c), c)).filter(|(low, _)| low.is_ascii()).collect();
        assert_eq!(found, LOWERED_TO_ASCII);
    }

    #[test]
    fn a_plain_prefix_or_text_is_told() {
        for (source, prefix, exact) in [
            ("p%", Some("p"), None),
            ("a\\%b%%", Some("a%b"), None),
            ("%", Some(""), None),
            ("abc", None, Some("abc")),
            ("\\_", None, Some("_")),
            ("", None, Some("")),
            ("p_%", None, None),
            ("p%x", None, None),
            ("%p%", None, None),
            ("p\\%", None, Some("p%")),
        ] {
            let pattern = compiled(PatternKind::Like, source);
            assert_eq!((pattern.prefix(), pattern.exact()), (prefix, exact), "{source}");
            let folding = compiled(PatternKind::ILike, source);
            assert_eq!((folding.prefix(), folding.exact()), (None, None), "{source}");
        }
        assert_eq!(compiled(PatternKind::Regex, "^abc$").exact(), None);
    }
}
