//! `where`: Hasura's boolean expression, into the store's own filter.

use async_graphql::InputObject;

use super::comparison::{IntComparison, JsonbComparison, StringComparison, TimeComparison, UuidComparison};
use crate::domain::{
    KvError,
    filter::{Filter, IntColumn, TextColumn, TimeColumn, UuidColumn},
};

/// A condition on pairs. All its fields must hold; an empty object holds for every pair.
#[derive(InputObject, Debug)]
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
    created: Option<TimeComparison>,
    /// Free text for people.
    description: Option<StringComparison>,
    /// From when on the pair is gone.
    #[graphql(name = "expires_at")]
    expires_at: Option<TimeComparison>,
    /// The pair's id.
    id: Option<UuidComparison>,
    /// The pair's key.
    key: Option<StringComparison>,
    /// The namespace the pair is in.
    namespace: Option<StringComparison>,
    /// The pair's tenant: the caller's.
    #[graphql(name = "tenant_id")]
    tenant_id: Option<UuidComparison>,
    /// The name of the value's type.
    #[graphql(name = "type")]
    kind: Option<StringComparison>,
    /// When the pair was last written.
    updated: Option<TimeComparison>,
    /// The pair's value.
    value: Option<JsonbComparison>,
    /// How often the pair was written.
    version: Option<IntComparison>,
}

impl KeyValueBoolExp {
    /// The filter that this writes.
    pub(super) fn filter(self) -> Result<Filter, KvError> {
        let mut all = Vec::new();
        all.extend(self.and.map(filters).transpose()?.map(Filter::All));
        all.extend(self.or.map(filters).transpose()?.map(Filter::Any));
        all.extend(self.not.map(|not| not.filter()).transpose()?.map(|filter| Filter::Not(Box::new(filter))));
        for (column, comparison) in [(UuidColumn::Id, self.id), (UuidColumn::TenantId, self.tenant_id)] {
            let tests = comparison.into_iter().flat_map(UuidComparison::compares);
            all.extend(tests.map(|test| Filter::Uuid(column, test)));
        }
        let times = [
            (TimeColumn::Created, self.created),
            (TimeColumn::Updated, self.updated),
            (TimeColumn::ExpiresAt, self.expires_at),
        ];
        for (column, comparison) in times {
            let tests = comparison.into_iter().flat_map(TimeComparison::compares);
            all.extend(tests.map(|test| Filter::Time(column, test)));
        }
        let text_columns = [
            (TextColumn::Key, self.key),
            (TextColumn::Namespace, self.namespace),
            (TextColumn::Type, self.kind),
            (TextColumn::Description, self.description),
        ];
        for (column, comparison) in text_columns {
            let tests = comparison.map(StringComparison::tests).transpose()?.unwrap_or_default();
            all.extend(tests.into_iter().map(|test| Filter::Text(column, test)));
        }
        let tests = self.version.into_iter().flat_map(IntComparison::compares);
        all.extend(tests.map(|test| Filter::Int(IntColumn::Version, test)));
        let tests = self.value.map(JsonbComparison::tests).transpose()?.unwrap_or_default();
        all.extend(tests.into_iter().map(Filter::Value));
        Ok(Filter::All(all))
    }
}

fn filters(expressions: Vec<KeyValueBoolExp>) -> Result<Vec<Filter>, KvError> {
    expressions.into_iter().map(KeyValueBoolExp::filter).collect()
}
