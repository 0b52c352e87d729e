//! Streams of changes.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object, Subscription};
use futures_util::{Stream, StreamExt};

use super::model::KeyValue;
use crate::{
    domain::{Change, Operation},
    graphql::{
        Request,
        error::{Error, Result},
        scalars::{LowerUuid, Timestamptz},
    },
};

/// The fields that stream.
#[derive(Default)]
pub(in crate::graphql) struct KeyValueSubscription;

/// What a write did.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(name = "key_value_operation", rename_items = "snake_case")]
enum KeyValueOperation {
    /// The pair was made or overwritten.
    Set,
    /// The pair was deleted.
    Delete,
}

/// One committed set or delete.
struct KeyValueChange(Arc<Change>);

#[expect(clippy::disallowed_types, reason = "the macro expands to it; resolvers of ours give graphql::Result")]
#[Object(name = "key_value_change", rename_fields = "snake_case")]
impl KeyValueChange {
    /// When it was committed.
    async fn at(&self) -> Timestamptz {
        Timestamptz::from(self.0.at)
    }

    /// The pair's id.
    async fn id(&self) -> LowerUuid {
        LowerUuid::from(self.0.pair_id)
    }

    /// The pair's key.
    async fn key(&self) -> &str {
        self.0.address.key.as_str()
    }

    /// The pair as it is now, perhaps overwritten since; null where it is gone, or has another key.
    async fn key_value(&self, ctx: &Context<'_>) -> Result<Option<KeyValue>> {
        let pair = ctx.service().pair(ctx.caller(), self.0.pair_id).await?;
        Ok(pair.filter(|pair| pair.address == self.0.address).map(KeyValue))
    }

    /// The namespace the pair is in.
    async fn namespace(&self) -> &str {
        self.0.address.namespace.as_str()
    }

    /// What was done.
    async fn operation(&self) -> KeyValueOperation {
        match self.0.operation {
            Operation::Set => KeyValueOperation::Set,
            Operation::Delete => KeyValueOperation::Delete,
        }
    }

    /// The tenant's revision of this write. `after_revision` takes it, to go on after a break.
    async fn revision(&self) -> i64 {
        self.0.revision
    }

    /// The pair's version after a set, or at its deletion.
    async fn version(&self) -> i64 {
        self.0.version
    }
}

#[Subscription(rename_fields = "snake_case", rename_args = "snake_case")]
impl KeyValueSubscription {
    /// Every committed set and delete, each once and in order, from now on or after a revision, in the
    /// namespace of the token or in one that is named (`*` for all).
    async fn key_value_changes(
        &self,
        ctx: &Context<'_>,
        after_revision: Option<i64>,
        namespace: Option<String>,
    ) -> Result<impl Stream<Item = std::result::Result<KeyValueChange, Error>> + use<>> {
        let changes = ctx.service().changes(ctx.caller(), namespace, after_revision).await?;
        Ok(changes.map(|change| change.map(KeyValueChange).map_err(Error::from)))
    }
}
