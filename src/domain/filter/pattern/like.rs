//! LIKE and ILIKE.

use std::borrow::Cow;

use super::lower;
use crate::domain::KvError;

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

    pub(super) fn exact(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [Piece::Literal(text)] if !self.fold => Some(text),
            _ => None,
        }
    }
}

fn ends_with_escape() -> KvError {
    KvError::Invalid("LIKE pattern must not end with escape character".to_owned())
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
