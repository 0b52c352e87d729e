//! What a pair holds.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{JsonText, KvError};

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Text.
    String,
    /// A number of any size and scale.
    Number,
    /// True or false.
    Boolean,
    /// An instant, as ISO 8601 text.
    DateTime,
    /// A calendar day, as ISO 8601 text.
    Date,
    /// A span of time, as ISO 8601 text.
    Duration,
    /// An object, an array or null.
    Json,
    /// Bytes that are not UTF-8 text.
    Binary,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::String,
        Self::Number,
        Self::Boolean,
        Self::DateTime,
        Self::Date,
        Self::Duration,
        Self::Json,
        Self::Binary,
    ];

    /// The type's name on the wire and in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::String => "STRING",
            Self::Number => "NUMBER",
            Self::Boolean => "BOOLEAN",
            Self::DateTime => "DATETIME",
            Self::Date => "DATE",
            Self::Duration => "DURATION",
            Self::Json => "JSON",
            Self::Binary => "BINARY",
        }
    }

    /// The type that plain JSON has: a scalar's own, or JSON for the rest.
    #[must_use]
    pub fn of(text: &JsonText) -> Self {
        match text.as_str().as_bytes().first() {
            Some(b'"') => Self::String,
            Some(b't' | b'f') => Self::Boolean,
            Some(b'-' | b'0'..=b'9') => Self::Number,
            _ => Self::Json,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = KvError;

    fn from_str(name: &str) -> Result<Self, KvError> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or(KvError::UnknownKind)
    }
}

/// What a pair holds: exact JSON text with its type, or bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Anything that JSON can write, kept by its text.
    Json {
        /// The type; never [`Kind::Binary`].
        kind: Kind,
        /// The compact text.
        text: JsonText,
    },
    /// Bytes that are not UTF-8 text.
    Bytes(Vec<u8>),
}

impl Value {
    /// The value that `text` writes, typed as plain JSON.
    #[must_use]
    pub fn json(text: JsonText) -> Self {
        Self::Json { kind: Kind::of(&text), text }
    }

    /// JSON null.
    #[must_use]
    pub fn null() -> Self {
        Self::json(JsonText::stored("null".to_owned()))
    }

    /// The value's type.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Json { kind, .. } => *kind,
            Self::Bytes(_) => Kind::Binary,
        }
    }

    /// The value where only JSON can be shown: its text, or its bytes as a base64 string.
    #[must_use]
    pub fn to_json(&self) -> JsonText {
        match self {
            Self::Json { text, .. } => text.clone(),
            Self::Bytes(bytes) => JsonText::string(&STANDARD.encode(bytes)),
        }
    }
}
