//! A filter's answer for one row.

use super::{Filter, IntColumn, JsonTest, Row, TextColumn, TextTest, TimeColumn, UuidColumn};
use crate::domain::Timestamp;

impl Filter {
    /// The filter's answer for `row`: `None` is SQL's unknown, and does not take the row.
    #[must_use]
    pub fn matches(&self, row: &Row) -> Option<bool> {
        match self {
            Self::All(filters) => conjunction(filters, row, false),
            Self::Any(filters) => conjunction(filters, row, true),
            Self::Not(filter) => filter.matches(row).map(|answer| !answer),
            Self::Text(column, test) => test.test(text(*column, row)),
            Self::Uuid(UuidColumn::Id, compare) => compare.test(Some(&row.pair().id)),
            Self::Uuid(UuidColumn::TenantId, compare) => compare.test(Some(&row.pair().tenant_id.0)),
            Self::Time(column, compare) => compare.test(time(*column, row).as_ref()),
            Self::Int(IntColumn::Version, compare) => compare.test(Some(&row.pair().version)),
            Self::Value(test) => test.test(row),
        }
    }

    /// Whether `row` is taken.
    #[must_use]
    pub fn takes(&self, row: &Row) -> bool {
        self.matches(row) == Some(true)
    }
}

/// AND, where `decisive` is false, or OR, where it is true: the decisive answer if any filter gives
/// it, else unknown if any is.
fn conjunction(filters: &[Filter], row: &Row, decisive: bool) -> Option<bool> {
    let mut answer = Some(!decisive);
    for filter in filters {
        match filter.matches(row) {
            Some(one) if one == decisive => return Some(decisive),
            Some(_) => {}
            None => answer = None,
        }
    }
    answer
}

fn text<'a>(column: TextColumn, row: &Row<'a>) -> Option<&'a str> {
    let pair = row.pair();
    match column {
        TextColumn::Key => Some(pair.address.key.as_str()),
        TextColumn::Namespace => Some(pair.address.namespace.as_str()),
        TextColumn::Type => Some(pair.value.kind().name()),
        TextColumn::Description => pair.description.as_deref(),
    }
}

fn time(column: TimeColumn, row: &Row) -> Option<Timestamp> {
    let pair = row.pair();
    match column {
        TimeColumn::Created => Some(pair.created),
        TimeColumn::Updated => Some(pair.updated),
        TimeColumn::ExpiresAt => pair.expires_at,
    }
}

impl TextTest {
    /// The answer for a text, or for null.
    #[must_use]
    pub fn test(&self, text: Option<&str>) -> Option<bool> {
        match self {
            Self::Compare(compare) => compare.test(text),
            Self::Matches { pattern, negated } => text.map(|text| pattern.matches(text) != *negated),
            Self::StartsWith(prefix) => text.map(|text| text.starts_with(prefix.as_str())),
        }
    }
}

impl JsonTest {
    fn test(&self, row: &Row) -> Option<bool> {
        match self {
            // The column is never null, so that these need no value.
            Self::Compare(super::Compare::IsNull(wanted)) => Some(!wanted),
            Self::Compare(compare) => compare.test(Some(row.json())),
            Self::Contains(part) => Some(row.json().contains(part)),
            Self::ContainedIn(whole) => Some(whole.contains(row.json())),
            Self::HasKey(key) => Some(row.json().has_key(key)),
            Self::HasKeysAny(keys) => Some(row.json().has_any_key(keys)),
            Self::HasKeysAll(keys) => Some(row.json().has_all_keys(keys)),
            Self::Cast(test) => test.test(Some(row.pg_text())),
        }
    }
}
