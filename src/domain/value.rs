//! What a pair holds.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{JsonText, KvError, Span, moment};

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
    /// Bytes, which need not be UTF-8 text.
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
    /// Bytes, which need not be UTF-8 text.
    Bytes(Vec<u8>),
}

impl Value {
    /// The value that `text` writes, typed as plain JSON.
    #[must_use]
    pub fn json(text: JsonText) -> Self {
        Self::Json { kind: Kind::of(&text), text }
    }

    /// The value of type `kind` that the JSON text `json` writes: a JSON string for text, dates, durations
    /// (ISO 8601; they are kept in one canonical form) and bytes (base64), a number, true or false, or any
    /// JSON for JSON.
    ///
    /// # Errors
    /// [`KvError::Invalid`], which says what the type takes.
    pub fn typed(kind: Kind, json: JsonText) -> Result<Self, KvError> {
        match kind {
            Kind::Json => Ok(Self::Json { kind, text: json }),
            Kind::String | Kind::Number | Kind::Boolean if Kind::of(&json) == kind => {
                Ok(Self::Json { kind, text: json })
            }
            Kind::DateTime | Kind::Date | Kind::Duration | Kind::Binary => {
                json.content().ok_or_else(|| unfit(kind)).and_then(|text| Self::of_text(kind, &text))
            }
            Kind::String | Kind::Number | Kind::Boolean => Err(unfit(kind)),
        }
    }

    /// The value of type `kind` that plain text writes, as on a command line: a STRING is the text itself,
    /// NUMBER, BOOLEAN and JSON are JSON, BINARY is base64, the others ISO 8601.
    ///
    /// # Errors
    /// [`KvError::Invalid`], which says what the type takes; for JSON, as [`JsonText::parse`].
    pub fn of_text(kind: Kind, text: &str) -> Result<Self, KvError> {
        let written = match kind {
            Kind::String => Some(text.to_owned()),
            Kind::DateTime => moment::datetime(text),
            Kind::Date => moment::date(text),
            Kind::Duration => Span::parse(text).ok().map(|span| span.to_string()),
            Kind::Number | Kind::Boolean => {
                return JsonText::parse(text).map_err(|_| unfit(kind)).and_then(|json| Self::typed(kind, json));
            }
            Kind::Json => return JsonText::parse(text).and_then(|json| Self::typed(kind, json)),
            Kind::Binary => return STANDARD.decode(text).map(Self::Bytes).map_err(|_| unfit(kind)),
        };
        written.map(|text| Self::Json { kind, text: JsonText::string(&text) }).ok_or_else(|| unfit(kind))
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

/// The refusal of a value that is not of its type.
fn unfit(kind: Kind) -> KvError {
    let takes = match kind {
        Kind::String => "a JSON string",
        Kind::Number => "a JSON number",
        Kind::Boolean => "true or false",
        Kind::DateTime => "a string such as 2021-09-01T01:02:03Z, with a time zone",
        Kind::Date => "a string such as 2021-09-01",
        Kind::Duration => "a string such as PT90M or P1DT2H, of days, hours, minutes and seconds",
        Kind::Json => "any JSON value",
        Kind::Binary => "a string of base64, with its padding",
    };
    KvError::Invalid(format!("the value does not fit the type {kind}: it takes {takes}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(kind: Kind, json: &str) -> String {
        let value = JsonText::parse(json).and_then(|json| Value::typed(kind, json));
        value.map_or_else(|error| error.to_string(), |value| format!("{} {}", value.kind(), value.to_json().as_str()))
    }

    #[test]
    fn each_type_takes_its_own_values_and_keeps_them_in_one_form() {
        for (kind, json, stored) in [
            (Kind::String, r#""2021-09-01""#, r#"STRING "2021-09-01""#),
            (Kind::String, r#""""#, r#"STRING """#),
            (Kind::Number, "1.0", "NUMBER 1.0"),
            (Kind::Number, "12345678901234567890123", "NUMBER 12345678901234567890123"),
            (Kind::Boolean, "false", "BOOLEAN false"),
            (Kind::DateTime, r#""2021-09-01T01:02:03.50+02:00""#, r#"DATETIME "2021-08-31T23:02:03.500Z""#),
            (Kind::Date, r#""2021-09-01""#, r#"DATE "2021-09-01""#),
            (Kind::Duration, r#""P1DT30M""#, r#"DURATION "PT24H30M""#),
            (Kind::Json, r#"{"b":[1.0], "a":null}"#, r#"JSON {"b":[1.0],"a":null}"#),
            (Kind::Json, "null", "JSON null"),
            (Kind::Binary, r#""AP/+""#, r#"BINARY "AP/+""#),
            (Kind::Binary, r#""""#, r#"BINARY """#),
        ] {
            assert_eq!(typed(kind, json), stored);
        }
    }

    #[test]
    fn a_value_of_another_type_is_refused_with_what_is_taken() {
        for (kind, json) in [
            (Kind::String, "1"),
            (Kind::String, "null"),
            (Kind::Number, r#""1""#),
            (Kind::Boolean, "0"),
            (Kind::DateTime, r#""2021-09-01T01:02:03""#),
            (Kind::DateTime, "1"),
            (Kind::Date, r#""2021-02-30""#),
            (Kind::Duration, r#""P1Y""#),
            (Kind::Binary, r#""A""#),
            (Kind::Binary, r#""AP_-""#),
            (Kind::Binary, r#""\ud800""#),
            (Kind::String, "[]"),
        ] {
            let start = format!("the value does not fit the type {kind}: it takes ");
            assert!(typed(kind, json).starts_with(&start), "{kind} {json}: {}", typed(kind, json));
        }
    }

    #[test]
    fn plain_text_is_read_by_its_type() {
        let of = |kind, text| Value::of_text(kind, text).map(|value| value.to_json().as_str().to_owned()).ok();
        assert_eq!(of(Kind::String, "a\"b").as_deref(), Some(r#""a\"b""#));
        assert_eq!(of(Kind::Number, "1e5").as_deref(), Some("1e5"));
        assert_eq!(of(Kind::Number, "x"), None);
        assert_eq!(of(Kind::Json, "[1 ]").as_deref(), Some("[1]"));
        assert_eq!(of(Kind::Binary, "aGk=").as_deref(), Some(r#""aGk=""#));
    }
}
