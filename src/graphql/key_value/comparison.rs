//! The comparison types. A null operand is ignored (contract filter.md, section 4).

use async_graphql::InputObject;

use crate::{
    domain::{
        Json, KvError, Timestamp,
        filter::{Compare, JsonTest, Pattern, PatternBudget, PatternKind, Set, TextTest},
    },
    graphql::{
        error::Result,
        place::Place,
        scalars::{Jsonb, LowerUuid, Timestamptz, Written},
    },
};

/// The comparisons that every type has, from the operands of an input object at `place`.
fn compares<S, T: Ord>(
    place: &Place<'_>,
    singles: [Option<S>; 6],
    sets: [Option<Vec<S>>; 2],
    is_null: Option<bool>,
    read: impl Fn(S) -> std::result::Result<T, KvError>,
) -> Result<Vec<Compare<T>>> {
    type Build<O, T> = fn(O) -> Compare<T>;
    let builds: [(&str, Build<T, T>); 6] = [
        ("_eq", Compare::Eq),
        ("_neq", Compare::Neq),
        ("_gt", Compare::Gt),
        ("_gte", Compare::Gte),
        ("_lt", Compare::Lt),
        ("_lte", Compare::Lte),
    ];
    let set_builds: [(&str, Build<Set<T>, T>); 2] = [("_in", Compare::In), ("_nin", Compare::Nin)];
    let mut all = Vec::new();
    for (operand, (name, build)) in singles.into_iter().zip(builds) {
        if let Some(operand) = operand {
            all.push(build(read(operand).map_err(|error| place.name(name).blame(error))?));
        }
    }
    for (operands, (name, build)) in sets.into_iter().zip(set_builds) {
        if let Some(operands) = operands {
            let blame = |at, error| place.name(name).item(at).blame(error);
            let items = operands.into_iter().enumerate();
            let items = items.map(|(at, operand)| read(operand).map_err(|error| blame(at, error)));
            all.push(build(items.collect::<Result<_>>()?));
        }
    }
    all.extend(is_null.map(Compare::IsNull));
    Ok(all)
}

/// The arguments of [`compares`] that are fields of an input object.
macro_rules! operands {
    ($input:ident) => {
        ([$input.eq, $input.neq, $input.gt, $input.gte, $input.lt, $input.lte], [$input.one_of, $input.none_of])
    };
}

/// Declares a comparison type that has no operators of its own.
macro_rules! plain_comparison {
    ($(#[$doc:meta])* $name:ident = $graphql:literal of $scalar:ty => $inner:ty, $read:expr) => {
        $(#[$doc])*
        #[derive(InputObject, Debug, Default)]
        #[graphql(name = $graphql)]
        pub(in crate::graphql) struct $name {
            /// Equal to.
            #[graphql(name = "_eq")]
            eq: Option<$scalar>,
            /// Not equal to.
            #[graphql(name = "_neq")]
            neq: Option<$scalar>,
            /// Greater than.
            #[graphql(name = "_gt")]
            gt: Option<$scalar>,
            /// Greater than or equal to.
            #[graphql(name = "_gte")]
            gte: Option<$scalar>,
            /// Less than.
            #[graphql(name = "_lt")]
            lt: Option<$scalar>,
            /// Less than or equal to.
            #[graphql(name = "_lte")]
            lte: Option<$scalar>,
            /// Equal to one of these; of none, false.
            #[graphql(name = "_in")]
            one_of: Option<Vec<$scalar>>,
            /// Equal to none of these; of none, true.
            #[graphql(name = "_nin")]
            none_of: Option<Vec<$scalar>>,
            /// Null, or not null.
            #[graphql(name = "_is_null")]
            is_null: Option<bool>,
        }

        impl $name {
            /// The comparisons asked for at `place`; all of them must hold.
            pub(in crate::graphql) fn compares(self, place: &Place<'_>) -> Result<Vec<Compare<$inner>>> {
                let (singles, sets) = operands!(self);
                compares(place, singles, sets, self.is_null, $read)
            }
        }
    };
}

plain_comparison!(
    /// Comparisons of an id.
    UuidComparison = "uuid_comparison_exp" of LowerUuid => uuid::Uuid, LowerUuid::read
);
plain_comparison!(
    /// Comparisons of an instant.
    TimeComparison = "timestamptz_comparison_exp" of Timestamptz => Timestamp, Timestamptz::read
);
plain_comparison!(
    /// Comparisons of a yes or no; no comes before yes.
    BoolComparison = "Boolean_comparison_exp" of bool => bool, Ok
);
plain_comparison!(
    /// Comparisons of a whole number.
    IntComparison = "Int_comparison_exp" of i64 => i64, Ok
);

/// Comparisons and patterns of text, by code points.
#[derive(InputObject, Debug, Default)]
#[graphql(name = "String_comparison_exp")]
pub(in crate::graphql) struct StringComparison {
    /// Equal to.
    #[graphql(name = "_eq")]
    eq: Option<String>,
    /// Not equal to.
    #[graphql(name = "_neq")]
    neq: Option<String>,
    /// Greater than.
    #[graphql(name = "_gt")]
    gt: Option<String>,
    /// Greater than or equal to.
    #[graphql(name = "_gte")]
    gte: Option<String>,
    /// Less than.
    #[graphql(name = "_lt")]
    lt: Option<String>,
    /// Less than or equal to.
    #[graphql(name = "_lte")]
    lte: Option<String>,
    /// Equal to one of these; of none, false.
    #[graphql(name = "_in")]
    one_of: Option<Vec<String>>,
    /// Equal to none of these; of none, true.
    #[graphql(name = "_nin")]
    none_of: Option<Vec<String>>,
    /// Null, or not null.
    #[graphql(name = "_is_null")]
    is_null: Option<bool>,
    /// SQL's LIKE: `%` any text, `_` any character, `\` escapes.
    #[graphql(name = "_like")]
    like: Option<String>,
    /// Not LIKE.
    #[graphql(name = "_nlike")]
    nlike: Option<String>,
    /// LIKE, upper and lower case alike.
    #[graphql(name = "_ilike")]
    ilike: Option<String>,
    /// Not LIKE, upper and lower case alike.
    #[graphql(name = "_nilike")]
    nilike: Option<String>,
    /// SQL's SIMILAR TO.
    #[graphql(name = "_similar")]
    similar: Option<String>,
    /// Not SIMILAR TO.
    #[graphql(name = "_nsimilar")]
    nsimilar: Option<String>,
    /// Matches a POSIX regular expression somewhere.
    #[graphql(name = "_regex")]
    regex: Option<String>,
    /// Matches a POSIX regular expression nowhere.
    #[graphql(name = "_nregex")]
    nregex: Option<String>,
    /// As `_regex`, upper and lower case alike.
    #[graphql(name = "_iregex")]
    iregex: Option<String>,
    /// As `_nregex`, upper and lower case alike.
    #[graphql(name = "_niregex")]
    niregex: Option<String>,
    /// Starts with this text; nothing in it is special. An addition of Highwater's.
    #[graphql(name = "_starts_with")]
    starts_with: Option<String>,
}

impl StringComparison {
    /// The tests asked for at `place`, their patterns paid from `budget`; all of them must hold.
    pub(in crate::graphql) fn tests(self, place: &Place<'_>, budget: &PatternBudget) -> Result<Vec<TextTest>> {
        let patterns = [
            ("_like", self.like, PatternKind::Like, false),
            ("_nlike", self.nlike, PatternKind::Like, true),
            ("_ilike", self.ilike, PatternKind::ILike, false),
            ("_nilike", self.nilike, PatternKind::ILike, true),
            ("_similar", self.similar, PatternKind::Similar, false),
            ("_nsimilar", self.nsimilar, PatternKind::Similar, true),
            ("_regex", self.regex, PatternKind::Regex, false),
            ("_nregex", self.nregex, PatternKind::Regex, true),
            ("_iregex", self.iregex, PatternKind::IRegex, false),
            ("_niregex", self.niregex, PatternKind::IRegex, true),
        ];
        let (singles, sets) = operands!(self);
        let compares = compares(place, singles, sets, self.is_null, Ok)?;
        let mut tests: Vec<_> = compares.into_iter().map(TextTest::Compare).collect();
        tests.extend(self.starts_with.map(TextTest::StartsWith));
        for (name, source, kind, negated) in patterns {
            if let Some(source) = source {
                let pattern = Pattern::within(budget, kind, &source);
                let pattern = pattern.map_err(|error| place.name(name).blame(error))?;
                tests.push(TextTest::Matches { pattern, negated });
            }
        }
        Ok(tests)
    }
}

/// Comparisons of the value's text, as PostgreSQL writes `jsonb`.
#[derive(InputObject, Debug)]
#[graphql(name = "jsonb_cast_exp")]
pub(super) struct JsonbCast {
    /// The text.
    #[graphql(name = "String")]
    string: Option<StringComparison>,
}

/// Comparisons of JSON, in the order and by the equality of PostgreSQL's `jsonb`.
#[derive(InputObject, Debug, Default)]
#[graphql(name = "jsonb_comparison_exp")]
pub(super) struct JsonbComparison {
    /// Tests of the value's text.
    #[graphql(name = "_cast")]
    cast: Option<JsonbCast>,
    /// Equal to.
    #[graphql(name = "_eq")]
    eq: Option<Jsonb>,
    /// Not equal to.
    #[graphql(name = "_neq")]
    neq: Option<Jsonb>,
    /// Greater than.
    #[graphql(name = "_gt")]
    gt: Option<Jsonb>,
    /// Greater than or equal to.
    #[graphql(name = "_gte")]
    gte: Option<Jsonb>,
    /// Less than.
    #[graphql(name = "_lt")]
    lt: Option<Jsonb>,
    /// Less than or equal to.
    #[graphql(name = "_lte")]
    lte: Option<Jsonb>,
    /// Equal to one of these; of none, false.
    #[graphql(name = "_in")]
    one_of: Option<Vec<Jsonb>>,
    /// Equal to none of these; of none, true.
    #[graphql(name = "_nin")]
    none_of: Option<Vec<Jsonb>>,
    /// Null, or not null; JSON null is a value.
    #[graphql(name = "_is_null")]
    is_null: Option<bool>,
    /// Contains this at the top level.
    #[graphql(name = "_contains")]
    contains: Option<Jsonb>,
    /// Is contained in this.
    #[graphql(name = "_contained_in")]
    contained_in: Option<Jsonb>,
    /// Has this key, or this string as an element.
    #[graphql(name = "_has_key")]
    has_key: Option<String>,
    /// Has one of these keys.
    #[graphql(name = "_has_keys_any")]
    has_keys_any: Option<Vec<String>>,
    /// Has each of these keys.
    #[graphql(name = "_has_keys_all")]
    has_keys_all: Option<Vec<String>>,
}

impl JsonbComparison {
    /// The tests asked for at `place`, their patterns paid from `budget`; all of them must hold.
    pub(super) fn tests(self, place: &Place<'_>, budget: &PatternBudget) -> Result<Vec<JsonTest>> {
        let read = |json: Jsonb| json.read().map(|text| Json::parse(&text));
        let (singles, sets) = operands!(self);
        let compares = compares(place, singles, sets, self.is_null, read)?;
        let mut tests: Vec<_> = compares.into_iter().map(JsonTest::Compare).collect();
        for (name, operand, build) in [
            ("_contains", self.contains, JsonTest::Contains as fn(Json) -> JsonTest),
            ("_contained_in", self.contained_in, JsonTest::ContainedIn),
        ] {
            let operand = operand.map(read).transpose().map_err(|error| place.name(name).blame(error))?;
            tests.extend(operand.map(build));
        }
        tests.extend(self.has_key.map(JsonTest::HasKey));
        tests.extend(self.has_keys_any.map(JsonTest::HasKeysAny));
        tests.extend(self.has_keys_all.map(JsonTest::HasKeysAll));
        if let Some(text) = self.cast.and_then(|cast| cast.string) {
            let text = text.tests(&place.name("_cast").name("String"), budget)?;
            tests.extend(text.into_iter().map(JsonTest::Cast));
        }
        Ok(tests)
    }
}
