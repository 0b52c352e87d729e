//! Values with a type that the client names.

use async_graphql::{Enum, MaybeUndefined};

use crate::{
    domain::{Kind, KvError, Value},
    graphql::{
        error::Result,
        scalars::{Json, Written as _},
    },
};

/// The types of values.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(name = "key_value_type", remote = "Kind", rename_items = "SCREAMING_SNAKE_CASE")]
pub(super) enum ValueType {
    /// Text.
    String,
    /// A number of any size and scale.
    Number,
    /// True or false.
    Boolean,
    /// An instant, as an ISO 8601 string with a time zone; it is kept in UTC.
    #[graphql(name = "DATETIME")]
    DateTime,
    /// A day, as an ISO 8601 string.
    Date,
    /// A span of days, hours, minutes and seconds, as an ISO 8601 string.
    Duration,
    /// Any JSON value.
    Json,
    /// Bytes, as a string of base64.
    Binary,
}

/// A value as it was written.
pub(super) struct Written {
    /// The type that was named.
    pub(super) kind: Option<ValueType>,
    /// The JSON that was given.
    pub(super) json: MaybeUndefined<Json>,
}

impl Written {
    /// The value.
    pub(super) fn read(self) -> Result<Value> {
        let json = match self.json {
            MaybeUndefined::Value(json) => json.read()?,
            MaybeUndefined::Null => Value::null().to_json(),
            MaybeUndefined::Undefined => return Err(KvError::Invalid("the field \"value\" is missing".into()).into()),
        };
        match self.kind {
            Some(kind) => Ok(Value::typed(kind.into(), json)?),
            None => Ok(Value::json(json)),
        }
    }
}
