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
