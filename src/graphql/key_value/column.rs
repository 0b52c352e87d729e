//! The columns of a pair as text.

use std::fmt::{Display, Write};

use async_graphql::OutputType;

use super::model::KeyValue;
use crate::domain::{Address, Entry, JsonText};

/// What is known of a pair.
pub(super) trait Shown {
    /// Where it lives.
    fn address(&self) -> &Address;

    /// All but its value.
    fn entry(&self) -> Option<&Entry> {
        None
    }

    /// Its value.
    fn value(&self) -> Option<&JsonText> {
        None
    }
}

impl Shown for Address {
    fn address(&self) -> &Address {
        self
    }
}

impl Shown for Entry {
    fn address(&self) -> &Address {
        &self.address
    }

    fn entry(&self) -> Option<&Entry> {
        Some(self)
    }
}

impl Shown for (Entry, JsonText) {
    fn address(&self) -> &Address {
        &self.0.address
    }

    fn entry(&self) -> Option<&Entry> {
        Some(&self.0)
    }

    fn value(&self) -> Option<&JsonText> {
        Some(&self.1)
    }
}

/// How much of a pair has to be known, from the least on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Detail {
    Address,
    Entry,
    Pair,
}

/// Declares what can be asked of a pair without an argument, which is every field of [`KeyValue`].
macro_rules! columns {
    ($($column:ident = $field:literal: $detail:ident),+ $(,)?) => {
        /// What is asked of a pair.
        #[derive(Clone, Copy)]
        pub(super) enum Column { $($column),+ }

        impl Column {
            /// The field of this name, where there is one.
            pub(super) fn of(field: &str) -> Option<Self> {
                match field {
                    $($field => Some(Self::$column),)+
                    _ => None,
                }
            }

            /// What has to be known for it.
            pub(super) fn detail(self) -> Detail {
                match self {
                    $(Self::$column => Detail::$detail,)+
                }
            }
        }
    };
}

columns!(
    Typename = "__typename": Address,
    Created = "created": Entry,
    Description = "description": Entry,
    ExpiresAt = "expires_at": Entry,
    Id = "id": Entry,
    Key = "key": Address,
    Namespace = "namespace": Address,
    TenantId = "tenant_id": Entry,
    Type = "type": Entry,
    Updated = "updated": Entry,
    Value = "value": Pair,
    ValueBytes = "value_bytes": Pair,
    ValueText = "value_text": Pair,
    Version = "version": Entry,
);

impl Column {
    /// Writes this of `pair` as JSON, as the field's resolver and its scalar do; null where it is not known.
    pub(super) fn write(self, pair: &impl Shown, out: &mut String) {
        let value = || pair.value().map(JsonText::as_str);
        match self {
            Self::Typename => JsonText::quote(&KeyValue::type_name(), out),
            Self::Created => quoted(pair.entry().map(|entry| entry.created), out),
            Self::Description => text(pair.entry().and_then(|entry| entry.description.as_deref()), out),
            Self::ExpiresAt => quoted(pair.entry().and_then(|entry| entry.expires_at), out),
            Self::Id => quoted(pair.entry().map(|entry| entry.id), out),
            Self::Key => JsonText::quote(pair.address().key.as_str(), out),
            Self::Namespace => JsonText::quote(pair.address().namespace.as_str(), out),
            Self::TenantId => quoted(pair.entry().map(|entry| entry.tenant_id.0), out),
            Self::Type => quoted(pair.entry().map(|entry| entry.kind), out),
            Self::Updated => quoted(pair.entry().map(|entry| entry.updated), out),
            Self::Value => plain(value(), out),
            Self::ValueBytes => plain(value().map(str::len), out),
            Self::ValueText => text(value(), out),
            Self::Version => plain(pair.entry().map(|entry| entry.version), out),
        }
    }
}

/// Writes any text as a string.
fn text(text: Option<&str>, out: &mut String) {
    match text {
        Some(text) => JsonText::quote(text, out),
        None => out.push_str("null"),
    }
}

/// Writes what needs no escape as a string.
fn quoted(value: Option<impl Display>, out: &mut String) {
    match value {
        // Infallible here and below: writing to a String.
        Some(value) => _ = write!(out, "\"{value}\""),
        None => out.push_str("null"),
    }
}

/// Writes what is JSON as it is.
fn plain(value: Option<impl Display>, out: &mut String) {
    match value {
        Some(value) => _ = write!(out, "{value}"),
        None => out.push_str("null"),
    }
}
