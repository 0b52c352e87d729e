//! `filters[field][OPERATION]=value` into the store's own filter (contract kestra.md, "List parameters").
//!
//! Several filters must all hold. Kestra 2 adds groups, `filters[or][0][field][OPERATION]`, which may
//! hold one more group each: `filters[or][0][and][1][field][OPERATION]`.

use std::collections::BTreeMap;

use super::error::{Refusal, Result};
use crate::domain::{
    Timestamp,
    filter::{Compare, Filter, Pattern, PatternBudget, PatternKind, TextColumn, TextTest, TimeColumn},
};

/// Deepest nesting of groups.
const GROUPS: usize = 2;

/// Most filters in one request.
const FILTERS: usize = 100;

/// How filters join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Join {
    And,
    Or,
}

/// Filters that must all hold, and groups by their joins and their numbers.
#[derive(Default)]
struct Group {
    own: Vec<Filter>,
    groups: BTreeMap<Join, BTreeMap<u64, Group>>,
}

impl Group {
    /// The group at `path`, a list of joins and numbers.
    fn at(&mut self, path: &[(Join, u64)]) -> &mut Self {
        path.iter()
            .fold(self, |group, (join, number)| group.groups.entry(*join).or_default().entry(*number).or_default())
    }

    fn filter(self) -> Filter {
        let mut all = self.own;
        for (join, units) in self.groups {
            let units = units.into_values().map(Self::filter).collect();
            all.push(if join == Join::Or { Filter::Any(units) } else { Filter::All(units) });
        }
        Filter::All(all)
    }
}

/// The filter that the parameters of a query string write; those that are no filters are not looked at.
///
/// # Errors
/// 400 for what nobody knows.
pub(super) fn read(parameters: &[(String, String)]) -> Result<Filter> {
    let (mut whole, budget) = (Group::default(), PatternBudget::default());
    let mut count = 0;
    for (name, value) in parameters {
        let Some(rest) = name.strip_prefix("filters") else { continue };
        count += 1;
        if count > FILTERS {
            return Err(Refusal::bad_filter(&format!("at most {FILTERS} are allowed")));
        }
        let Some(Place { groups, field, operation }) = place(rest) else {
            return Err(Refusal::bad_filter("a filter is written filters[field][OPERATION]=value"));
        };
        whole.at(&groups).own.push(leaf(field, operation, value, &budget)?);
    }
    Ok(whole.filter())
}

/// Where a filter stands, and what it tests.
struct Place<'a> {
    groups: Vec<(Join, u64)>,
    field: &'a str,
    operation: &'a str,
}

/// The place that `[or][0][field][OPERATION]` names.
fn place(name: &str) -> Option<Place<'_>> {
    let words: Vec<&str> = name.strip_prefix('[')?.strip_suffix(']')?.split("][").collect();
    let (steps, [field, operation]) = words.split_last_chunk::<2>()?;
    let mut groups = Vec::new();
    for step in steps.chunks(2) {
        let [join, number] = step else { return None };
        let join = match *join {
            "and" => Join::And,
            "or" => Join::Or,
            _ => return None,
        };
        groups.push((join, number.parse().ok()?));
    }
    (groups.len() <= GROUPS).then_some(Place { groups, field, operation })
}

fn leaf(field: &str, operation: &str, value: &str, budget: &PatternBudget) -> Result<Filter> {
    let filter = match field {
        "q" => search(operation, value, budget),
        "namespace" => namespace(operation, value, budget),
        "updated" => time(TimeColumn::Updated, operation, value),
        "expirationDate" => time(TimeColumn::ExpiresAt, operation, value),
        _ => return Err(Refusal::bad_filter("the fields are q, namespace, updated and expirationDate")),
    };
    filter.unwrap_or_else(|| Err(Refusal::bad_filter("the field does not take this operation")))
}

/// Text anywhere in the key, in either case.
fn search(operation: &str, value: &str, budget: &PatternBudget) -> Option<Result<Filter>> {
    let negated = match operation {
        "EQUALS" => false,
        "NOT_EQUALS" => true,
        _ => return None,
    };
    Some(matching(TextColumn::Key, PatternKind::ILike, &format!("%{}%", literal(value)), negated, budget))
}

fn namespace(operation: &str, value: &str, budget: &PatternBudget) -> Option<Result<Filter>> {
    let text = |test| Ok(Filter::Text(TextColumn::Namespace, test));
    let compare = |compare: Compare<String>| text(TextTest::Compare(compare));
    let like = |pattern: String| matching(TextColumn::Namespace, PatternKind::Like, &pattern, false, budget);
    let names = || value.split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>();
    Some(match operation {
        "EQUALS" => compare(Compare::Eq(value.to_owned())),
        "NOT_EQUALS" => compare(Compare::Neq(value.to_owned())),
        "IN" => compare(Compare::In(names().into())),
        "NOT_IN" => compare(Compare::Nin(names().into())),
        "STARTS_WITH" => text(TextTest::StartsWith(value.to_owned())),
        "CONTAINS" => like(format!("%{}%", literal(value))),
        "ENDS_WITH" => like(format!("%{}", literal(value))),
        "REGEX" => matching(TextColumn::Namespace, PatternKind::Regex, value, false, budget),
        "PREFIX" => Ok(below(value)),
        _ => return None,
    })
}

/// The namespace `name` and those below it by dot. '/' is the character after '.'.
fn below(name: &str) -> Filter {
    let text = |compare| Filter::Text(TextColumn::Namespace, TextTest::Compare(compare));
    let under = vec![text(Compare::Gte(format!("{name}."))), text(Compare::Lt(format!("{name}/")))];
    Filter::Any(vec![text(Compare::Eq(name.to_owned())), Filter::All(under)])
}

fn time(column: TimeColumn, operation: &str, value: &str) -> Option<Result<Filter>> {
    let build = match operation {
        "EQUALS" => Compare::Eq,
        "NOT_EQUALS" => Compare::Neq,
        "GREATER_THAN" => Compare::Gt,
        "GREATER_THAN_OR_EQUAL_TO" => Compare::Gte,
        "LESS_THAN" => Compare::Lt,
        "LESS_THAN_OR_EQUAL_TO" => Compare::Lte,
        _ => return None,
    };
    let instant = Timestamp::parse(value).map_err(|error| Refusal::bad_filter(&error.to_string()));
    Some(instant.map(|instant| Filter::Time(column, build(instant))))
}

fn matching(
    column: TextColumn,
    kind: PatternKind,
    source: &str,
    negated: bool,
    budget: &PatternBudget,
) -> Result<Filter> {
    let pattern = Pattern::within(budget, kind, source).map_err(|error| Refusal::bad_filter(&error.to_string()))?;
    Ok(Filter::Text(column, TextTest::Matches { pattern, negated }))
}

/// `text` as a part of a LIKE pattern that matches only itself.
fn literal(text: &str) -> String {
    text.chars().flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c])).collect()
}
