//! Random pairs, and random selections over them.

use highwater::domain::{
    Column, Filter, Json, JsonText, Order, Selection, Timestamp,
    filter::{Compare, IntColumn, JsonTest, Pattern, PatternKind, Set, TextColumn, TextTest, TimeColumn, UuidColumn},
};
use proptest::{collection::vec, option, prelude::*};
use uuid::Uuid;

/// A pair to be made.
#[derive(Debug, Clone)]
pub struct Sketch {
    pub key: String,
    /// JSON text; none for bytes.
    pub value: Option<String>,
    pub description: Option<String>,
    /// Seconds that it lives.
    pub life: Option<u64>,
    /// Seconds until the next is made.
    pub pause: u64,
}

/// Seconds that times in filters are apart from the first pair's at most.
const SPAN: i64 = 40;

fn text() -> BoxedStrategy<String> {
    "[abAé%_😀\\\\]{0,3}".boxed()
}

const SCALARS: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "1.0",
    "1.50",
    "2e1",
    "20",
    "100000000000000000000",
    "-0.0",
    "\"\"",
    "\"a\"",
    "\"b\"",
    "\"ab\"",
    "\"é\"",
    "\"A\"",
    "\"\\n\"",
    "\"1\"",
];
const KEYS: &[&str] = &["a", "b", "aa", "é", ""];

/// The same values in other spellings, what `jsonb` cannot hold, and what bytes are shown as.
const SPELLINGS: &[&str] = &[
    "0",
    "-0",
    "0e3",
    "1",
    "1.00",
    "10e-1",
    "0.1E+1",
    "-1",
    "-1e0",
    "20",
    "2E1",
    "0.020e3",
    "1.5",
    "15e-1",
    "true",
    "null",
    "\"a\"",
    "\"\\u0061\"",
    "\"\\n\"",
    "\"\\u000A\"",
    "\"\\u00e9\"",
    "\"é\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\\\\"",
    "\"\\\"\"",
    "\"\\/\"",
    "\"/wA=\"",
    "\"1e0\"",
];
const SPELLED_KEYS: &[&str] = &["a", "\\u0061", "\\\\", "\\\"", "é", "\\u00e9", "\\u0000", "1"];

/// JSON text of every kind, from small alphabets, so that values meet.
pub fn json() -> BoxedStrategy<String> {
    made_of(SCALARS, KEYS)
}

fn made_of(scalars: &'static [&str], keys: &'static [&str]) -> BoxedStrategy<String> {
    let leaf = prop::sample::select(scalars).prop_map(ToOwned::to_owned);
    leaf.prop_recursive(3, 12, 3, move |inner| {
        let member = (prop::sample::select(keys), inner.clone());
        prop_oneof![
            vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            vec(member.prop_map(|(key, value)| format!("\"{key}\":{value}")), 0..4)
                .prop_map(|members| format!("{{{}}}", members.join(","))),
        ]
    })
    .boxed()
}

/// Pairs and tests that meet in the text of their values, or of their keys, if anywhere.
pub fn spelled_sketches() -> BoxedStrategy<Vec<Sketch>> {
    let value = option::weighted(0.95, made_of(SPELLINGS, SPELLED_KEYS));
    let sketch = ("[abkKİ\u{212a}é\\\\\\x00]{1,5}", value, option::weighted(0.2, text()))
        .prop_map(|(key, value, description)| Sketch { key, value, description, life: None, pause: 0 });
    vec(sketch, 60..90).boxed()
}

/// A test, or its opposite, that the databases answer in part.
pub fn spelled_filter() -> BoxedStrategy<Filter> {
    let value = made_of(SPELLINGS, SPELLED_KEYS).prop_map(|text| Json::parse(&JsonText::parse(&text).unwrap())).boxed();
    let key = prop::sample::select(vec!["a", "\\", "\"", "é", "\0", "1", "/wA="]).prop_map(ToOwned::to_owned).boxed();
    let values = vec(value.clone(), 0..20).prop_map(Set::new);
    let json = prop_oneof![
        4 => value.clone().prop_map(JsonTest::Contains),
        2 => value.clone().prop_map(|value| JsonTest::Compare(Compare::Eq(value))),
        1 => values.prop_map(|values| JsonTest::Compare(Compare::In(values))),
        1 => value.prop_map(JsonTest::ContainedIn),
        1 => key.clone().prop_map(JsonTest::HasKey),
        1 => vec(key.clone(), 0..20).prop_map(JsonTest::HasKeysAny),
        1 => vec(key, 0..6).prop_map(JsonTest::HasKeysAll),
    ];
    let kind = prop_oneof![Just(PatternKind::Like), Just(PatternKind::ILike), Just(PatternKind::Similar)];
    let source = prop_oneof!["%[abkKİ\u{212a}é\\x00]{1,2}%", "[ab%_]{0,2}[abkiKé+%_]{0,3}[ab%]"];
    let pattern = (kind, source).prop_filter_map("a pattern", |(kind, source)| Pattern::new(kind, &source).ok());
    let matches =
        (pattern, any::<bool>()).prop_map(|(pattern, negated)| TextTest::Matches { pattern, negated }).boxed();
    let test = prop_oneof![
        3 => json.prop_map(Filter::Value),
        2 => matches.clone().prop_map(|test| Filter::Text(TextColumn::Key, test)),
        1 => matches.prop_map(|test| Filter::Text(TextColumn::Description, test)),
    ];
    let one = test.clone().prop_map(|test| Filter::Not(Box::new(test)));
    let two = vec(test.clone(), 2..3).prop_map(Filter::Any);
    prop_oneof![4 => test, 1 => one, 1 => two].boxed()
}

pub fn sketches() -> BoxedStrategy<Vec<Sketch>> {
    let sketch =
        ("[abAé%_😀\\\\]{1,3}", option::weighted(0.9, json()), option::of(text()), option::of(20..90_u64), 0..3_u64)
            .prop_map(|(key, value, description, life, pause)| Sketch { key, value, description, life, pause });
    vec(sketch, 0..25).boxed()
}

fn compare<T: Clone + std::fmt::Debug + Ord + 'static>(operand: BoxedStrategy<T>) -> BoxedStrategy<Compare<T>> {
    let set = vec(operand.clone(), 0..4).prop_map(Set::new).boxed();
    prop_oneof![
        operand.clone().prop_map(Compare::Eq),
        operand.clone().prop_map(Compare::Neq),
        operand.clone().prop_map(Compare::Gt),
        operand.clone().prop_map(Compare::Gte),
        operand.clone().prop_map(Compare::Lt),
        operand.prop_map(Compare::Lte),
        set.clone().prop_map(Compare::In),
        set.prop_map(Compare::Nin),
        any::<bool>().prop_map(Compare::IsNull),
    ]
    .boxed()
}

fn text_test() -> BoxedStrategy<TextTest> {
    let like = prop_oneof![Just(PatternKind::Like), Just(PatternKind::ILike), Just(PatternKind::Similar)];
    let expressions = vec!["a", "^a", "b$", "a.*b", "^[ab]+$", "\\w", "(?i)A", "^$", "é|😀"];
    let regex = prop_oneof![Just(PatternKind::Regex), Just(PatternKind::IRegex)];
    let sources = prop_oneof![
        (like, text()),
        (Just(PatternKind::Like), "[ab]{0,2}%"),
        (regex, prop::sample::select(expressions).prop_map(ToOwned::to_owned)),
    ];
    let pattern = sources.prop_filter_map("a pattern", |(kind, source)| Pattern::new(kind, &source).ok());
    prop_oneof![
        3 => compare(text()).prop_map(TextTest::Compare),
        2 => (pattern, any::<bool>()).prop_map(|(pattern, negated)| TextTest::Matches { pattern, negated }),
        1 => text().prop_map(TextTest::StartsWith),
    ]
    .boxed()
}

fn json_test() -> BoxedStrategy<JsonTest> {
    let value = json().prop_map(|text| Json::parse(&JsonText::parse(&text).unwrap())).boxed();
    let key = prop::sample::select(vec!["a", "b", "aa", "1"]).prop_map(ToOwned::to_owned).boxed();
    prop_oneof![
        compare(value.clone()).prop_map(JsonTest::Compare),
        value.clone().prop_map(JsonTest::Contains),
        value.prop_map(JsonTest::ContainedIn),
        key.clone().prop_map(JsonTest::HasKey),
        vec(key.clone(), 0..3).prop_map(JsonTest::HasKeysAny),
        vec(key, 0..3).prop_map(JsonTest::HasKeysAll),
        text_test().prop_map(JsonTest::Cast),
    ]
    .boxed()
}

/// A filter; its ids are small numbers, to be replaced by those of the pairs, and its times count from `start`.
fn filter(start: i64) -> BoxedStrategy<Filter> {
    let texts =
        vec![TextColumn::Key, TextColumn::Key, TextColumn::Namespace, TextColumn::Type, TextColumn::Description];
    let times = vec![TimeColumn::Created, TimeColumn::Updated, TimeColumn::ExpiresAt];
    let time = (0..SPAN).prop_map(move |after| Timestamp::from_micros(start + after * 1_000_000)).boxed();
    let kinds = prop::sample::select(vec!["NUMBER", "JSON", "BINARY"]).prop_map(ToOwned::to_owned).boxed();
    let leaf = prop_oneof![
        4 => (prop::sample::select(texts), text_test()).prop_map(|(column, test)| Filter::Text(column, test)),
        1 => compare(kinds).prop_map(|test| Filter::Text(TextColumn::Type, TextTest::Compare(test))),
        2 => compare((0..30_u128).prop_map(Uuid::from_u128).boxed()).prop_map(|test| Filter::Uuid(UuidColumn::Id, test)),
        2 => (prop::sample::select(times), compare(time)).prop_map(|(column, test)| Filter::Time(column, test)),
        1 => compare((0..4_i64).boxed()).prop_map(|test| Filter::Int(IntColumn::Version, test)),
        3 => json_test().prop_map(Filter::Value),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Filter::All),
            vec(inner.clone(), 0..5).prop_map(Filter::Any),
            inner.prop_map(|filter| Filter::Not(Box::new(filter))),
        ]
    })
    .boxed()
}

/// A selection with one answer only: its order ends with the key, where there is one, or where it matters.
pub fn selection(start: i64) -> BoxedStrategy<Selection> {
    let order = (prop::sample::select(Column::ALL.to_vec()), any::<bool>(), any::<bool>())
        .prop_map(|(column, descending, nulls_first)| Order { column, descending, nulls_first });
    let cut = (option::of(0..9_u64), prop_oneof![3 => Just(0), 1 => 0..5_u64]);
    (filter(start), vec(order, 0..3), 0..2_usize, cut)
        .prop_map(|(filter, mut order, distinct, (limit, offset))| {
            let distinct_on: Vec<_> = order.iter().take(distinct).map(|order| order.column).collect();
            if !order.is_empty() || limit.is_some() || offset > 0 {
                order.push(Order::ascending(Column::Key));
            }
            Selection { filter, order, distinct_on, limit, offset }
        })
        .boxed()
}

/// `filter` with the ids that stand at its numbers.
pub fn with_ids(filter: &Filter, ids: &[Uuid]) -> Filter {
    let id =
        |number: &Uuid| usize::try_from(number.as_u128()).ok().and_then(|at| ids.get(at)).copied().unwrap_or(*number);
    let all = |filters: &[Filter]| filters.iter().map(|filter| with_ids(filter, ids)).collect();
    match filter {
        Filter::All(filters) => Filter::All(all(filters)),
        Filter::Any(filters) => Filter::Any(all(filters)),
        Filter::Not(filter) => Filter::Not(Box::new(with_ids(filter, ids))),
        Filter::Uuid(column, compare) => Filter::Uuid(
            *column,
            match compare {
                Compare::Eq(number) => Compare::Eq(id(number)),
                Compare::Neq(number) => Compare::Neq(id(number)),
                Compare::Gt(number) => Compare::Gt(id(number)),
                Compare::Gte(number) => Compare::Gte(id(number)),
                Compare::Lt(number) => Compare::Lt(id(number)),
                Compare::Lte(number) => Compare::Lte(id(number)),
                Compare::In(set) => Compare::In(set.items().iter().map(id).collect()),
                Compare::Nin(set) => Compare::Nin(set.items().iter().map(id).collect()),
                Compare::IsNull(wanted) => Compare::IsNull(*wanted),
            },
        ),
        other => other.clone(),
    }
}
