//! Conditions and orders over rows that are no pairs: tenants, people, tokens, the audit log.
//!
//! The same three-valued logic and comparisons as [`super::filter`], over columns by name.

use std::cmp::Ordering;

use uuid::Uuid;

use super::{
    Timestamp,
    filter::{Compare, TextTest},
};

/// What one column of a row holds. Cells of one column compare as SQL compares them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell<'a> {
    /// Text, by code points.
    Text(&'a str),
    /// An id.
    Uuid(Uuid),
    /// An instant.
    Time(Timestamp),
    /// Whether something is so.
    Bool(bool),
    /// A whole number.
    Int(i64),
}

/// A row with named columns.
pub trait Row {
    /// What the column called `column` holds; none is null.
    fn cell(&self, column: &str) -> Option<Cell<'_>>;
}

/// A test of one column.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Of text.
    Text(TextTest),
    /// Of an id.
    Uuid(Compare<Uuid>),
    /// Of an instant.
    Time(Compare<Timestamp>),
    /// Of a yes or no.
    Bool(Compare<bool>),
    /// Of a whole number.
    Int(Compare<i64>),
}

/// A condition on rows, in SQL's three-valued logic.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// All of these; true of no conditions.
    All(Vec<Condition>),
    /// At least one of these; false of no conditions.
    Any(Vec<Condition>),
    /// Not this; unknown where this is.
    Not(Box<Condition>),
    /// A test of the column of this name.
    Is(&'static str, Test),
}

impl Default for Condition {
    /// True of every row.
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

impl Condition {
    /// Whether the condition takes `row`.
    pub fn takes(&self, row: &impl Row) -> bool {
        self.answer(row) == Some(true)
    }

    /// The answer for `row`; `None` is SQL's unknown.
    fn answer(&self, row: &impl Row) -> Option<bool> {
        match self {
            Self::All(all) => joined(all, row, false),
            Self::Any(any) => joined(any, row, true),
            Self::Not(not) => not.answer(row).map(|answer| !answer),
            Self::Is(column, test) => test.answer(row.cell(column)),
        }
    }

    /// The tests that every row that is taken passes, each with its column.
    pub fn necessary(&self) -> Vec<(&'static str, &Test)> {
        match self {
            Self::All(all) => all.iter().flat_map(Self::necessary).collect(),
            Self::Is(column, test) => vec![(column, test)],
            Self::Any(_) | Self::Not(_) => Vec::new(),
        }
    }
}

/// `deciding` as soon as one of the answers is that, else unknown where one is unknown.
fn joined(conditions: &[Condition], row: &impl Row, deciding: bool) -> Option<bool> {
    let mut unknown = false;
    for condition in conditions {
        match condition.answer(row) {
            Some(answer) if answer == deciding => return Some(deciding),
            Some(_) => {}
            None => unknown = true,
        }
    }
    if unknown { None } else { Some(!deciding) }
}

impl Test {
    fn answer(&self, cell: Option<Cell<'_>>) -> Option<bool> {
        // A cell of another type than its column's would be a mistake of ours; it is like null.
        macro_rules! cell {
            ($kind:ident) => {
                match cell {
                    Some(Cell::$kind(value)) => Some(value),
                    _ => None,
                }
            };
        }
        match self {
            Self::Text(test) => test.test(cell!(Text)),
            Self::Uuid(compare) => compare.test(cell!(Uuid).as_ref()),
            Self::Time(compare) => compare.test(cell!(Time).as_ref()),
            Self::Bool(compare) => compare.test(cell!(Bool).as_ref()),
            Self::Int(compare) => compare.test(cell!(Int).as_ref()),
        }
    }
}

/// One term of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// The column that decides.
    pub column: &'static str,
    /// Whether the greatest comes first.
    pub descending: bool,
    /// Whether null comes before all else, or after, whatever the direction.
    pub nulls_first: bool,
}

impl Order {
    fn compare(self, a: &impl Row, b: &impl Row) -> Ordering {
        match (a.cell(self.column), b.cell(self.column)) {
            (Some(a), Some(b)) if self.descending => b.cmp(&a),
            (Some(a), Some(b)) => a.cmp(&b),
            (a, b) if self.nulls_first => a.is_some().cmp(&b.is_some()),
            (a, b) => a.is_none().cmp(&b.is_none()),
        }
    }
}

/// Which rows, in which order, how many.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Choice {
    /// Which.
    pub condition: Condition,
    /// In which order, the first term first.
    pub order: Vec<Order>,
    /// How many at most.
    pub limit: Option<usize>,
    /// How many to leave out before that.
    pub offset: usize,
}

impl Choice {
    /// What the choice leaves of `rows`; rows that the order does not tell apart stay in theirs.
    #[must_use]
    pub fn apply<R: Row>(&self, mut rows: Vec<R>) -> Vec<R> {
        rows.retain(|row| self.condition.takes(row));
        rows.sort_by(|a, b| {
            self.order.iter().fold(Ordering::Equal, |so_far, term| so_far.then_with(|| term.compare(a, b)))
        });
        rows.into_iter().skip(self.offset).take(self.limit.unwrap_or(usize::MAX)).collect()
    }
}
