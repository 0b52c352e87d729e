//! Bodies to typed values and back (contract kestra.md, section 2).

use serde_json::value::RawValue;

use super::ion;
use crate::domain::{JsonText, KvError, Value};

/// The value that the body `text` writes: JSON, a scalar of Ion, or else a STRING that is the whole text.
///
/// The Content-Type has no say. A quoted string is a STRING whatever is in it.
///
/// # Errors
/// [`KvError::JsonTooDeep`].
pub(super) fn infer(text: &str) -> Result<Value, KvError> {
    let trimmed = text.trim_matches([' ', '\t', '\r', '\n']);
    match JsonText::parse(trimmed) {
        Ok(json) => Ok(Value::json(json)),
        Err(error @ KvError::JsonTooDeep { .. }) => Err(error),
        Err(_) => Ok(ion::scalar(trimmed).unwrap_or_else(|| Value::json(JsonText::string(text)))),
    }
}

/// The value as JSON; none for null, which Kestra leaves out. Bytes are a string of base64.
pub(super) fn shown(value: &Value) -> Result<Option<Box<RawValue>>, KvError> {
    if *value == Value::null() {
        return Ok(None);
    }
    RawValue::from_string(value.to_json().as_str().to_owned()).map(Some).map_err(KvError::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inferred(text: &str) -> String {
        infer(text)
            .map_or_else(|error| error.to_string(), |value| format!("{} {}", value.kind(), value.to_json().as_str()))
    }

    #[test]
    fn every_row_of_the_contract_is_inferred() {
        for (body, value) in [
            (r#""Hello World""#, r#"STRING "Hello World""#),
            (r#""""#, r#"STRING """#),
            (r#""42""#, r#"STRING "42""#),
            (r#""true""#, r#"STRING "true""#),
            (r#""2021-09-01""#, r#"STRING "2021-09-01""#),
            (r#""PT5S""#, r#"STRING "PT5S""#),
            (r#""P5D""#, r#"STRING "P5D""#),
            ("PT5S", r#"DURATION "PT5S""#),
            ("P1D", r#"DURATION "PT24H""#),
            ("PT90M", r#"DURATION "PT1H30M""#),
            ("P3DT3H2M1S", r#"DURATION "PT75H2M1S""#),
            ("P1Y", r#"STRING "P1Y""#),
            ("P1W", r#"STRING "P1W""#),
            ("-PT5M", r#"STRING "-PT5M""#),
            ("PT1.5S", r#"STRING "PT1.5S""#),
            ("PD", r#"STRING "PD""#),
            ("42", "NUMBER 42"),
            ("-5", "NUMBER -5"),
            ("0", "NUMBER 0"),
            ("1.0", "NUMBER 1.0"),
            ("1e5", "NUMBER 1e5"),
            ("12345678901234567890123", "NUMBER 12345678901234567890123"),
            ("3.1415926535897932384626433", "NUMBER 3.1415926535897932384626433"),
            ("0x1F", "NUMBER 31"),
            ("1d2", "NUMBER 1e2"),
            ("5.", "NUMBER 5"),
            ("true", "BOOLEAN true"),
            ("false", "BOOLEAN false"),
            ("True", r#"STRING "True""#),
            ("2021-09-01", r#"DATE "2021-09-01""#),
            ("2021-09-01T", r#"DATE "2021-09-01""#),
            ("2021-09T", r#"DATE "2021-09-01""#),
            ("2021T", r#"DATE "2021-01-01""#),
            ("2021-09-01T01:02:03Z", r#"DATETIME "2021-09-01T01:02:03Z""#),
            ("2021-09-01T01:02:03.000Z", r#"DATETIME "2021-09-01T01:02:03Z""#),
            ("2024-01-01T00:00:00Z", r#"DATETIME "2024-01-01T00:00:00Z""#),
            ("2021-09-01T01:02:03+02:00", r#"DATETIME "2021-08-31T23:02:03Z""#),
            ("2021-09-01T01:02:03", r#"STRING "2021-09-01T01:02:03""#),
            ("2021-02-30", r#"STRING "2021-02-30""#),
            (r#"{"a":1}"#, r#"JSON {"a":1}"#),
            ("[1,2]", "JSON [1,2]"),
            ("{}", "JSON {}"),
            ("null", "JSON null"),
            ("stringValue", r#"STRING "stringValue""#),
            ("'x'", r#"STRING "x""#),
            ("'''x'''", r#"STRING "x""#),
            ("{{aGVsbG8=}}", r#"STRING "hello""#),
            ("hello world", r#"STRING "hello world""#),
            ("1.2.3", r#"STRING "1.2.3""#),
            ("007", r#"STRING "007""#),
            ("3 days", r#"STRING "3 days""#),
            ("a-b", r#"STRING "a-b""#),
            ("http://x", r#"STRING "http://x""#),
            ("héllo", r#"STRING "héllo""#),
            (r#"{"a":1"#, r#"STRING "{\"a\":1""#),
            (r#""a" "b""#, r#"STRING "\"a\" \"b\"""#),
        ] {
            assert_eq!(inferred(body), value, "{body}");
        }
    }

    #[test]
    fn white_space_around_a_value_is_none_of_it_but_in_text_it_stays() {
        for (body, value) in [
            (" 42\n", "NUMBER 42"),
            ("hello\n", r#"STRING "hello""#),
            ("PT5S \r\n", r#"DURATION "PT5S""#),
            ("", r#"STRING """#),
            (" \n", r#"STRING " \n""#),
            (" hello world\n", r#"STRING " hello world\n""#),
        ] {
            assert_eq!(inferred(body), value, "{body:?}");
        }
    }

    #[test]
    fn what_only_looks_like_a_scalar_is_text() {
        for body in [
            "-",
            "--1",
            "_",
            "1_",
            "1__0",
            "0x",
            "0xG",
            "0b2",
            ".5",
            "5.d",
            "1d",
            "1d2d3",
            "1a",
            "'",
            "''''",
            "'a'b'",
            "{{}",
            "{{*}}",
            "{{/w==}}",
            "2021-09-01t01:02:03z",
            "pt5s",
            "P",
            "PT",
            "PTT1S",
            "nan",
            "+inf",
            "{a:1}",
            "[1,2,]",
            "(a b)",
            "0x100000000000000000000000000000000",
            "P99999999999999999999D",
        ] {
            assert!(inferred(body).starts_with("STRING "), "{body}: {}", inferred(body));
        }
        assert_eq!(inferred("1_000"), "NUMBER 1000");
        assert_eq!(inferred("-0b101"), "NUMBER -5");
        assert_eq!(inferred("''"), r#"STRING """#);
    }

    #[test]
    fn a_value_that_nests_too_deep_is_refused() {
        let nested = format!("{}{}", "[".repeat(513), "]".repeat(513));
        assert_eq!(inferred(&nested), "the value nests arrays and objects more than 512 deep");
    }
}
