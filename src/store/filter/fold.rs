//! Many equalities on one column, of which one must hold, made into one test: `_or` of 2,000 keys is
//! an IN, which the databases answer by index.

use std::borrow::Cow;

use crate::domain::filter::{Compare, Filter, TextTest};

/// `filters`, of which one must hold, in fewer tests if there is a way.
pub(super) fn fold(filters: &[Filter]) -> Vec<Cow<'_, Filter>> {
    let mut folded = Vec::new();
    let (mut texts, mut ids, mut times, mut numbers) = (Folds::new(), Folds::new(), Folds::new(), Folds::new());
    for filter in filters {
        let taken = match only(filter) {
            Filter::Text(column, TextTest::Compare(compare)) => texts.take(*column, compare),
            Filter::Uuid(column, compare) => ids.take(*column, compare),
            Filter::Time(column, compare) => times.take(*column, compare),
            Filter::Int(column, compare) => numbers.take(*column, compare),
            _ => false,
        };
        if !taken {
            folded.push(Cow::Borrowed(filter));
        }
    }
    folded.extend(texts.tests(|column, compare| Filter::Text(column, TextTest::Compare(compare))));
    folded.extend(ids.tests(Filter::Uuid));
    folded.extend(times.tests(Filter::Time));
    folded.extend(numbers.tests(Filter::Int));
    folded
}

/// What a filter comes down to that only wraps another.
fn only(filter: &Filter) -> &Filter {
    match filter {
        Filter::All(filters) | Filter::Any(filters) => match filters.as_slice() {
            [filter] => only(filter),
            _ => filter,
        },
        _ => filter,
    }
}

/// The operands found so far, by column.
struct Folds<C, T>(Vec<(C, Vec<T>)>);

impl<C: Copy + PartialEq, T: Clone + Ord> Folds<C, T> {
    fn new() -> Self {
        Self(Vec::new())
    }

    /// Takes what `compare` compares with, where it asks for nothing but equality.
    fn take(&mut self, column: C, compare: &Compare<T>) -> bool {
        let operands = match compare {
            Compare::Eq(operand) => std::slice::from_ref(operand),
            Compare::In(set) => set.items(),
            _ => return false,
        };
        match self.0.iter_mut().find(|(known, _)| *known == column) {
            Some((_, known)) => known.extend_from_slice(operands),
            None => self.0.push((column, operands.to_vec())),
        }
        true
    }

    fn tests<'a>(self, test: impl Fn(C, Compare<T>) -> Filter) -> impl Iterator<Item = Cow<'a, Filter>> {
        self.0.into_iter().map(move |(column, operands)| Cow::Owned(test(column, Compare::In(operands.into()))))
    }
}
