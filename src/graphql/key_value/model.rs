//! A pair as clients see it.

use async_graphql::{Context, Object};

use crate::{
    domain::{Fault, JsonPath, KvError, Pair},
    graphql::{
        error::Result,
        place::Place,
        scalars::{Jsonb, LowerUuid, Timestamptz},
    },
};

/// A key-value pair.
pub(super) struct KeyValue(pub(super) Pair);

#[expect(clippy::disallowed_types, reason = "the macro expands to it; resolvers of ours give graphql::Result")]
#[Object(name = "key_value", rename_fields = "snake_case", rename_args = "snake_case")]
impl KeyValue {
    /// When the pair came to life.
    async fn created(&self) -> Timestamptz {
        Timestamptz::from(self.0.created)
    }

    /// Free text for people.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// From when on the pair is gone; null for never.
    async fn expires_at(&self) -> Option<Timestamptz> {
        self.0.expires_at.map(Timestamptz::from)
    }

    /// The pair's id, kept for its life.
    async fn id(&self) -> LowerUuid {
        LowerUuid::from(self.0.id)
    }

    /// The pair's key.
    async fn key(&self) -> &str {
        self.0.address.key.as_str()
    }

    /// The namespace the pair is in.
    async fn namespace(&self) -> &str {
        self.0.address.namespace.as_str()
    }

    /// The pair's tenant.
    async fn tenant_id(&self) -> LowerUuid {
        LowerUuid::from(self.0.tenant_id.0)
    }

    /// The type of the value: `STRING`, `NUMBER`, `BOOLEAN`, `DATETIME`, `DATE`, `DURATION`, `JSON` or `BINARY`.
    async fn r#type(&self) -> &str {
        self.0.value.kind().name()
    }

    /// When the pair was last written.
    async fn updated(&self) -> Timestamptz {
        Timestamptz::from(self.0.updated)
    }

    /// The value, or what is at `path` in it (`$.a.b[0]`); bytes as base64.
    #[expect(clippy::unused_async, reason = "a resolver is async, whatever it does")]
    async fn value(&self, ctx: &Context<'_>, path: Option<String>) -> Result<Option<Jsonb>> {
        let text = self.0.value.to_json();
        match path {
            Some(path) => {
                let path = JsonPath::parse(&path).map_err(|error| Place::arguments(ctx).name("path").blame(error))?;
                Ok(path.get(&text).map(Jsonb::from))
            }
            None => Ok(Some(Jsonb::from(text))),
        }
    }

    /// The bytes of the value's compact JSON text, which the licence counts.
    async fn value_bytes(&self) -> usize {
        self.0.value.to_json().as_str().len()
    }

    /// The value's JSON as text, whole or its first so many characters: for clients that would round numbers, and
    /// for previews.
    #[expect(clippy::unused_async, reason = "a resolver is async, whatever it does")]
    async fn value_text(&self, ctx: &Context<'_>, first: Option<i64>) -> Result<String> {
        let text = self.0.value.to_json();
        let Some(first) = first else { return Ok(text.as_str().to_owned()) };
        let first = usize::try_from(first).map_err(|_| {
            let error = KvError::bad_query(Fault::Query, "expected a non-negative integer");
            Place::arguments(ctx).name("first").blame(error)
        })?;
        Ok(text.as_str().chars().take(first).collect())
    }

    /// How often the pair was written, from 1.
    async fn version(&self) -> i64 {
        self.0.version
    }
}
