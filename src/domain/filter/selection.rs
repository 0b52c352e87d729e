//! Which rows, in which order, how many.

use std::{cmp::Ordering, collections::BTreeSet};

use super::{Filter, Row};
use crate::domain::{KvError, Pair};

/// A column of a pair, as queries name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// When the pair came to life.
    Created,
    /// The pair's id.
    Id,
    /// Its key.
    Key,
    /// Its tenant's id.
    TenantId,
    /// When it was last written.
    Updated,
    /// Its value.
    Value,
    /// Its namespace.
    Namespace,
    /// The name of its value's type.
    Type,
    /// Its counter of writes.
    Version,
    /// Free text for people; may be null.
    Description,
    /// From when on it is gone; may be null.
    ExpiresAt,
}

impl Column {
    /// Every column.
    pub const ALL: [Self; 11] = [
        Self::Created,
        Self::Id,
        Self::Key,
        Self::TenantId,
        Self::Updated,
        Self::Value,
        Self::Namespace,
        Self::Type,
        Self::Version,
        Self::Description,
        Self::ExpiresAt,
    ];

    /// The column's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Id => "id",
            Self::Key => "key",
            Self::TenantId => "tenant_id",
            Self::Updated => "updated",
            Self::Value => "value",
            Self::Namespace => "namespace",
            Self::Type => "type",
            Self::Version => "version",
            Self::Description => "description",
            Self::ExpiresAt => "expires_at",
        }
    }

    /// The column called `name`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }
}

/// One term of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// The column that decides.
    pub column: Column,
    /// Whether the greatest comes first.
    pub descending: bool,
    /// Whether null comes before all else, or after, whatever the direction.
    pub nulls_first: bool,
}

impl Order {
    /// Ascending, null last, as `asc` means.
    #[must_use]
    pub fn ascending(column: Column) -> Self {
        Self { column, descending: false, nulls_first: false }
    }

    /// Descending, null first, as `desc` means.
    #[must_use]
    pub fn descending(column: Column) -> Self {
        Self { column, descending: true, nulls_first: true }
    }

    fn compare(self, a: &Row, b: &Row) -> Ordering {
        match (a.cell(self.column), b.cell(self.column)) {
            (Some(a), Some(b)) if self.descending => b.cmp(&a),
            (Some(a), Some(b)) => a.cmp(&b),
            (a, b) if self.nulls_first => a.is_some().cmp(&b.is_some()),
            (a, b) => a.is_none().cmp(&b.is_none()),
        }
    }
}

/// What a query asks of a table: where, order by, distinct on, limit and offset.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// Which pairs.
    pub filter: Filter,
    /// In which order, the first term first; any where there is none.
    pub order: Vec<Order>,
    /// Of the pairs that agree in all of these, only the first.
    pub distinct_on: Vec<Column>,
    /// How many at most.
    pub limit: Option<u64>,
    /// How many to leave out before that.
    pub offset: u64,
}

impl Default for Selection {
    /// Every pair.
    fn default() -> Self {
        Self { filter: Filter::All(Vec::new()), order: Vec::new(), distinct_on: Vec::new(), limit: None, offset: 0 }
    }
}

impl Selection {
    /// Refuses an order that says nothing about which of the agreeing pairs is the first.
    ///
    /// # Errors
    /// [`KvError::Invalid`] with Hasura's message, where `distinct_on` is not, as a set, the first
    /// columns of a given order.
    pub fn validate(&self) -> Result<(), KvError> {
        let distinct: BTreeSet<Column> = self.distinct_on.iter().copied().collect();
        let initial: BTreeSet<Column> = self.order.iter().take(distinct.len()).map(|order| order.column).collect();
        if self.order.is_empty() || distinct == initial {
            return Ok(());
        }
        Err(KvError::Invalid("\"distinct_on\" columns must match initial \"order_by\" columns".to_owned()))
    }

    /// Whether `found` rows are enough, so that no other row can change the answer.
    #[must_use]
    pub fn is_full(&self, found: usize) -> bool {
        let enough = self.limit.map(|limit| limit.saturating_add(self.offset));
        self.order.is_empty() && self.distinct_on.is_empty() && enough.is_some_and(|enough| found as u64 >= enough)
    }

    /// What the selection leaves of `pairs`.
    #[must_use]
    pub fn apply(&self, pairs: Vec<Pair>) -> Vec<Pair> {
        let chosen = self.choose(&pairs);
        let mut pairs: Vec<Option<Pair>> = pairs.into_iter().map(Some).collect();
        chosen.into_iter().filter_map(|at| pairs.get_mut(at)?.take()).collect()
    }

    /// Which of `pairs` the selection leaves, in its order.
    fn choose(&self, pairs: &[Pair]) -> Vec<usize> {
        let rows = pairs.iter().map(Row::new).enumerate().filter(|(_, row)| self.filter.takes(row));
        if self.order.is_empty() && self.distinct_on.is_empty() {
            return self.page(rows).map(|(at, _)| at).collect();
        }
        let mut rows: Vec<(usize, Row)> = rows.collect();
        rows.sort_by(|(_, a), (_, b)| self.compare(a, b));
        let mut seen = BTreeSet::new();
        let distinct = rows.iter().filter(|(_, row)| {
            self.distinct_on.is_empty()
                || seen.insert(self.distinct_on.iter().map(|column| row.cell(*column)).collect::<Vec<_>>())
        });
        self.page(distinct).map(|(at, _)| *at).collect()
    }

    fn compare(&self, a: &Row, b: &Row) -> Ordering {
        self.order.iter().fold(Ordering::Equal, |so_far, order| so_far.then_with(|| order.compare(a, b)))
    }

    fn page<I: Iterator>(&self, rows: I) -> impl Iterator<Item = I::Item> {
        let size = |count| usize::try_from(count).unwrap_or(usize::MAX);
        rows.skip(size(self.offset)).take(self.limit.map_or(usize::MAX, size))
    }
}
