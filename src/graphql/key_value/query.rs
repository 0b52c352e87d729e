//! Reading pairs.

use async_graphql::{Context, Object};

use super::{
    aggregate::KeyValueAggregate,
    filter::KeyValueBoolExp,
    model::KeyValue,
    order::{KeyValueOrderBy, SelectColumn},
};
use crate::{
    domain::{Column, Filter, KvError, Selection},
    graphql::{Request, error::Result, scalars::LowerUuid},
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
        let selection = selection(distinct_on, limit, offset, order_by, r#where)?;
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
        let selection = selection(distinct_on, limit, offset, order_by, r#where)?;
        Ok(KeyValueAggregate(ctx.service().list(ctx.caller(), namespace, &selection).await?))
    }

    /// The pair with this id; null where the caller can see none.
    async fn key_value_by_pk(&self, ctx: &Context<'_>, id: LowerUuid) -> Result<Option<KeyValue>> {
        Ok(ctx.service().pair(ctx.caller(), id.0).await?.map(KeyValue))
    }
}

fn selection(
    distinct_on: Option<Vec<SelectColumn>>,
    limit: Option<i64>,
    offset: Option<i64>,
    order_by: Option<Vec<KeyValueOrderBy>>,
    condition: Option<KeyValueBoolExp>,
) -> std::result::Result<Selection, KvError> {
    let limit = limit.map(|limit| i32::try_from(limit).ok().and_then(|limit| u64::try_from(limit).ok()).ok_or(()));
    let limit = limit.transpose().map_err(|()| {
        KvError::Invalid(
            "expected a non-negative 32-bit integer for type \"Int\", but found an integer (in \"limit\")".to_owned(),
        )
    })?;
    let offset =
        u64::try_from(offset.unwrap_or(0)).map_err(|_| KvError::Invalid("OFFSET must not be negative".to_owned()))?;
    let selection = Selection {
        filter: condition.map(KeyValueBoolExp::filter).transpose()?.unwrap_or(Filter::All(Vec::new())),
        order: order_by.into_iter().flatten().flat_map(|written| written.0).collect(),
        distinct_on: distinct_on.into_iter().flatten().map(Column::from).collect(),
        limit,
        offset,
    };
    selection.validate()?;
    Ok(selection)
}
