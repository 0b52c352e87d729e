//! Comparisons with operands, in SQL's three-valued logic.

use std::{borrow::Borrow, sync::Arc};

/// A set of operands, sorted once, so that 40,000 of them cost a row 16 comparisons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set<T>(Arc<[T]>);

impl<T: Ord> Set<T> {
    /// The set of `items`; duplicates count once.
    #[must_use]
    pub fn new(mut items: Vec<T>) -> Self {
        items.sort_unstable();
        items.dedup();
        Self(items.into())
    }

    /// Whether `item` is in the set.
    pub fn contains<Q: Ord + ?Sized>(&self, item: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.0.binary_search_by(|each| each.borrow().cmp(item)).is_ok()
    }

    /// The items, in order.
    #[must_use]
    pub fn items(&self) -> &[T] {
        &self.0
    }
}

impl<T: Ord> From<Vec<T>> for Set<T> {
    fn from(items: Vec<T>) -> Self {
        Self::new(items)
    }
}

impl<T: Ord> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::new(items.into_iter().collect())
    }
}

/// A test of a column against operands of its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compare<T> {
    /// `=`
    Eq(T),
    /// `<>`
    Neq(T),
    /// `>`
    Gt(T),
    /// `>=`
    Gte(T),
    /// `<`
    Lt(T),
    /// `<=`
    Lte(T),
    /// Equal to one of these; false, even of null, where there are none.
    In(Set<T>),
    /// Different from all of these; true, even of null, where there are none.
    Nin(Set<T>),
    /// Whether the column is null (`true`), or is not (`false`).
    IsNull(bool),
}

impl<T: Ord> Compare<T> {
    /// The test's answer for a column that holds `value`; `None` is SQL's unknown.
    pub fn test<Q: Ord + ?Sized>(&self, value: Option<&Q>) -> Option<bool>
    where
        T: Borrow<Q>,
    {
        match self {
            Self::Eq(operand) => value.map(|value| value == operand.borrow()),
            Self::Neq(operand) => value.map(|value| value != operand.borrow()),
            Self::Gt(operand) => value.map(|value| value > operand.borrow()),
            Self::Gte(operand) => value.map(|value| value >= operand.borrow()),
            Self::Lt(operand) => value.map(|value| value < operand.borrow()),
            Self::Lte(operand) => value.map(|value| value <= operand.borrow()),
            Self::In(set) if set.items().is_empty() => Some(false),
            Self::Nin(set) if set.items().is_empty() => Some(true),
            Self::In(set) => value.map(|value| set.contains(value)),
            Self::Nin(set) => value.map(|value| !set.contains(value)),
            Self::IsNull(wanted) => Some(value.is_none() == *wanted),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_answer_as_their_sign_says() {
        let answers = |compare: Compare<i64>| [1, 2, 3].map(|value| compare.test(Some(&value)) == Some(true));
        assert_eq!(answers(Compare::Eq(2)), [false, true, false]);
        assert_eq!(answers(Compare::Neq(2)), [true, false, true]);
        assert_eq!(answers(Compare::Gt(2)), [false, false, true]);
        assert_eq!(answers(Compare::Gte(2)), [false, true, true]);
        assert_eq!(answers(Compare::Lt(2)), [true, false, false]);
        assert_eq!(answers(Compare::Lte(2)), [true, true, false]);
        assert_eq!(answers(Compare::In(vec![3, 1, 3].into())), [true, false, true]);
        assert_eq!(answers(Compare::Nin(vec![3, 1, 3].into())), [false, true, false]);
        assert_eq!(answers(Compare::IsNull(false)), [true, true, true]);
        assert_eq!(answers(Compare::IsNull(true)), [false, false, false]);
    }

    #[test]
    fn a_comparison_with_null_is_unknown() {
        let null: Option<&i64> = None;
        for compare in [Compare::Eq(1), Compare::Neq(1), Compare::Gt(1), Compare::Gte(1), Compare::Lt(1)] {
            assert_eq!(compare.test(null), None);
        }
        assert_eq!(Compare::In(vec![1].into()).test(null), None);
        assert_eq!(Compare::Nin(vec![1].into()).test(null), None);
        assert_eq!(Compare::<i64>::IsNull(true).test(null), Some(true));
        assert_eq!(Compare::<i64>::IsNull(false).test(null), Some(false));
    }

    #[test]
    fn nothing_is_in_the_empty_set_not_even_null() {
        for value in [None, Some("a")] {
            assert_eq!(Compare::<String>::In(Vec::new().into()).test(value), Some(false));
            assert_eq!(Compare::<String>::Nin(Vec::new().into()).test(value), Some(true));
        }
    }

    #[test]
    fn sets_of_40_000_items_answer() {
        let set: Set<String> = (0..40_000).map(|n| format!("key-{n}")).collect();
        assert_eq!(set.items().len(), 40_000);
        assert!(set.contains("key-39999") && set.contains("key-0") && !set.contains("key-40000"));
    }
}
