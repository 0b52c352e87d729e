//! Reading pairs.

use async_graphql::{Context, Object};

use super::{
    aggregate::KeyValueAggregate,
    filter::KeyValueBoolExp,
    model::KeyValue,
    mutation,
    order::{KeyValueOrderBy, SelectColumn},
    plain::Pairs,
};
use crate::{
    domain::{Column, Key, KvError, Selection, filter::PatternBudget},
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
    ) -> Result<Pairs> {
        let arguments = Arguments { distinct_on, limit, offset, order_by, condition: r#where };
        let selection = arguments.selection(&Place::arguments(ctx))?;
        Pairs::list(ctx, namespace, &selection).await
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

    /// The pair with this key; null where there is none, or with `error_on_missing` the code `NOT_FOUND`.
    async fn key_value_by_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = false)] error_on_missing: bool,
        key: String,
        namespace: Option<String>,
    ) -> Result<Option<KeyValue>> {
        let at = ctx.caller().address(namespace, key)?;
        match ctx.service().get(ctx.caller(), &at).await? {
            None if error_on_missing => Err(KvError::NoSuchKey.into()),
            pair => Ok(pair.map(KeyValue)),
        }
    }

    /// The keys of a namespace that start with `prefix`, byte for byte, in the order of their bytes; from after
    /// the key `after` on. No value is read, so it is quicker than `key_value`.
    async fn key_value_keys(
        &self,
        ctx: &Context<'_>,
        after: Option<String>,
        limit: Option<i64>,
        namespace: Option<String>,
        #[graphql(default)] prefix: String,
    ) -> Result<Vec<String>> {
        let limit = Place::arguments(ctx).limit(limit)?;
        let namespace = mutation::namespace(ctx.caller(), namespace)?;
        let after = after.map(Key::new).transpose()?;
        let keys = ctx.service().keys(ctx.caller(), &namespace, &prefix, after.as_ref(), limit).await?;
        Ok(keys.into_iter().map(Key::into_string).collect())
    }

    /// The pair with this id; null where the caller can see none.
    async fn key_value_by_pk(&self, ctx: &Context<'_>, id: LowerUuid) -> Result<Option<KeyValue>> {
        let id = id.read().map_err(|error| Place::arguments(ctx).name("id").blame(error))?;
        Ok(ctx.service().pair(ctx.caller(), id).await?.map(KeyValue))
    }

    /// The revision of the tenant's last committed write, in whatever namespace. `key_value_changes` takes it as
    /// `after_revision`: what is read after it, and the changes since, miss nothing.
    async fn key_value_revision(&self, ctx: &Context<'_>) -> Result<i64> {
        Ok(ctx.service().revision(ctx.caller()).await?)
    }
}

/// The arguments that pick rows.
pub(super) struct Arguments {
    pub(super) distinct_on: Option<Vec<SelectColumn>>,
    pub(super) limit: Option<i64>,
    pub(super) offset: Option<i64>,
    pub(super) order_by: Option<Vec<KeyValueOrderBy>>,
    pub(super) condition: Option<KeyValueBoolExp>,
}

impl Arguments {
    /// The selection that these write at `place`.
    pub(super) fn selection(self, place: &Place<'_>) -> Result<Selection> {
        let selection = Selection {
            filter: self.condition.unwrap_or_default().filter(&place.name("where"), &PatternBudget::default())?,
            order: self.order_by.into_iter().flatten().flat_map(|written| written.0).collect(),
            distinct_on: self.distinct_on.into_iter().flatten().map(Column::from).collect(),
            limit: place.limit(self.limit)?,
            offset: place.offset(self.offset)?,
        };
        selection.validate().map_err(|error| place.blame(error))?;
        Ok(selection)
    }
}
