//! `where`, `order_by`, `limit` and `offset` for what is no pair, in Hasura's spelling.

use crate::{
    domain::{
        Fault, KvError,
        filter::PatternBudget,
        table::{Choice, Condition, Order, Test},
    },
    graphql::{
        error::Result,
        key_value::{BoolComparison, IntComparison, OrderBy, StringComparison, TimeComparison, UuidComparison},
        place::Place,
    },
};

/// A comparison of one column's type.
pub(super) trait Comparison: Default {
    /// The tests asked for at `place`, their patterns paid from `budget`; all of them must hold.
    fn tests(self, place: &Place<'_>, budget: &PatternBudget) -> Result<Vec<Test>>;
}

macro_rules! comparisons {
    ($($comparison:ident => $test:ident),+) => {$(
        impl Comparison for $comparison {
            fn tests(self, place: &Place<'_>, _: &PatternBudget) -> Result<Vec<Test>> {
                Ok(self.compares(place)?.into_iter().map(Test::$test).collect())
            }
        }
    )+};
}

comparisons!(UuidComparison => Uuid, TimeComparison => Time, BoolComparison => Bool, IntComparison => Int);

impl Comparison for StringComparison {
    fn tests(self, place: &Place<'_>, budget: &PatternBudget) -> Result<Vec<Test>> {
        Ok(StringComparison::tests(self, place, budget)?.into_iter().map(Test::Text).collect())
    }
}

/// A condition as it was written.
pub(super) trait BoolExp: Sized {
    /// The condition that this writes at `place`, its patterns paid from `budget`.
    fn condition(self, place: &Place<'_>, budget: &PatternBudget) -> Result<Condition>;
}

/// The conditions of a list.
pub(super) fn conditions<B: BoolExp>(
    list: Vec<B>,
    place: &Place<'_>,
    budget: &PatternBudget,
) -> Result<Vec<Condition>> {
    list.into_iter().enumerate().map(|(at, one)| one.condition(&place.item(at), budget)).collect()
}

/// The terms of an order as it was written, the first first.
pub(super) trait OrderTerms {
    /// The columns with their directions.
    fn terms(self) -> Vec<(&'static str, OrderBy)>;
}

/// Declares the input type that picks the rows of a table.
macro_rules! bool_exp {
    ($(#[$bool_doc:meta])* $bool_exp:ident = $bool_name:literal:
     $($(#[$doc:meta])* $column:ident: $comparison:ty,)+) => {
        $(#[$bool_doc])*
        #[derive(async_graphql::InputObject, Default)]
        #[graphql(name = $bool_name, rename_fields = "snake_case")]
        pub(super) struct $bool_exp {
            /// All of these; of none, true.
            #[graphql(name = "_and")]
            and: Option<Vec<$bool_exp>>,
            /// One of these; of none, false.
            #[graphql(name = "_or")]
            or: Option<Vec<$bool_exp>>,
            /// Not this.
            #[graphql(name = "_not")]
            not: Option<Box<$bool_exp>>,
            $($(#[$doc])* $column: Option<$comparison>,)+
        }

        impl $crate::graphql::tenancy::table::BoolExp for $bool_exp {
            fn condition(
                self,
                place: &$crate::graphql::place::Place<'_>,
                budget: &$crate::domain::filter::PatternBudget,
            ) -> $crate::graphql::error::Result<$crate::domain::table::Condition> {
                use $crate::{domain::table::Condition, graphql::tenancy::table::{Comparison, conditions}};
                let mut all = Vec::new();
                all.extend(self.and.map(|it| conditions(it, &place.name("_and"), budget)).transpose()?.map(Condition::All));
                all.extend(self.or.map(|it| conditions(it, &place.name("_or"), budget)).transpose()?.map(Condition::Any));
                let not = self.not.map(|it| it.condition(&place.name("_not"), budget)).transpose()?;
                all.extend(not.map(|it| Condition::Not(Box::new(it))));
                $(
                    let name = stringify!($column);
                    let tests = Comparison::tests(self.$column.unwrap_or_default(), &place.name(name), budget)?;
                    all.extend(tests.into_iter().map(|test| Condition::Is(name, test)));
                )+
                Ok(Condition::All(all))
            }
        }
    };
}

/// Declares the input type that orders the rows of a table.
macro_rules! order_by {
    ($(#[$order_doc:meta])* $order_by:ident = $order_name:literal: $($(#[$doc:meta])* $column:ident,)+) => {
        $(#[$order_doc])*
        #[derive(async_graphql::InputObject, Default)]
        #[graphql(name = $order_name, rename_fields = "snake_case")]
        pub(super) struct $order_by {
            $($(#[$doc])* $column: Option<$crate::graphql::key_value::OrderBy>,)+
        }

        impl $crate::graphql::tenancy::table::OrderTerms for $order_by {
            fn terms(self) -> Vec<(&'static str, $crate::graphql::key_value::OrderBy)> {
                [$((stringify!($column), self.$column)),+].into_iter().filter_map(|(name, by)| Some((name, by?))).collect()
            }
        }
    };
}

/// Declares the input types that pick and order the rows of a table by the same columns.
macro_rules! table {
    ($(#[$bool_doc:meta])* $bool_exp:ident = $bool_name:literal,
     $(#[$order_doc:meta])* $order_by:ident = $order_name:literal:
     $($(#[$doc:meta])* $column:ident: $comparison:ty,)+) => {
        $crate::graphql::tenancy::table::bool_exp! {
            $(#[$bool_doc])* $bool_exp = $bool_name: $($(#[$doc])* $column: $comparison,)+
        }
        $crate::graphql::tenancy::table::order_by! {
            $(#[$order_doc])* $order_by = $order_name: $($(#[$doc])* $column,)+
        }
    };
}

pub(super) use {bool_exp, order_by, table};

/// The arguments that pick rows.
pub(super) struct Arguments<B, O> {
    pub(super) condition: Option<B>,
    pub(super) order_by: Option<Vec<O>>,
    pub(super) limit: Option<i64>,
    pub(super) offset: Option<i64>,
}

impl<B: BoolExp, O: OrderTerms> Arguments<B, O> {
    /// The choice that these write at `place`.
    pub(super) fn choice(self, place: &Place<'_>) -> Result<Choice> {
        let count = |name: &'static str, given: Option<i64>| {
            let count = given.map(usize::try_from).transpose();
            count.map_err(|_| place.name(name).blame(KvError::bad_query(Fault::Query, "a count must not be negative")))
        };
        let condition =
            self.condition.map(|it| it.condition(&place.name("where"), &PatternBudget::default())).transpose()?;
        let order = self.order_by.into_iter().flatten().flat_map(OrderTerms::terms);
        Ok(Choice {
            condition: condition.unwrap_or_default(),
            order: order.map(|(column, by)| order_of(column, by)).collect(),
            limit: count("limit", self.limit)?,
            offset: count("offset", self.offset)?.unwrap_or(0),
        })
    }
}

fn order_of(column: &'static str, by: OrderBy) -> Order {
    Order { column, descending: by.descending(), nulls_first: by.nulls_first() }
}
