//! The comparison types. A null operand is ignored (contract filter.md, section 4).

use async_graphql::InputObject;

use crate::{
    domain::{
        Json, KvError, Timestamp,
        filter::{Compare, JsonTest, Pattern, PatternKind, TextTest},
    },
    graphql::scalars::{Jsonb, LowerUuid, Timestamptz},
};

/// Collects the comparisons that every type has, from the fields of its input object.
macro_rules! compares {
    ($input:ident, $read:expr) => {
        [
            $input.eq.map($read).map(Compare::Eq),
            $input.neq.map($read).map(Compare::Neq),
            $input.gt.map($read).map(Compare::Gt),
            $input.gte.map($read).map(Compare::Gte),
            $input.lt.map($read).map(Compare::Lt),
            $input.lte.map($read).map(Compare::Lte),
            $input.one_of.map(|items| Compare::In(items.into_iter().map($read).collect())),
            $input.none_of.map(|items| Compare::Nin(items.into_iter().map($read).collect())),
            $input.is_null.map(Compare::IsNull),
        ]
        .into_iter()
        .flatten()
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
            /// The comparisons asked for; all of them must hold.
            pub(in crate::graphql) fn compares(self) -> impl Iterator<Item = Compare<$inner>> {
                let read = $read;
                compares!(self, read)
            }
        }
    };
}

plain_comparison!(
    /// Comparisons of an id.
    UuidComparison = "uuid_comparison_exp" of LowerUuid => uuid::Uuid, |id: LowerUuid| id.0
);
plain_comparison!(
    /// Comparisons of an instant.
    TimeComparison = "timestamptz_comparison_exp" of Timestamptz => Timestamp, |time: Timestamptz| time.0
);
plain_comparison!(
    /// Comparisons of a whole number.
    IntComparison = "Int_comparison_exp" of i64 => i64, |number: i64| number
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
    /// The tests asked for; all of them must hold.
    pub(in crate::graphql) fn tests(self) -> Result<Vec<TextTest>, KvError> {
        let patterns = [
            (self.like, PatternKind::Like, false),
            (self.nlike, PatternKind::Like, true),
            (self.ilike, PatternKind::ILike, false),
            (self.nilike, PatternKind::ILike, true),
            (self.similar, PatternKind::Similar, false),
            (self.nsimilar, PatternKind::Similar, true),
            (self.regex, PatternKind::Regex, false),
            (self.nregex, PatternKind::Regex, true),
            (self.iregex, PatternKind::IRegex, false),
            (self.niregex, PatternKind::IRegex, true),
        ];
        let mut tests: Vec<_> = compares!(self, |text: String| text).map(TextTest::Compare).collect();
        tests.extend(self.starts_with.map(TextTest::StartsWith));
        for (source, kind, negated) in patterns {
            if let Some(source) = source {
                tests.push(TextTest::Matches { pattern: Pattern::new(kind, &source)?, negated });
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
#[derive(InputObject, Debug)]
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
    /// The tests asked for; all of them must hold.
    pub(super) fn tests(self) -> Result<Vec<JsonTest>, KvError> {
        let read = |json: Jsonb| Json::parse(&json.0);
        let mut tests: Vec<_> = compares!(self, read).map(JsonTest::Compare).collect();
        tests.extend(self.contains.map(read).map(JsonTest::Contains));
        tests.extend(self.contained_in.map(read).map(JsonTest::ContainedIn));
        tests.extend(self.has_key.map(JsonTest::HasKey));
        tests.extend(self.has_keys_any.map(JsonTest::HasKeysAny));
        tests.extend(self.has_keys_all.map(JsonTest::HasKeysAll));
        if let Some(text) = self.cast.and_then(|cast| cast.string) {
            tests.extend(text.tests()?.into_iter().map(JsonTest::Cast));
        }
        Ok(tests)
    }
}
