//! The scalars, each under Prefect's name and Hasura's (contract filter.md, section 3).

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use uuid::Uuid;

use crate::domain::{JsonText, Timestamp, id::parse_uuid};

/// Declares a scalar twice, by both of its names.
macro_rules! twins {
    ($inner:ty, $read:ident, $write:ident, $valid:expr, $($(#[$doc:meta])* $twin:ident = $name:literal),+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub(super) struct $twin(pub(super) $inner);

        #[Scalar(name = $name)]
        impl ScalarType for $twin {
            fn parse(value: Value) -> InputValueResult<Self> {
                $read(value).map(Self).map_err(InputValueError::custom)
            }

            fn is_valid(value: &Value) -> bool {
                $valid(value)
            }

            fn to_value(&self) -> Value {
                $write(&self.0)
            }
        }
    )+};
}

twins!(Uuid, read_uuid, write_uuid, is_string,
    /// An id, in any form that PostgreSQL takes.
    LowerUuid = "uuid",
    /// An id, in any form that PostgreSQL takes.
    UpperUuid = "UUID"
);
twins!(Timestamp, read_time, write_time, is_string,
    /// An instant, in ISO 8601 with a time zone, to the microsecond; UTC where no zone is given.
    Timestamptz = "timestamptz",
    /// An instant, in ISO 8601 with a time zone, to the microsecond; UTC where no zone is given.
    DateTime = "DateTime"
);
twins!(JsonText, read_json, write_json, is_json,
    /// Any JSON value; a literal in a document is the value itself.
    Jsonb = "jsonb",
    /// Any JSON value; a literal string in a document holds JSON text, a variable is the value itself.
    Json = "JSON"
);

fn is_string(value: &Value) -> bool {
    matches!(value, Value::String(_))
}

fn is_json(value: &Value) -> bool {
    matches!(value, Value::Binary(_))
}

fn text(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err("a string is expected".to_owned()),
    }
}

fn read_uuid(value: Value) -> Result<Uuid, String> {
    parse_uuid(&text(value)?).map_err(|error| error.to_string())
}

fn write_uuid(id: &Uuid) -> Value {
    Value::String(id.to_string())
}

fn read_time(value: Value) -> Result<Timestamp, String> {
    Timestamp::parse(&text(value)?).map_err(|error| error.to_string())
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the macro hands every scalar over in the same way")]
fn write_time(time: &Timestamp) -> Value {
    Value::String(time.to_string())
}

/// JSON arrives as the exact text that the document pass put into a binary value.
fn read_json(value: Value) -> Result<JsonText, String> {
    match value {
        Value::Binary(text) => String::from_utf8(text.into()).map(JsonText::stored).map_err(|error| error.to_string()),
        _ => Err("a JSON value is expected".to_owned()),
    }
}

/// JSON leaves as its exact text; the response writer puts it down as it is.
fn write_json(text: &JsonText) -> Value {
    Value::Binary(text.as_str().to_owned().into())
}
