//! A filter as SQL: what both databases answer alike and by index.
//!
//! A translation never loses a row: where a part of the filter has no SQL, the condition takes more
//! rows than the filter does, and says so; the domain's evaluator decides on those.

use entities::key_value::{COLUMN, Column as Stored};
use sea_orm::{ColumnTrait, Condition, Value, sea_query::Expr};

use crate::domain::{
    NamespacePattern, Scope,
    filter::{Column, Compare, Filter, IntColumn, Pattern, TextColumn, TextTest, TimeColumn, UuidColumn},
};

/// Most items of an IN list that go to the database; a longer one becomes a range.
const ITEMS: usize = 5_000;

/// Most tests that go to the database: SQLite's expressions may be 1,000 deep.
const TESTS: usize = 400;

/// A condition that takes every row the filter takes.
pub(super) struct Translation {
    /// The condition; none where it would take every row.
    pub(super) condition: Option<Condition>,
    /// Whether it takes no other rows.
    pub(super) exact: bool,
}

const EVERYTHING: Translation = Translation { condition: None, exact: false };

/// Translates `filter`.
pub(super) fn translate(filter: &Filter) -> Translation {
    Translator { tests: TESTS }.translate(filter)
}

/// The rows of a scope.
pub(super) fn scope(scope: &Scope) -> Condition {
    let patterns = match scope {
        Scope::One(namespace) => return Condition::all().add(COLUMN.namespace.eq(namespace.as_str())),
        Scope::Any(patterns) => patterns,
    };
    if patterns.contains(&NamespacePattern::All) {
        return Condition::all();
    }
    patterns.iter().fold(Condition::any().add(nothing()), |any, pattern| match pattern {
        NamespacePattern::All => any,
        NamespacePattern::One(name) => any.add(COLUMN.namespace.eq(name.as_str())),
        // '/' is the character after '.', so this range is exactly the names below the root.
        NamespacePattern::Tree(root) => any.add(COLUMN.namespace.eq(root.as_str())).add(
            Condition::all().add(COLUMN.namespace.gte(format!("{root}."))).add(COLUMN.namespace.lt(format!("{root}/"))),
        ),
    })
}

/// The column that sorts as the domain sorts, where there is one.
pub(super) fn sortable(column: Column) -> Option<Stored> {
    match column {
        Column::Created => Some(Stored::Created),
        Column::Id => Some(Stored::Id),
        Column::Key => Some(Stored::Key),
        Column::TenantId => Some(Stored::TenantId),
        Column::Updated => Some(Stored::Updated),
        Column::Namespace => Some(Stored::Namespace),
        Column::Version => Some(Stored::Version),
        Column::ExpiresAt => Some(Stored::ExpiresAt),
        Column::Value | Column::Type | Column::Description => None,
    }
}

struct Translator {
    /// How many more tests may be translated.
    tests: usize,
}

impl Translator {
    fn translate(&mut self, filter: &Filter) -> Translation {
        match filter {
            Filter::All(filters) => self.all(filters),
            Filter::Any(filters) => self.any(filters),
            Filter::Not(filter) => match self.translate(filter) {
                Translation { condition: Some(condition), exact: true } => exact(condition.not()),
                Translation { condition: None, exact: true } => exact(nothing()),
                Translation { exact: false, .. } => EVERYTHING,
            },
            _ if self.tests == 0 => EVERYTHING,
            test => {
                self.tests -= 1;
                leaf(test)
            }
        }
    }

    fn all(&mut self, filters: &[Filter]) -> Translation {
        let mut all = Translation { condition: None, exact: true };
        for filter in filters {
            let part = self.translate(filter);
            all.exact &= part.exact;
            all.condition = match (all.condition, part.condition) {
                (Some(all), Some(part)) => Some(all.add(part)),
                (None, Some(part)) => Some(Condition::all().add(part)),
                (all, None) => all,
            };
        }
        all
    }

    fn any(&mut self, filters: &[Filter]) -> Translation {
        let mut any = Condition::any();
        let mut is_exact = true;
        for filter in filters {
            match self.translate(filter) {
                Translation { condition: Some(part), exact } => {
                    any = any.add(part);
                    is_exact &= exact;
                }
                Translation { condition: None, exact } => return Translation { condition: None, exact },
            }
        }
        Translation { condition: Some(if filters.is_empty() { nothing() } else { any }), exact: is_exact }
    }
}

fn exact(condition: Condition) -> Translation {
    Translation { condition: Some(condition), exact: true }
}

fn nothing() -> Condition {
    // Raw: a constant, which both databases fold away.
    Condition::all().add(Expr::cust("1 = 0"))
}

fn leaf(test: &Filter) -> Translation {
    match test {
        Filter::Uuid(UuidColumn::Id, compare) => compare_with(Stored::Id, compare, |id| Some((*id).into())),
        Filter::Uuid(UuidColumn::TenantId, compare) => compare_with(Stored::TenantId, compare, |id| Some((*id).into())),
        Filter::Time(column, compare) => {
            let column = match column {
                TimeColumn::Created => Stored::Created,
                TimeColumn::Updated => Stored::Updated,
                TimeColumn::ExpiresAt => Stored::ExpiresAt,
            };
            compare_with(column, compare, |time| Some(time.micros().into()))
        }
        Filter::Int(IntColumn::Version, compare) => compare_with(Stored::Version, compare, |n| Some((*n).into())),
        Filter::Text(TextColumn::Key, test) => key(test),
        Filter::Text(column, TextTest::Compare(compare)) => text(*column, compare),
        _ => EVERYTHING,
    }
}

/// Keys are stored as bytes, so every comparison of them is by code point on both databases.
fn key(test: &TextTest) -> Translation {
    let bytes = |text: &str| Value::from(text.as_bytes().to_vec());
    let (condition, negated) = match test {
        TextTest::Compare(compare) => return compare_with(Stored::Key, compare, |text| Some(bytes(text))),
        TextTest::StartsWith(prefix) => (starts_with(prefix), false),
        TextTest::Matches { pattern, negated } => match like(pattern) {
            Some(condition) => (condition, *negated),
            None => return EVERYTHING,
        },
    };
    exact(if negated { condition.not() } else { condition })
}

fn like(pattern: &Pattern) -> Option<Condition> {
    let equal = |text: &str| Condition::all().add(Stored::Key.eq(text.as_bytes().to_vec()));
    pattern.exact().map(equal).or_else(|| pattern.prefix().map(starts_with))
}

/// The keys from `prefix` up to the first text that does not start with it. The bytes of UTF-8 never
/// reach 0xFF, so raising the last byte always gives that text's bound.
fn starts_with(prefix: &str) -> Condition {
    let from = prefix.as_bytes().to_vec();
    let Some((last, head)) = from.split_last() else { return Condition::all() };
    let mut to = head.to_vec();
    to.push(last + 1);
    Condition::all().add(Stored::Key.gte(from)).add(Stored::Key.lt(to))
}

fn text(column: TextColumn, compare: &Compare<String>) -> Translation {
    let (stored, ordered) = match column {
        TextColumn::Key => (Stored::Key, true),
        TextColumn::Namespace => (Stored::Namespace, true),
        TextColumn::Type => (Stored::Kind, false),
        TextColumn::Description => (Stored::Description, false),
    };
    let by_order = matches!(compare, Compare::Gt(_) | Compare::Gte(_) | Compare::Lt(_) | Compare::Lte(_));
    if by_order && !ordered {
        return EVERYTHING;
    }
    // PostgreSQL's text cannot hold NUL, not even to compare with.
    compare_with(stored, compare, |text| (!text.contains('\0')).then(|| text.as_str().into()))
}

/// A comparison with operands that `value` makes; one that it cannot make is left to the evaluator.
fn compare_with<T: Ord>(column: Stored, compare: &Compare<T>, value: impl Fn(&T) -> Option<Value>) -> Translation {
    let one = |operand: &T, build: fn(&Stored, Value) -> sea_orm::sea_query::SimpleExpr| {
        value(operand).map(|value| Condition::all().add(build(&column, value)))
    };
    let condition = match compare {
        Compare::Eq(operand) => one(operand, Stored::eq),
        Compare::Neq(operand) => one(operand, Stored::ne),
        Compare::Gt(operand) => one(operand, Stored::gt),
        Compare::Gte(operand) => one(operand, Stored::gte),
        Compare::Lt(operand) => one(operand, Stored::lt),
        Compare::Lte(operand) => one(operand, Stored::lte),
        Compare::IsNull(true) => Some(Condition::all().add(column.is_null())),
        Compare::IsNull(false) => Some(Condition::all().add(column.is_not_null())),
        Compare::In(set) if set.items().len() > ITEMS => return range(column, set.items(), value),
        Compare::In(set) => values(set.items(), &value).map(|items| Condition::all().add(column.is_in(items))),
        Compare::Nin(set) if set.items().len() > ITEMS => None,
        Compare::Nin(set) => values(set.items(), &value).map(|items| Condition::all().add(column.is_not_in(items))),
    };
    condition.map_or(EVERYTHING, exact)
}

fn values<T>(items: &[T], value: impl Fn(&T) -> Option<Value>) -> Option<Vec<Value>> {
    items.iter().map(value).collect()
}

/// Everything between the least and the greatest of many items.
fn range<T>(column: Stored, items: &[T], value: impl Fn(&T) -> Option<Value>) -> Translation {
    let bounds = items.first().and_then(&value).zip(items.last().and_then(&value));
    let condition = bounds.map(|(least, greatest)| Condition::all().add(column.gte(least)).add(column.lte(greatest)));
    Translation { condition, exact: false }
}
