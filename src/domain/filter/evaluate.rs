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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::{
        Json, JsonText, Pair, Value,
        filter::{Compare, Pattern, PatternKind, sample::pair},
    };

    fn answer(filter: &Filter, pair: &Pair) -> Option<bool> {
        filter.matches(&Row::new(pair))
    }

    fn json(text: &str) -> Json {
        Json::parse(&JsonText::parse(text).expect(text))
    }

    fn value(test: JsonTest, value: &str) -> Option<bool> {
        answer(&Filter::Value(test), &pair("k", value, 1))
    }

    fn described(text: &str) -> Filter {
        Filter::Text(TextColumn::Description, TextTest::Compare(Compare::Eq(text.to_owned())))
    }

    #[test]
    fn all_of_nothing_is_true_and_any_of_nothing_false() {
        let pair = pair("k", "1", 1);
        assert_eq!(answer(&Filter::All(vec![]), &pair), Some(true));
        assert_eq!(answer(&Filter::Any(vec![]), &pair), Some(false));
        assert_eq!(answer(&Filter::Not(Box::new(Filter::All(vec![]))), &pair), Some(false));
    }

    #[test]
    fn unknown_is_neither_true_nor_false() {
        let pair = pair("k", "1", 1);
        let (yes, no) = (Filter::All(vec![]), Filter::Any(vec![]));
        let unknown = || described("x");
        assert_eq!(answer(&unknown(), &pair), None);
        assert_eq!(answer(&Filter::Not(Box::new(unknown())), &pair), None);
        assert_eq!(answer(&Filter::All(vec![unknown(), yes.clone()]), &pair), None);
        assert_eq!(answer(&Filter::All(vec![unknown(), no.clone()]), &pair), Some(false));
        assert_eq!(answer(&Filter::Any(vec![unknown(), yes]), &pair), Some(true));
        assert_eq!(answer(&Filter::Any(vec![unknown(), no]), &pair), None);
        assert!(!unknown().takes(&Row::new(&pair)));
    }

    #[test]
    fn every_column_is_read() {
        let mut pair = pair("k", "true", 3);
        pair.description = Some("d".to_owned());
        pair.expires_at = Some(Timestamp::from_micros(9));
        let text = |column, text: &str| Filter::Text(column, TextTest::Compare(Compare::Eq(text.to_owned())));
        let time = |column, micros| Filter::Time(column, Compare::Eq(Timestamp::from_micros(micros)));
        for filter in [
            text(TextColumn::Key, "k"),
            text(TextColumn::Namespace, "default"),
            text(TextColumn::Type, "BOOLEAN"),
            text(TextColumn::Description, "d"),
            Filter::Uuid(UuidColumn::Id, Compare::Eq(Uuid::from_u128(3))),
            Filter::Uuid(UuidColumn::TenantId, Compare::Eq(Uuid::from_u128(7))),
            time(TimeColumn::Created, 3),
            time(TimeColumn::Updated, 3),
            time(TimeColumn::ExpiresAt, 9),
            Filter::Int(IntColumn::Version, Compare::Eq(3)),
            Filter::Value(JsonTest::Compare(Compare::Eq(json("true")))),
        ] {
            assert_eq!(answer(&filter, &pair), Some(true), "{filter:?}");
        }
    }

    #[test]
    fn text_compares_by_code_points() {
        let key = |test| answer(&Filter::Text(TextColumn::Key, test), &pair("Zoë", "1", 1));
        assert_eq!(key(TextTest::Compare(Compare::Lt("a".to_owned()))), Some(true));
        assert_eq!(key(TextTest::StartsWith("Zo".to_owned())), Some(true));
        assert_eq!(key(TextTest::StartsWith("zo".to_owned())), Some(false));
        let pattern = Pattern::new(PatternKind::Like, "Z_ë").expect("a pattern");
        assert_eq!(key(TextTest::Matches { pattern: pattern.clone(), negated: false }), Some(true));
        assert_eq!(key(TextTest::Matches { pattern, negated: true }), Some(false));
    }

    #[test]
    fn a_pattern_over_null_is_unknown_negated_or_not() {
        let pair = pair("k", "1", 1);
        for negated in [false, true] {
            let pattern = Pattern::new(PatternKind::Regex, "x").expect("a pattern");
            let filter = Filter::Text(TextColumn::Description, TextTest::Matches { pattern, negated });
            assert_eq!(answer(&filter, &pair), None);
        }
    }

    #[test]
    fn values_are_tested_as_jsonb() {
        let some = |text: &str| text.to_owned();
        for (test, there) in [
            (JsonTest::Compare(Compare::Gt(json("4"))), true),
            (JsonTest::Compare(Compare::In(vec![json("1"), json(r#"{"b":[1],"a":2.0}"#)].into())), true),
            (JsonTest::Contains(json(r#"{"b":[]}"#)), true),
            (JsonTest::ContainedIn(json(r#"{"a":2,"b":[1,2]}"#)), true),
            (JsonTest::ContainedIn(json("{}")), false),
            (JsonTest::HasKey(some("b")), true),
            (JsonTest::HasKeysAny(vec![some("c"), some("a")]), true),
            (JsonTest::HasKeysAll(vec![some("c"), some("a")]), false),
        ] {
            assert_eq!(value(test.clone(), r#"{"a":2,"b":[1]}"#), Some(there), "{test:?}");
        }
    }

    #[test]
    fn json_null_is_a_value() {
        assert_eq!(value(JsonTest::Compare(Compare::IsNull(true)), "null"), Some(false));
        assert_eq!(value(JsonTest::Compare(Compare::IsNull(false)), "null"), Some(true));
        let cast = JsonTest::Cast(TextTest::Compare(Compare::Eq("null".to_owned())));
        assert_eq!(value(cast, "null"), Some(true));
    }

    #[test]
    fn a_cast_sees_postgresqls_text() {
        let pattern = Pattern::new(PatternKind::Like, r#"{"a": 4, "aa": 1%}"#).expect("a pattern");
        let cast = JsonTest::Cast(TextTest::Matches { pattern, negated: false });
        assert_eq!(value(cast, r#"{"aa":1.0,"a":4}"#), Some(true));
    }

    #[test]
    fn bytes_are_seen_as_the_string_of_their_base64() {
        let bytes = Pair { value: Value::Bytes(vec![255, 0]), ..pair("k", "1", 1) };
        let filter = Filter::Value(JsonTest::Compare(Compare::Eq(json(r#""/wA=""#))));
        assert_eq!(answer(&filter, &bytes), Some(true));
        let kind = TextTest::Compare(Compare::Eq("BINARY".to_owned()));
        assert_eq!(answer(&Filter::Text(TextColumn::Type, kind), &bytes), Some(true));
    }
}
