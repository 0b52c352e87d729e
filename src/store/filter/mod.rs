//! A filter as SQL: what both databases answer alike and by index.
//!
//! A translation never loses a row: where a part of the filter has no SQL, the condition takes more
//! rows than the filter does, and says so; the domain's evaluator decides on those.

mod fold;
mod members;
mod needles;
pub(super) mod periods;

use entities::key_value::Column as Stored;
use sea_orm::{
    ColumnTrait, Condition, DbBackend, Value,
    sea_query::{Expr, SimpleExpr},
};

use self::{
    fold::fold,
    members::{Operand, one_of},
};
use crate::domain::{
    NamespacePattern, Scope,
    filter::{Column, Compare, Filter, IntColumn, Pattern, TextColumn, TextTest, TimeColumn, UuidColumn},
};

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

impl Translation {
    /// The other rows; all of them where it is not known which these are.
    fn not(self) -> Self {
        match self {
            Self { condition: Some(condition), exact: true } => exact(condition.not()),
            Self { condition: None, exact: true } => exact(Condition::all().add(never())),
            Self { exact: false, .. } => EVERYTHING,
        }
    }
}

/// Translates `filter` for the database `backend`.
pub(super) fn translate(backend: DbBackend, filter: &Filter) -> Translation {
    Translator { backend, tests: TESTS }.translate(filter)
}

/// The pairs of a scope.
pub(super) fn scope(scope: &Scope) -> Condition {
    names(Stored::Namespace, scope)
}

/// The rows of a scope whose namespace is in `column`.
pub(super) fn names(column: impl ColumnTrait, scope: &Scope) -> Condition {
    let patterns = match scope {
        Scope::One(namespace) => return Condition::all().add(column.eq(namespace.as_str())),
        Scope::Any(patterns) => patterns,
    };
    if patterns.contains(&NamespacePattern::All) {
        return Condition::all();
    }
    if patterns.is_empty() {
        return Condition::all().add(never());
    }
    patterns.iter().fold(Condition::any(), |any, pattern| match pattern {
        NamespacePattern::All => any,
        NamespacePattern::One(name) => any.add(column.eq(name.as_str())),
        // '/' is the character after '.', so this range is exactly the names below the root.
        NamespacePattern::Tree(root) => any
            .add(column.eq(root.as_str()))
            .add(Condition::all().add(column.gte(format!("{root}."))).add(column.lt(format!("{root}/")))),
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
    backend: DbBackend,
    /// How many more tests may be translated.
    tests: usize,
}

impl Translator {
    fn translate(&mut self, filter: &Filter) -> Translation {
        match filter {
            Filter::All(filters) => self.all(filters),
            Filter::Any(filters) => self.any(filters),
            Filter::Not(filter) => self.translate(filter).not(),
            test => match self.tests.checked_sub(needles::cost(test)) {
                None => EVERYTHING,
                Some(left) => {
                    self.tests = left;
                    self.leaf(test)
                }
            },
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
        if filters.is_empty() {
            return exact(Condition::all().add(never()));
        }
        let mut any = Condition::any();
        let mut is_exact = true;
        for filter in fold(filters) {
            match self.translate(&filter) {
                Translation { condition: Some(part), exact } => {
                    any = any.add(part);
                    is_exact &= exact;
                }
                Translation { condition: None, exact } => return Translation { condition: None, exact },
            }
        }
        Translation { condition: Some(any), exact: is_exact }
    }

    fn leaf(&self, test: &Filter) -> Translation {
        match test {
            Filter::Uuid(column, compare) => {
                let column = match column {
                    UuidColumn::Id => Stored::Id,
                    UuidColumn::TenantId => Stored::TenantId,
                };
                self.compare(column, compare, |id| Some(Operand::Uuid(*id)))
            }
            Filter::Time(column, compare) => {
                let stored = match column {
                    TimeColumn::Created => Stored::Created,
                    TimeColumn::Updated => Stored::Updated,
                    TimeColumn::ExpiresAt => Stored::ExpiresAt,
                };
                let times = self.compare(stored, compare, |time| Some(Operand::Int(time.micros())));
                let updated = *column == TimeColumn::Updated;
                let periods = if updated { periods::within(self.backend, compare) } else { None };
                Translation { condition: times.condition.map(|times| times.add_option(periods)), ..times }
            }
            Filter::Int(IntColumn::Version, compare) => {
                self.compare(Stored::Version, compare, |number| Some(Operand::Int(*number)))
            }
            Filter::Text(TextColumn::Key, test) => self.key(test),
            Filter::Text(column, TextTest::Compare(compare)) => self.text(*column, compare),
            // Of null, every other test is unknown.
            Filter::Text(TextColumn::Description, _) => {
                some_of(Condition::all().add(Stored::Description.is_not_null()))
            }
            Filter::Value(test) => needles::value(self.backend, test).map_or(EVERYTHING, some_of),
            Filter::Text(..) | Filter::All(_) | Filter::Any(_) | Filter::Not(_) => EVERYTHING,
        }
    }

    /// Keys are stored as bytes, so every comparison of them is by code point on both databases.
    fn key(&self, test: &TextTest) -> Translation {
        let (taken, negated) = match test {
            TextTest::Compare(compare) => {
                return self.compare(Stored::Key, compare, |text| Some(Operand::Bytes(text.as_bytes())));
            }
            TextTest::StartsWith(prefix) => (starts_with(prefix), false),
            TextTest::Matches { pattern, negated } => (self.like(pattern), *negated),
        };
        if negated { taken.not() } else { taken }
    }

    /// The keys that match a pattern of one key, a prefix or a part; of another, keys that may match.
    fn like(&self, pattern: &Pattern) -> Translation {
        if let Some(key) = pattern.exact() {
            return exact(Condition::all().add(Stored::Key.eq(key.as_bytes().to_vec())));
        }
        if let Some(prefix) = pattern.prefix() {
            return starts_with(prefix);
        }
        if let Some(infix) = pattern.infix() {
            return exact(Condition::all().add(needles::key_has(self.backend, infix)));
        }
        let start = pattern.start().and_then(|start| starts_with(start).condition);
        let parts = needles::key(self.backend, pattern);
        let condition = start.into_iter().chain(parts).reduce(Condition::add);
        Translation { condition, exact: false }
    }

    fn text(&self, column: TextColumn, compare: &Compare<String>) -> Translation {
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
        self.compare(stored, compare, |text| (!text.contains('\0')).then_some(Operand::Text(text)))
    }

    /// A comparison with operands that `read` makes; one that it cannot make is left to the evaluator.
    fn compare<T: Ord>(
        &self,
        column: Stored,
        compare: &Compare<T>,
        read: impl Fn(&T) -> Option<Operand<'_>>,
    ) -> Translation {
        let one = |operand: &T, build: fn(&Stored, Value) -> SimpleExpr| {
            read(operand).map(|operand| Condition::all().add(build(&column, operand.into())))
        };
        let set = |items: &[T]| {
            let items: Option<Vec<_>> = items.iter().map(&read).collect();
            items.map(|items| one_of(self.backend, column, &items))
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
            Compare::In(items) => set(items.items()),
            Compare::Nin(items) => set(items.items()).map(Condition::not),
        };
        condition.map_or(EVERYTHING, exact)
    }
}

fn exact(condition: Condition) -> Translation {
    Translation { condition: Some(condition), exact: true }
}

/// Raw: a constant, which both databases fold away.
fn never() -> SimpleExpr {
    Expr::cust("1 = 0")
}

/// A condition that takes every row that a test takes, and perhaps others.
fn some_of(condition: Condition) -> Translation {
    Translation { condition: Some(condition), exact: false }
}

/// The rows whose keys start with `prefix`.
pub(super) fn keys_from(prefix: &str) -> Condition {
    Condition::all().add_option(starts_with(prefix).condition)
}

/// The keys from `prefix` up to the first text that does not start with it. The bytes of UTF-8 never
/// reach 0xFF, so raising the last byte always gives that text's bound.
fn starts_with(prefix: &str) -> Translation {
    let from = prefix.as_bytes().to_vec();
    let Some((last, head)) = from.split_last() else { return Translation { condition: None, exact: true } };
    let mut to = head.to_vec();
    to.push(last + 1);
    exact(Condition::all().add(Stored::Key.gte(from)).add(Stored::Key.lt(to)))
}
