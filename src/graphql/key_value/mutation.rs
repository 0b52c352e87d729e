//! Prefect's mutations.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, SimpleObject};

use crate::{
    domain::{KvError, Value},
    graphql::{
        Request, SuccessPayload,
        error::Result,
        scalars::{Json, UpperUuid, Written},
    },
    service::SetOptions,
};

/// The fields that write pairs.
#[derive(Default)]
pub(in crate::graphql) struct KeyValueMutation;

/// A pair to write.
#[derive(InputObject)]
#[graphql(name = "set_key_value_input", rename_fields = "snake_case")]
struct SetKeyValueInput {
    /// The pair's key: 1 to 1,024 bytes, taken as it is.
    key: String,
    /// The namespace to write in; the token's own where none is given.
    namespace: Option<String>,
    /// Any JSON value, null included; it must be given.
    value: MaybeUndefined<Json>,
}

/// The pair that was written.
#[derive(SimpleObject)]
#[graphql(name = "set_key_value_payload")]
struct SetKeyValuePayload {
    /// Its id.
    id: Option<UpperUuid>,
}

/// The pair to delete.
#[derive(InputObject)]
#[graphql(name = "delete_key_value_input", rename_fields = "snake_case")]
struct DeleteKeyValueInput {
    /// Its id.
    key_value_id: UpperUuid,
}

#[Object(rename_fields = "snake_case")]
impl KeyValueMutation {
    /// Writes a pair, replacing the value where the key exists.
    async fn set_key_value(&self, ctx: &Context<'_>, input: SetKeyValueInput) -> Result<Option<SetKeyValuePayload>> {
        let value = match input.value {
            MaybeUndefined::Value(json) => Value::json(json.read()?),
            MaybeUndefined::Null => Value::null(),
            MaybeUndefined::Undefined => return Err(KvError::Invalid("the field \"value\" is missing".into()).into()),
        };
        let at = ctx.caller().address(input.namespace, input.key)?;
        let pair = ctx.service().set(ctx.caller(), at, value, SetOptions::default()).await?;
        Ok(Some(SetKeyValuePayload { id: Some(UpperUuid::from(pair.id)) }))
    }

    /// Deletes a pair.
    async fn delete_key_value(&self, ctx: &Context<'_>, input: DeleteKeyValueInput) -> Result<Option<SuccessPayload>> {
        let success = ctx.service().delete(ctx.caller(), input.key_value_id.read()?).await?;
        Ok(Some(SuccessPayload::of(success, "key-value pair")))
    }
}
