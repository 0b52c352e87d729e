//! The scalars, each under Prefect's name and Hasura's (contract filter.md, section 3).

use async_graphql::{InputValueResult, Scalar, ScalarType, Value};
use uuid::Uuid;

use crate::domain::{Fault, JsonText, KvError, Timestamp, id::parse_uuid};

/// An operand as it was written.
pub(super) trait Written {
    /// What it is to be.
    type Value;

    /// What was written.
    ///
    /// # Errors
    /// [`KvError::BadQuery`] where that is nothing of its type.
    fn read(self) -> Result<Self::Value, KvError>;
}

/// Declares a scalar twice, by both of its names.
///
/// The engine takes whatever is written: what is wrong with it is said by whoever reads it, who knows
/// its place in the query.
macro_rules! twins {
    ($inner:ty, $read:ident, $write:ident, $($(#[$doc:meta])* $twin:ident = $name:literal),+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub(super) struct $twin(Result<$inner, KvError>);

        impl Written for $twin {
            type Value = $inner;

            fn read(self) -> Result<$inner, KvError> {
                self.0
            }
        }

        impl From<$inner> for $twin {
            fn from(value: $inner) -> Self {
                Self(Ok(value))
            }
        }

        #[Scalar(name = $name)]
        impl ScalarType for $twin {
            fn parse(value: Value) -> InputValueResult<Self> {
                Ok(Self($read(value)))
            }

            fn to_value(&self) -> Value {
                self.0.as_ref().map_or(Value::Null, $write)
            }
        }
    )+};
}

twins!(Uuid, read_uuid, write_uuid,
    /// An id, in any form that PostgreSQL takes.
    LowerUuid = "uuid",
    /// An id, in any form that PostgreSQL takes.
    UpperUuid = "UUID"
);
twins!(Timestamp, read_time, write_time,
    /// An instant, in ISO 8601 with a time zone, to the microsecond; UTC where no zone is given.
    Timestamptz = "timestamptz",
    /// An instant, in ISO 8601 with a time zone, to the microsecond; UTC where no zone is given.
    DateTime = "DateTime"
);
twins!(JsonText, read_json, write_json,
    /// Any JSON value; a literal in a document is the value itself.
    Jsonb = "jsonb",
    /// Any JSON value; a literal string in a document holds JSON text, a variable is the value itself.
    Json = "JSON"
);

/// Text, or Hasura's complaint about what is none.
fn text(value: Value, of: &str) -> Result<String, KvError> {
    let found = match value {
        Value::String(text) => return Ok(text),
        Value::Null => "Null",
        Value::Number(_) => "Number",
        Value::Boolean(_) => "Boolean",
        Value::Enum(_) => "Enum",
        Value::List(_) => "Array",
        Value::Object(_) | Value::Binary(_) => "Object",
    };
    Err(KvError::bad_query(Fault::Type, format!("parsing {of} failed, expected String, but encountered {found}")))
}

fn read_uuid(value: Value) -> Result<Uuid, KvError> {
    parse_uuid(&text(value, "UUID")?)
}

fn write_uuid(id: &Uuid) -> Value {
    Value::String(id.to_string())
}

fn read_time(value: Value) -> Result<Timestamp, KvError> {
    Timestamp::parse(&text(value, "UTCTime")?)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "a scalar's writer takes a reference")]
fn write_time(time: &Timestamp) -> Value {
    Value::String(time.to_string())
}

/// JSON arrives as the exact text that the document pass put into a binary value.
fn read_json(value: Value) -> Result<JsonText, KvError> {
    match value {
        Value::Binary(text) => String::from_utf8(text.into()).map(JsonText::stored).map_err(KvError::internal),
        _ => Err(KvError::bad_query(Fault::Type, "a JSON value is expected")),
    }
}

/// JSON leaves as its exact text; the response writer puts it down as it is.
fn write_json(text: &JsonText) -> Value {
    Value::Binary(text.as_str().to_owned().into())
}
