//! Which rows, in which order, how many.

use std::{cmp::Ordering, collections::BTreeSet};

use super::{Column, Filter, Row};
use crate::domain::{Fault, KvError, Pair};

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
    /// Every pair, by key.
    #[must_use]
    pub fn by_key() -> Self {
        Self { order: vec![Order::ascending(Column::Key)], ..Self::default() }
    }

    /// Refuses an order that says nothing about which of the agreeing pairs is the first.
    ///
    /// # Errors
    /// [`KvError::BadQuery`] with Hasura's message, where `distinct_on` is not, as a set, the first
    /// columns of a given order.
    pub fn validate(&self) -> Result<(), KvError> {
        let distinct: BTreeSet<Column> = self.distinct_on.iter().copied().collect();
        let initial: BTreeSet<Column> = self.order.iter().take(distinct.len()).map(|order| order.column).collect();
        if self.order.is_empty() || distinct == initial {
            return Ok(());
        }
        Err(KvError::bad_query(Fault::Query, "\"distinct_on\" columns must match initial \"order_by\" columns"))
    }

    /// The one key that the selection takes, wherever it says that and leaves out nothing else.
    #[must_use]
    pub fn only_key(&self) -> Option<&str> {
        let whole = self.offset == 0 && self.limit != Some(0);
        if whole { self.filter.only_key() } else { None }
    }

    /// Whether the selection asks what a pair holds.
    #[must_use]
    pub fn reads_values(&self) -> bool {
        let columns = self.order.iter().map(|order| order.column).chain(self.distinct_on.iter().copied());
        self.filter.reads_values() || columns.into_iter().any(|column| column == Column::Value)
    }

    /// Whether `found` rows are enough, so that no other row can change the answer.
    #[must_use]
    pub fn is_full(&self, found: usize) -> bool {
        let enough = self.limit.map(|limit| limit.saturating_add(self.offset));
        self.order.is_empty() && self.distinct_on.is_empty() && enough.is_some_and(|enough| found as u64 >= enough)
    }

    /// What the selection leaves of `pairs`.
    #[must_use]
    pub fn apply(&self, mut pairs: Vec<Pair>) -> Vec<Pair> {
        pairs.retain(|pair| self.filter.takes(&Row::new(pair)));
        self.arrange(pairs)
    }

    /// What order, distinct, limit and offset leave of `pairs`, all of which the filter takes.
    #[must_use]
    pub fn arrange(&self, pairs: Vec<Pair>) -> Vec<Pair> {
        let chosen = self.choose(&pairs);
        let mut pairs: Vec<Option<Pair>> = pairs.into_iter().map(Some).collect();
        chosen.into_iter().filter_map(|at| pairs.get_mut(at)?.take()).collect()
    }

    /// Which of `pairs` the selection leaves, in its order.
    fn choose(&self, pairs: &[Pair]) -> Vec<usize> {
        let rows = pairs.iter().map(Row::new).enumerate();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        filter::{Compare, TextColumn, TextTest, sample::keys, sample::pair},
        timestamp::Timestamp,
    };

    fn pairs() -> Vec<Pair> {
        let expiring = |key, value, version, end| Pair { expires_at: end, ..pair(key, value, version) };
        vec![
            expiring("c", "1", 1, Some(Timestamp::from_micros(5))),
            expiring("a", "[]", 2, None),
            expiring("b", "1.0", 2, Some(Timestamp::from_micros(3))),
            expiring("d", "null", 1, None),
        ]
    }

    fn order(terms: &[Order]) -> String {
        keys(&Selection { order: terms.to_vec(), ..Selection::default() }.apply(pairs()))
    }

    #[test]
    fn terms_of_an_order_apply_in_turn() {
        assert_eq!(order(&[Order::ascending(Column::Key)]), "abcd");
        assert_eq!(order(&[Order::descending(Column::Version), Order::ascending(Column::Key)]), "abcd");
        assert_eq!(order(&[Order::ascending(Column::Version), Order::descending(Column::Key)]), "dcba");
    }

    #[test]
    fn values_sort_as_jsonb() {
        assert_eq!(order(&[Order::ascending(Column::Value)]), "adcb");
        assert_eq!(order(&[Order::descending(Column::Value)]), "cbda");
    }

    #[test]
    fn null_sorts_where_it_is_told_to() {
        let column = Column::ExpiresAt;
        assert_eq!(order(&[Order::ascending(column)]), "bcad");
        assert_eq!(order(&[Order::descending(column)]), "adcb");
        assert_eq!(order(&[Order { column, descending: false, nulls_first: true }]), "adbc");
        assert_eq!(order(&[Order { column, descending: true, nulls_first: false }]), "cbad");
    }

    #[test]
    fn distinct_on_keeps_the_first_of_each_group() {
        let terms = vec![Order::ascending(Column::Version), Order::descending(Column::Key)];
        let selection = Selection { order: terms, distinct_on: vec![Column::Version], ..Selection::default() };
        assert_eq!(keys(&selection.apply(pairs())), "db");
        let selection = Selection { distinct_on: vec![Column::Value], ..Selection::default() };
        assert_eq!(keys(&selection.apply(pairs())), "cad");
        let selection = Selection { distinct_on: vec![Column::ExpiresAt], ..Selection::default() };
        assert_eq!(keys(&selection.apply(pairs())), "cab");
    }

    #[test]
    fn the_page_is_cut_after_all_else() {
        let mut selection = Selection {
            filter: Filter::Text(TextColumn::Key, TextTest::Compare(Compare::Neq("d".to_owned()))),
            order: vec![Order::ascending(Column::Version)],
            distinct_on: vec![Column::Version],
            limit: Some(1),
            offset: 1,
        };
        assert_eq!(keys(&selection.apply(pairs())), "a");
        selection.distinct_on.clear();
        selection.limit = None;
        assert_eq!(keys(&selection.apply(pairs())), "ab");
        selection.order.clear();
        assert_eq!(keys(&selection.apply(pairs())), "ab");
        selection.limit = Some(0);
        assert_eq!(keys(&selection.apply(pairs())), "");
        (selection.limit, selection.offset) = (Some(u64::MAX), u64::MAX);
        assert_eq!(keys(&selection.apply(pairs())), "");
    }

    #[test]
    fn distinct_on_must_be_the_first_columns_of_the_order() {
        use Column::{Created, Key, Version};
        for (distinct, order, valid) in [
            (vec![Key], vec![], true),
            (vec![], vec![Key], true),
            (vec![Key], vec![Key, Version], true),
            (vec![Key, Version], vec![Version, Key, Created], true),
            (vec![Key, Key], vec![Key, Version], true),
            (vec![Key], vec![Version, Key], false),
            (vec![Key, Version], vec![Key], false),
            (vec![Key, Version], vec![Key, Created, Version], false),
        ] {
            let order = order.into_iter().map(Order::ascending).collect();
            let answer = Selection { distinct_on: distinct, order, ..Selection::default() }.validate();
            let message = answer.as_ref().map_err(ToString::to_string);
            let refusal = "\"distinct_on\" columns must match initial \"order_by\" columns".to_owned();
            assert_eq!(message, if valid { Ok(&()) } else { Err(refusal) });
        }
    }
}
