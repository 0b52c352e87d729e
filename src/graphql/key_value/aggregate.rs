//! `key_value_aggregate`: counts and extremes over the rows that are left.

use async_graphql::{Context, Object, SelectionField, SimpleObject};

use super::{order::SelectColumn, plain::Pairs};
use crate::{
    domain::{Column, Pair, filter::aggregate},
    graphql::scalars::{LowerUuid, Timestamptz},
};

/// The picked pairs, or how many there are where nothing else is asked for.
pub(super) enum KeyValueAggregate {
    Pairs(Vec<Pair>),
    Count(u64),
}

impl KeyValueAggregate {
    /// Whether the field that is being resolved asks for the number of rows and for nothing else.
    pub(super) fn is_count(ctx: &Context<'_>) -> bool {
        let is_plain = |field: SelectionField<'_>| match field.name() {
            "__typename" => true,
            "count" => field.arguments().is_ok_and(|arguments| arguments.iter().all(|(name, _)| name != "columns")),
            _ => false,
        };
        ctx.field().selection_set().all(|field| match field.name() {
            "__typename" => true,
            "aggregate" => field.selection_set().all(is_plain),
            _ => false,
        })
    }

    fn pairs(&self) -> &[Pair] {
        match self {
            Self::Pairs(pairs) => pairs,
            Self::Count(_) => &[],
        }
    }
}

#[expect(clippy::disallowed_types, reason = "the macro expands to it; resolvers of ours give graphql::Result")]
#[Object(name = "key_value_aggregate", rename_fields = "snake_case")]
impl KeyValueAggregate {
    /// Counts and extremes.
    async fn aggregate(&self) -> Option<AggregateFields<'_>> {
        Some(AggregateFields(self))
    }

    /// The pairs themselves.
    async fn nodes(&self, ctx: &Context<'_>) -> Pairs {
        Pairs::selected(ctx, self.pairs().to_vec()).await
    }
}

/// Counts and extremes.
struct AggregateFields<'a>(&'a KeyValueAggregate);

#[expect(clippy::disallowed_types, reason = "the macro expands to it; resolvers of ours give graphql::Result")]
#[Object(name = "key_value_aggregate_fields", rename_fields = "snake_case", rename_args = "snake_case")]
impl AggregateFields<'_> {
    /// How many pairs; with `columns`, those where none of them is null; with `distinct`, different ones.
    async fn count(&self, columns: Option<Vec<SelectColumn>>, distinct: Option<bool>) -> i32 {
        let columns: Vec<Column> = columns.into_iter().flatten().map(Column::from).collect();
        let count = match self.0 {
            KeyValueAggregate::Pairs(pairs) => aggregate::count(pairs, &columns, distinct.unwrap_or(false)) as u64,
            KeyValueAggregate::Count(count) => *count,
        };
        i32::try_from(count).unwrap_or(i32::MAX)
    }

    /// The greatest of each column.
    async fn max(&self) -> Option<MaxFields> {
        Some(MaxFields::of(|column| aggregate::max(self.0.pairs(), column)))
    }

    /// The least of each column.
    async fn min(&self) -> Option<MinFields> {
        Some(MinFields::of(|column| aggregate::min(self.0.pairs(), column)))
    }
}

/// Declares the extremes of each comparable column.
macro_rules! extremes {
    ($(#[$doc:meta])* $name:ident = $graphql:literal) => {
        $(#[$doc])*
        #[derive(SimpleObject)]
        #[graphql(name = $graphql, rename_fields = "snake_case")]
        struct $name {
            created: Option<Timestamptz>,
            description: Option<String>,
            expires_at: Option<Timestamptz>,
            id: Option<LowerUuid>,
            key: Option<String>,
            namespace: Option<String>,
            tenant_id: Option<LowerUuid>,
            r#type: Option<&'static str>,
            updated: Option<Timestamptz>,
            version: Option<i64>,
        }

        impl $name {
            fn of<'a>(pick: impl Fn(Column) -> Option<&'a Pair>) -> Self {
                Self {
                    created: pick(Column::Created).map(|pair| Timestamptz::from(pair.created)),
                    description: pick(Column::Description).and_then(|pair| pair.description.clone()),
                    expires_at: pick(Column::ExpiresAt).and_then(|pair| pair.expires_at).map(Timestamptz::from),
                    id: pick(Column::Id).map(|pair| LowerUuid::from(pair.id)),
                    key: pick(Column::Key).map(|pair| pair.address.key.to_string()),
                    namespace: pick(Column::Namespace).map(|pair| pair.address.namespace.to_string()),
                    tenant_id: pick(Column::TenantId).map(|pair| LowerUuid::from(pair.tenant_id.0)),
                    r#type: pick(Column::Type).map(|pair| pair.value.kind().name()),
                    updated: pick(Column::Updated).map(|pair| Timestamptz::from(pair.updated)),
                    version: pick(Column::Version).map(|pair| pair.version),
                }
            }
        }
    };
}

extremes!(
    /// The greatest of each column; null where there is none.
    MaxFields = "key_value_max_fields"
);
extremes!(
    /// The least of each column; null where there is none.
    MinFields = "key_value_min_fields"
);
