//! Prefect's mutations, with what Highwater adds to them.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, SimpleObject};

use super::{
    model::KeyValue,
    typed::{ValueType, Written as Typed},
};
use crate::{
    domain::{Caller, Key, KvError, Namespace, Pair, Span},
    graphql::{
        Request, SuccessPayload,
        error::Result,
        scalars::{Json, Timestamptz, UpperUuid, Written},
    },
    service::{Description, Expiry, Only, Service, SetOptions},
};

/// The fields that write pairs.
#[derive(Default)]
pub(in crate::graphql) struct KeyValueMutation;

/// A pair to write. Everything but key and value is Highwater's addition.
#[derive(InputObject)]
#[graphql(name = "set_key_value_input", rename_fields = "snake_case")]
pub(super) struct SetKeyValueInput {
    /// The pair's key: 1 to 1,024 bytes, taken as it is.
    key: String,
    /// Any JSON value, null included; it must be given.
    value: MaybeUndefined<Json>,
    /// The namespace to write in; the token's own where none is given.
    namespace: Option<String>,
    /// The value's type; the JSON's own where none is given. Dates, instants and durations are ISO 8601 strings,
    /// bytes a string of base64.
    r#type: Option<ValueType>,
    /// How long the pair lives from now on, by the server's clock: an ISO 8601 duration such as `P30D` or `PT12H`.
    /// With neither `ttl` nor `expires_at` it does not end.
    ttl: Option<String>,
    /// When the pair ends; not beside `ttl`.
    expires_at: Option<Timestamptz>,
    /// Free text for people, at most 4,096 bytes; null removes it, and what is not given stays as it is.
    description: MaybeUndefined<String>,
    /// `false` refuses to replace a pair that is there, with the code `CONFLICT`.
    #[graphql(default = true)]
    overwrite: bool,
    /// Writes only where the pair has this version, 0 for a pair that is not there; else the code is `CONFLICT`.
    if_version: Option<i64>,
}

/// The pair that was written.
#[derive(SimpleObject)]
#[graphql(name = "set_key_value_payload", rename_fields = "snake_case")]
struct SetKeyValuePayload {
    /// Its id.
    id: Option<UpperUuid>,
    /// The pair as it is now.
    key_value: Option<KeyValue>,
}

/// The pair to delete: by its id, or by its key.
#[derive(InputObject)]
#[graphql(name = "delete_key_value_input", rename_fields = "snake_case")]
struct DeleteKeyValueInput {
    /// Its id.
    key_value_id: Option<UpperUuid>,
    /// Its key.
    key: Option<String>,
    /// The namespace of the key; the token's own where none is given.
    namespace: Option<String>,
}

/// The pairs to delete: by a prefix of their keys, or by their keys.
#[derive(InputObject)]
#[graphql(name = "delete_key_values_input", rename_fields = "snake_case")]
struct DeleteKeyValuesInput {
    /// The namespace they are in; the token's own where none is given.
    namespace: Option<String>,
    /// What their keys start with, byte for byte; not empty.
    prefix: Option<String>,
    /// Their keys.
    keys: Option<Vec<String>>,
}

/// The pair to rename.
#[derive(InputObject)]
#[graphql(name = "rename_key_value_input", rename_fields = "snake_case")]
struct RenameKeyValueInput {
    /// Its key.
    key: String,
    /// The key it gets, in the same namespace.
    new_key: String,
    /// The namespace it is in; the token's own where none is given.
    namespace: Option<String>,
    /// `true` replaces a pair that has the new key; else the code is `CONFLICT`.
    #[graphql(default)]
    overwrite: bool,
}

/// The pair that was renamed.
#[derive(SimpleObject)]
#[graphql(name = "rename_key_value_payload", rename_fields = "snake_case")]
struct RenameKeyValuePayload {
    /// The pair as it is now.
    key_value: Option<KeyValue>,
}

/// How many pairs were deleted.
#[derive(SimpleObject)]
#[graphql(name = "affected_rows_payload", rename_fields = "snake_case")]
struct AffectedRowsPayload {
    /// How many there were.
    affected_rows: u64,
}

#[Object(rename_fields = "snake_case")]
impl KeyValueMutation {
    /// Writes a pair, replacing the value where the key exists.
    async fn set_key_value(&self, ctx: &Context<'_>, input: SetKeyValueInput) -> Result<Option<SetKeyValuePayload>> {
        let pair = input.set(ctx.service(), ctx.caller()).await?;
        Ok(Some(SetKeyValuePayload { id: Some(UpperUuid::from(pair.id)), key_value: Some(KeyValue(pair)) }))
    }

    /// Deletes a pair.
    async fn delete_key_value(&self, ctx: &Context<'_>, input: DeleteKeyValueInput) -> Result<Option<SuccessPayload>> {
        let (service, caller) = (ctx.service(), ctx.caller());
        let success = match input {
            DeleteKeyValueInput { key_value_id: Some(id), key: None, namespace: None } => {
                SuccessPayload::of(service.delete(caller, id.read()?).await?, "key-value pair")
            }
            DeleteKeyValueInput { key_value_id: None, key: Some(key), namespace } => {
                let deleted = service.delete_at(caller, caller.address(namespace, key)?).await?;
                SuccessPayload::or(deleted, &KvError::NoSuchKey)
            }
            _ => return Err(KvError::Invalid("name the pair by \"key_value_id\", or by \"key\"".into()).into()),
        };
        Ok(Some(success))
    }

    /// Gives a pair another key, in one transaction. It keeps its id and everything else; its version goes up by one.
    async fn rename_key_value(
        &self,
        ctx: &Context<'_>,
        input: RenameKeyValueInput,
    ) -> Result<Option<RenameKeyValuePayload>> {
        let RenameKeyValueInput { key, new_key, namespace, overwrite } = input;
        let at = ctx.caller().address(namespace, key)?;
        let pair = ctx.service().rename(ctx.caller(), at, Key::new(new_key)?, overwrite).await?;
        Ok(Some(RenameKeyValuePayload { key_value: Some(KeyValue(pair)) }))
    }

    /// Deletes many pairs of one namespace, in one transaction.
    async fn delete_key_values(
        &self,
        ctx: &Context<'_>,
        input: DeleteKeyValuesInput,
    ) -> Result<Option<AffectedRowsPayload>> {
        let (service, caller) = (ctx.service(), ctx.caller());
        let namespace = namespace(caller, input.namespace)?;
        let affected_rows = match (input.prefix, input.keys) {
            (Some(prefix), None) if !prefix.is_empty() => service.delete_prefix(caller, &namespace, &prefix).await?,
            (None, Some(keys)) => {
                let keys = keys.into_iter().map(Key::new).collect::<std::result::Result<Vec<_>, _>>()?;
                service.delete_keys(caller, &namespace, &keys).await?.len() as u64
            }
            _ => return Err(KvError::Invalid("give \"keys\", or a \"prefix\" that is not empty".into()).into()),
        };
        Ok(Some(AffectedRowsPayload { affected_rows }))
    }
}

/// The namespace called `name`, or the token's own.
pub(super) fn namespace(caller: &Caller, name: Option<String>) -> std::result::Result<Namespace, KvError> {
    name.map_or_else(|| Ok(caller.home.clone()), Namespace::new)
}

impl SetKeyValueInput {
    /// Writes the pair.
    pub(super) async fn set(self, service: &Service, caller: &Caller) -> Result<Pair> {
        let options = self.options()?;
        let value = Typed { kind: self.r#type, json: self.value }.read()?;
        let at = caller.address(self.namespace, self.key)?;
        Ok(service.set(caller, at, value, options).await?)
    }

    fn options(&self) -> Result<SetOptions> {
        let both = |names| Err(KvError::Invalid(format!("{names} do not go together; give one of them")).into());
        let expiry = match (&self.ttl, &self.expires_at) {
            (None, None) => None,
            (Some(ttl), None) => Some(Expiry::ttl(Span::parse(ttl)?)?),
            (None, Some(end)) => Some(Expiry::At(end.clone().read()?)),
            (Some(_), Some(_)) => return both("\"ttl\" and \"expires_at\""),
        };
        let only = match (self.overwrite, self.if_version) {
            (true, None) => Only::Always,
            (false, None) => Only::IfAbsent,
            (true, Some(version)) => Only::IfVersion(version),
            (false, Some(_)) => return both("\"overwrite\" and \"if_version\""),
        };
        let description = match &self.description {
            MaybeUndefined::Undefined => Description::Keep,
            MaybeUndefined::Null => Description::Put(None),
            MaybeUndefined::Value(text) => Description::Put(Some(text.clone())),
        };
        Ok(SetOptions { description, expiry, only })
    }
}
