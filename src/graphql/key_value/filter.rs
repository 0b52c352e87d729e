//! `where`: Hasura's boolean expression, into the store's own filter.

use async_graphql::InputObject;

use super::comparison::{IntComparison, JsonbComparison, StringComparison, TimeComparison, UuidComparison};
use crate::{
    domain::filter::{Filter, IntColumn, PatternBudget, TextColumn, TimeColumn, UuidColumn},
    graphql::{error::Result, place::Place},
};

/// A condition on pairs. All its fields must hold; an empty object holds for every pair.
// The comparisons are in boxes since they are large, most are absent, and the whole is moved from hand to hand.
#[derive(InputObject, Debug, Default)]
#[graphql(name = "key_value_bool_exp")]
pub(super) struct KeyValueBoolExp {
    /// All of these; of none, true.
    #[graphql(name = "_and")]
    and: Option<Vec<KeyValueBoolExp>>,
    /// One of these; of none, false.
    #[graphql(name = "_or")]
    or: Option<Vec<KeyValueBoolExp>>,
    /// Not this.
    #[graphql(name = "_not")]
    not: Option<Box<KeyValueBoolExp>>,
    /// When the pair came to life.
    created: Option<Box<TimeComparison>>,
    /// Free text for people.
    description: Option<Box<StringComparison>>,
    /// From when on the pair is gone.
    #[graphql(name = "expires_at")]
    expires_at: Option<Box<TimeComparison>>,
    /// The pair's id.
    id: Option<Box<UuidComparison>>,
    /// The pair's key.
    key: Option<Box<StringComparison>>,
    /// The namespace the pair is in.
    namespace: Option<Box<StringComparison>>,
    /// The pair's tenant: the caller's.
    #[graphql(name = "tenant_id")]
    tenant_id: Option<Box<UuidComparison>>,
    /// The name of the value's type.
    #[graphql(name = "type")]
    kind: Option<Box<StringComparison>>,
    /// When the pair was last written.
    updated: Option<Box<TimeComparison>>,
    /// The pair's value.
    value: Option<Box<JsonbComparison>>,
    /// How often the pair was written.
    version: Option<Box<IntComparison>>,
}

impl KeyValueBoolExp {
    /// The filter that this writes at `place`, its patterns paid from `budget`.
    pub(super) fn filter(self, place: &Place<'_>, budget: &PatternBudget) -> Result<Filter> {
        let mut all = Vec::new();
        all.extend(self.and.map(|list| filters(list, &place.name("_and"), budget)).transpose()?.map(Filter::All));
        all.extend(self.or.map(|list| filters(list, &place.name("_or"), budget)).transpose()?.map(Filter::Any));
        let not = self.not.map(|not| not.filter(&place.name("_not"), budget)).transpose()?;
        all.extend(not.map(|filter| Filter::Not(Box::new(filter))));
        for (name, column, comparison) in
            [("id", UuidColumn::Id, self.id), ("tenant_id", UuidColumn::TenantId, self.tenant_id)]
        {
            let Some(comparison) = comparison else { continue };
            let tests = comparison.compares(&place.name(name))?;
            all.extend(tests.into_iter().map(|test| Filter::Uuid(column, test)));
        }
        for (name, column, comparison) in [
            ("created", TimeColumn::Created, self.created),
            ("updated", TimeColumn::Updated, self.updated),
            ("expires_at", TimeColumn::ExpiresAt, self.expires_at),
        ] {
            let Some(comparison) = comparison else { continue };
            let tests = comparison.compares(&place.name(name))?;
            all.extend(tests.into_iter().map(|test| Filter::Time(column, test)));
        }
        for (name, column, comparison) in [
            ("key", TextColumn::Key, self.key),
            ("namespace", TextColumn::Namespace, self.namespace),
            ("type", TextColumn::Type, self.kind),
            ("description", TextColumn::Description, self.description),
        ] {
            let Some(comparison) = comparison else { continue };
            let tests = comparison.tests(&place.name(name), budget)?;
            all.extend(tests.into_iter().map(|test| Filter::Text(column, test)));
        }
        if let Some(comparison) = self.version {
            let tests = comparison.compares(&place.name("version"))?;
            all.extend(tests.into_iter().map(|test| Filter::Int(IntColumn::Version, test)));
        }
        if let Some(comparison) = self.value {
            all.extend(comparison.tests(&place.name("value"), budget)?.into_iter().map(Filter::Value));
        }
        Ok(Filter::All(all))
    }
}

fn filters(list: Vec<KeyValueBoolExp>, place: &Place<'_>, budget: &PatternBudget) -> Result<Vec<Filter>> {
    list.into_iter().enumerate().map(|(at, one)| one.filter(&place.item(at), budget)).collect()
}
