//! Reading pairs.

use async_graphql::{Context, Object};

use super::{
    aggregate::KeyValueAggregate,
    filter::KeyValueBoolExp,
    model::KeyValue,
    order::{KeyValueOrderBy, SelectColumn},
};
use crate::{
    domain::{Column, Fault, KvError, Selection, filter::PatternBudget},
    graphql::{
        Request,
        error::Result,
        place::Place,
        scalars::{LowerUuid, Written},
    },
};

/// The fields that read pairs.
#[derive(Default)]
pub(in crate::graphql) struct KeyValueQuery;

#[Object(rename_fields = "snake_case", rename_args = "snake_case")]
impl KeyValueQuery {
    /// The pairs that a condition picks, in the namespace of the token or in one that is named (`*` for all).
    #[expect(clippy::too_many_arguments, reason = "Hasura's arguments, one each (contract filter.md, section 2)")]
    async fn key_value(
        &self,
        ctx: &Context<'_>,
        distinct_on: Option<Vec<SelectColumn>>,
        limit: Option<i64>,
        namespace: Option<String>,
        offset: Option<i64>,
        order_by: Option<Vec<KeyValueOrderBy>>,
        r#where: Option<KeyValueBoolExp>,
    ) -> Result<Vec<KeyValue>> {
        let arguments = Arguments { distinct_on, limit, offset, order_by, condition: r#where };
        let selection = arguments.selection(&Place::arguments(ctx))?;
        let pairs = ctx.service().list(ctx.caller(), namespace, &selection).await?;
        Ok(pairs.into_iter().map(KeyValue).collect())
    }

    /// Counts and extremes of the pairs that a condition picks, with the pairs themselves.
    #[expect(clippy::too_many_arguments, reason = "Hasura's arguments, one each (contract filter.md, section 2)")]
    async fn key_value_aggregate(
        &self,
        ctx: &Context<'_>,
        distinct_on: Option<Vec<SelectColumn>>,
        limit: Option<i64>,
        namespace: Option<String>,
        offset: Option<i64>,
        order_by: Option<Vec<KeyValueOrderBy>>,
        r#where: Option<KeyValueBoolExp>,
    ) -> Result<KeyValueAggregate> {
        let arguments = Arguments { distinct_on, limit, offset, order_by, condition: r#where };
        let selection = arguments.selection(&Place::arguments(ctx))?;
        let (service, caller) = (ctx.service(), ctx.caller());
        if KeyValueAggregate::is_count(ctx) {
            return Ok(KeyValueAggregate::Count(service.count(caller, namespace, &selection).await?));
        }
        Ok(KeyValueAggregate::Pairs(service.list(caller, namespace, &selection).await?))
    }

    /// The pair with this id; null where the caller can see none.
    async fn key_value_by_pk(&self, ctx: &Context<'_>, id: LowerUuid) -> Result<Option<KeyValue>> {
        let id = id.read().map_err(|error| Place::arguments(ctx).name("id").blame(error))?;
        Ok(ctx.service().pair(ctx.caller(), id).await?.map(KeyValue))
    }
}

/// The arguments that pick rows.
struct Arguments {
    distinct_on: Option<Vec<SelectColumn>>,
    limit: Option<i64>,
    offset: Option<i64>,
    order_by: Option<Vec<KeyValueOrderBy>>,
    condition: Option<KeyValueBoolExp>,
}

impl Arguments {
    /// The selection that these write at `place`.
    fn selection(self, place: &Place<'_>) -> Result<Selection> {
        let bad = |name, fault, message: &'static str| place.name(name).blame(KvError::bad_query(fault, message));
        let limit = self.limit.map(|limit| u32::try_from(limit).ok().filter(|limit| i32::try_from(*limit).is_ok()));
        let limit = limit.map(|limit| limit.map(u64::from).ok_or_else(|| bad("limit", Fault::Query, BAD_LIMIT)));
        let offset = u64::try_from(self.offset.unwrap_or(0));
        let selection = Selection {
            filter: self.condition.unwrap_or_default().filter(&place.name("where"), &PatternBudget::default())?,
            order: self.order_by.into_iter().flatten().flat_map(|written| written.0).collect(),
            distinct_on: self.distinct_on.into_iter().flatten().map(Column::from).collect(),
            limit: limit.transpose()?,
            offset: offset.map_err(|_| bad("offset", Fault::Text, "OFFSET must not be negative"))?,
        };
        selection.validate().map_err(|error| place.blame(error))?;
        Ok(selection)
    }
}

const BAD_LIMIT: &str = "expected a non-negative 32-bit integer for type \"Int\", but found an integer";
