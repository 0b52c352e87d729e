//! What an aggregate says about the rows of a selection.

use std::collections::BTreeSet;

use super::{Column, Row};
use crate::domain::Pair;

/// How many of `pairs` have something in `columns`, or how many different things.
///
/// As SQL's `COUNT`: of no columns, every pair counts; of one column, those where it is not null; of
/// several, every pair, since a tuple is not null even if all in it is.
#[must_use]
pub fn count(pairs: &[Pair], columns: &[Column], distinct: bool) -> usize {
    let rows: Vec<Row> = pairs.iter().map(Row::new).collect();
    let tuples = rows.iter().filter_map(|row| {
        let tuple: Vec<_> = columns.iter().map(|column| row.cell(*column)).collect();
        (tuple.len() != 1 || tuple[0].is_some()).then_some(tuple)
    });
    if distinct && !columns.is_empty() { tuples.collect::<BTreeSet<_>>().len() } else { tuples.count() }
}

/// The pair with the least in `column`; `None` where it is null in all.
#[must_use]
pub fn min(pairs: &[Pair], column: Column) -> Option<&Pair> {
    let rows: Vec<Row> = pairs.iter().map(Row::new).filter(|row| row.cell(column).is_some()).collect();
    rows.iter().min_by(|a, b| a.cell(column).cmp(&b.cell(column))).map(Row::pair)
}

/// The pair with the greatest in `column`; `None` where it is null in all.
#[must_use]
pub fn max(pairs: &[Pair], column: Column) -> Option<&Pair> {
    let rows: Vec<Row> = pairs.iter().map(Row::new).filter(|row| row.cell(column).is_some()).collect();
    rows.iter().max_by(|a, b| a.cell(column).cmp(&b.cell(column))).map(Row::pair)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::filter::sample::{keys, pair};

    fn pairs() -> Vec<Pair> {
        let described =
            |key, value, description: &str| Pair { description: Some(description.to_owned()), ..pair(key, value, 1) };
        vec![pair("b", "1", 1), described("a", "1.0", "x"), described("c", "2", "x"), pair("d", "2", 2)]
    }

    #[test]
    fn counts_are_those_of_sql() {
        let pairs = pairs();
        assert_eq!(count(&pairs, &[], false), 4);
        assert_eq!(count(&pairs, &[], true), 4);
        assert_eq!(count(&pairs, &[Column::Key], false), 4);
        assert_eq!(count(&pairs, &[Column::Description], false), 2);
        assert_eq!(count(&pairs, &[Column::Description], true), 1);
        assert_eq!(count(&pairs, &[Column::Value], true), 2);
        assert_eq!(count(&pairs, &[Column::Description, Column::ExpiresAt], false), 4);
        assert_eq!(count(&pairs, &[Column::Description, Column::Value], true), 4);
        assert_eq!(count(&pairs, &[Column::Description, Column::Version], true), 3);
        assert_eq!(count(&[], &[Column::Key], true), 0);
    }

    #[test]
    fn the_ends_of_a_column_leave_null_out() {
        let pairs = pairs();
        let key = |pair: Option<&Pair>| pair.map(|pair| keys(std::slice::from_ref(pair)));
        assert_eq!(key(min(&pairs, Column::Key)).as_deref(), Some("a"));
        assert_eq!(key(max(&pairs, Column::Key)).as_deref(), Some("d"));
        assert_eq!(key(max(&pairs, Column::Version)).as_deref(), Some("d"));
        assert!(min(&pairs, Column::Description).is_some());
        assert!(min(&pairs, Column::ExpiresAt).is_none());
        assert!(max(&[], Column::Key).is_none());
    }
}
