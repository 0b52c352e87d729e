//! A pair as a query sees it.

use std::cell::OnceCell;

use uuid::Uuid;

use super::Column;
use crate::domain::{Json, Pair, Timestamp};

/// A pair under evaluation; its value is parsed when first asked for, and once.
#[derive(Debug)]
pub struct Row<'a> {
    pair: &'a Pair,
    json: OnceCell<Json>,
    pg_text: OnceCell<String>,
}

impl<'a> Row<'a> {
    /// The row that holds `pair`.
    #[must_use]
    pub fn new(pair: &'a Pair) -> Self {
        Self { pair, json: OnceCell::new(), pg_text: OnceCell::new() }
    }

    /// The pair.
    #[must_use]
    pub fn pair(&self) -> &'a Pair {
        self.pair
    }

    /// The value; bytes as the string of their base64.
    #[must_use]
    pub fn json(&self) -> &Json {
        self.json.get_or_init(|| Json::parse(&self.pair.value.to_json()))
    }

    /// The value's text as PostgreSQL writes it.
    #[must_use]
    pub fn pg_text(&self) -> &str {
        self.pg_text.get_or_init(|| self.json().to_pg_text())
    }

    /// What `column` holds; `None` is null.
    pub(super) fn cell(&self, column: Column) -> Option<Cell<'_>> {
        let pair = self.pair;
        Some(match column {
            Column::Created => Cell::Time(pair.created),
            Column::Updated => Cell::Time(pair.updated),
            Column::ExpiresAt => Cell::Time(pair.expires_at?),
            Column::Id => Cell::Uuid(pair.id),
            Column::TenantId => Cell::Uuid(pair.tenant_id.0),
            Column::Key => Cell::Text(pair.address.key.as_str()),
            Column::Namespace => Cell::Text(pair.address.namespace.as_str()),
            Column::Type => Cell::Text(pair.value.kind().name()),
            Column::Description => Cell::Text(pair.description.as_deref()?),
            Column::Version => Cell::Int(pair.version),
            Column::Value => Cell::Json(self.json()),
        })
    }
}

/// What one column of a row holds. Cells of one column compare as SQL compares them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cell<'a> {
    Text(&'a str),
    Uuid(Uuid),
    Time(Timestamp),
    Int(i64),
    Json(&'a Json),
}
