//! What Kestra's clients read.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::value;
use crate::domain::{Entry, Kind, KvError, Pair, Timestamp, Value};

/// The types that Kestra knows.
#[derive(Serialize, ToSchema, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
#[schema(as = KVType)]
pub(super) enum KvType {
    String,
    Number,
    Boolean,
    DateTime,
    Date,
    Duration,
    Json,
}

impl KvType {
    /// A value's type; null and bytes, which have none in Kestra, go as STRING.
    fn of(held: &Value) -> Self {
        match held.kind() {
            Kind::Json if *held == Value::null() => Self::String,
            Kind::String | Kind::Binary => Self::String,
            Kind::Number => Self::Number,
            Kind::Boolean => Self::Boolean,
            Kind::DateTime => Self::DateTime,
            Kind::Date => Self::Date,
            Kind::Duration => Self::Duration,
            Kind::Json => Self::Json,
        }
    }
}

/// The value of a key.
#[derive(Serialize, ToSchema)]
#[schema(as = KVDetail)]
pub(super) struct Detail {
    /// The value's type.
    r#type: KvType,
    /// The value, exact: numbers of any size and scale. Missing where it is null.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<serde_json::Value>, nullable = false)]
    value: Option<Box<RawValue>>,
    /// How often the key was written.
    revision: i64,
    /// When it was last written, in UTC.
    #[schema(format = DateTime)]
    updated: String,
}

impl Detail {
    /// What is told of `pair`.
    pub(super) fn of(pair: &Pair) -> Result<Self, KvError> {
        Ok(Self {
            r#type: KvType::of(&pair.value),
            value: value::shown(&pair.value)?,
            revision: pair.version,
            updated: instant(pair.updated),
        })
    }
}

/// A key in a list. What a pair has not is left out.
#[derive(Serialize, ToSchema)]
#[schema(as = KVEntry)]
#[serde(rename_all = "camelCase")]
pub(super) struct KvEntry {
    /// The namespace it is in.
    namespace: String,
    /// The key.
    key: String,
    /// How often it was written.
    revision: i64,
    /// The same, by the name it had before Kestra 2.
    version: i64,
    /// Free text for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    description: Option<String>,
    /// When the key came to life, in UTC.
    #[schema(format = DateTime)]
    creation_date: String,
    /// When it was last written, in UTC.
    #[schema(format = DateTime)]
    update_date: String,
    /// From when on it is gone, in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime)]
    expiration_date: Option<String>,
}

impl From<Entry> for KvEntry {
    fn from(entry: Entry) -> Self {
        Self {
            namespace: entry.address.namespace.as_str().to_owned(),
            key: entry.address.key.into_string(),
            revision: entry.version,
            version: entry.version,
            description: entry.description,
            creation_date: instant(entry.created),
            update_date: instant(entry.updated),
            expiration_date: entry.expires_at.map(instant),
        }
    }
}

/// A page of keys.
#[derive(Serialize, ToSchema)]
#[schema(as = PagedResultsKVEntry)]
pub(super) struct Page {
    /// The keys of the page.
    pub(super) results: Vec<KvEntry>,
    /// How many there are on all pages.
    pub(super) total: u64,
}

/// Keys to delete.
#[derive(Deserialize, ToSchema, Default)]
#[schema(as = KVControllerApiDeleteBulkRequest)]
pub(super) struct BulkRequest {
    /// The keys; none where it is missing or null.
    #[schema(value_type = Option<Vec<KeyText>>)]
    pub(super) keys: Option<Vec<String>>,
}

/// Keys that were deleted.
#[derive(Serialize, ToSchema)]
#[schema(as = KVControllerApiDeleteBulkResponse)]
pub(super) struct BulkResponse {
    /// Those that there were.
    pub(super) keys: Vec<String>,
}

/// `2024-07-15T06:10:33.422Z`: UTC, cut to the millisecond.
fn instant(time: Timestamp) -> String {
    time.to_utc_millis()
}

/// A key, as the document describes it.
#[derive(ToSchema)]
#[schema(as = Key, pattern = "^[a-zA-Z0-9][a-zA-Z0-9._-]*$", max_length = 1024)]
#[expect(dead_code, reason = "only described")]
struct KeyText(String);
