//! The filter language: one typed tree, which the store turns into SQL where it can and which the
//! evaluator here answers for every row.

pub mod aggregate;
mod column;
mod compare;
mod evaluate;
mod pattern;
mod row;
#[cfg(test)]
mod sample;
mod selection;

use uuid::Uuid;

pub use self::{
    column::Column,
    compare::{Compare, Set},
    pattern::{LOWERED_TO_ASCII, Pattern, PatternBudget, PatternKind},
    row::Row,
    selection::{Order, Selection},
};
use super::{Json, Timestamp};

/// A condition on a pair, in SQL's three-valued logic: a pair is taken where the answer is true,
/// not where it is unknown.
///
/// Whoever builds a filter from a client's text bounds its depth; evaluation recurses as deep.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// All of these; true of no conditions.
    All(Vec<Filter>),
    /// At least one of these; false of no conditions.
    Any(Vec<Filter>),
    /// Not this; unknown where this is.
    Not(Box<Filter>),
    /// A test of a text column.
    Text(TextColumn, TextTest),
    /// A test of an id.
    Uuid(UuidColumn, Compare<Uuid>),
    /// A test of an instant.
    Time(TimeColumn, Compare<Timestamp>),
    /// A test of a whole number.
    Int(IntColumn, Compare<i64>),
    /// A test of the value; of a BINARY pair, of its base64 string.
    Value(JsonTest),
}

impl Filter {
    /// The key that this asks for, where it asks for nothing else.
    fn only_key(&self) -> Option<&str> {
        match self {
            Self::Text(TextColumn::Key, TextTest::Compare(Compare::Eq(key))) => Some(key),
            Self::All(filters) => match filters.as_slice() {
                [filter] => filter.only_key(),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether the filter asks what a pair holds.
    #[must_use]
    pub fn reads_values(&self) -> bool {
        match self {
            Self::All(filters) | Self::Any(filters) => filters.iter().any(Self::reads_values),
            Self::Not(filter) => filter.reads_values(),
            Self::Value(_) => true,
            Self::Text(..) | Self::Uuid(..) | Self::Time(..) | Self::Int(..) => false,
        }
    }
}

/// The columns that hold text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextColumn {
    /// The pair's key.
    Key,
    /// Its namespace.
    Namespace,
    /// The name of its value's type, such as `STRING`.
    Type,
    /// Free text for people; may be null.
    Description,
}

/// The columns that hold ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UuidColumn {
    /// The pair's id.
    Id,
    /// Its tenant's.
    TenantId,
}

/// The columns that hold instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeColumn {
    /// When the pair came to life.
    Created,
    /// When it was last written.
    Updated,
    /// From when on it is gone; may be null.
    ExpiresAt,
}

/// The columns that hold whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntColumn {
    /// The pair's counter of writes.
    Version,
}

/// A test of text, which compares by code points.
#[derive(Debug, Clone, PartialEq)]
pub enum TextTest {
    /// A comparison.
    Compare(Compare<String>),
    /// Whether the text matches a pattern, or does not.
    Matches {
        /// The pattern.
        pattern: Pattern,
        /// Whether the answer is turned round.
        negated: bool,
    },
    /// Whether the text starts with this one.
    StartsWith(String),
}

/// A test of a JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum JsonTest {
    /// A comparison in `jsonb`'s order.
    Compare(Compare<Json>),
    /// Whether this is within the value.
    Contains(Json),
    /// Whether the value is within this.
    ContainedIn(Json),
    /// Whether this is a key of the value.
    HasKey(String),
    /// Whether one of these is a key of the value.
    HasKeysAny(Vec<String>),
    /// Whether each of these is a key of the value.
    HasKeysAll(Vec<String>),
    /// A test of the value's text as PostgreSQL writes it.
    Cast(TextTest),
}
