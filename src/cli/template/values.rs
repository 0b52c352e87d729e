//! JSON in templates and out of them, numbers as they are written.

use std::{cmp::Ordering, fmt, sync::Arc};

use minijinja::{
    Error, ErrorKind,
    value::{DynObject, Object, ObjectRepr, Value, ValueKind},
};
use serde::{
    Deserializer,
    de::{DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::domain::{Json, JsonText};

/// A number that neither the engine's integers nor its floats hold exactly: it is shown as it is written.
#[derive(Debug)]
struct Exact(JsonText);

impl Object for Exact {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        let other = other.downcast_ref::<Self>()?;
        Json::parse(&self.0).partial_cmp(&Json::parse(&other.0))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

/// A JSON document as the engine's value.
pub(in crate::cli) fn from_json(json: &JsonText) -> Value {
    from_text(json.as_str())
}

/// Values nest 512 deep at most, so does this recursion.
fn from_text(text: &str) -> Value {
    match text.as_bytes().first() {
        Some(b'{' | b'[') => {
            let mut deserializer = serde_json::Deserializer::from_str(text);
            deserializer.deserialize_any(Inside).unwrap_or_else(|_| Value::from(text))
        }
        Some(b'"') => serde_json::from_str::<String>(text).map_or_else(|_| Value::from(text), Value::from),
        Some(b't') => Value::from(true),
        Some(b'f') => Value::from(false),
        Some(b'n') | None => Value::from(()),
        Some(_) => number(text),
    }
}

fn number(text: &str) -> Value {
    let plain = text.parse::<i64>().map(Value::from).ok();
    let plain = plain.or_else(|| text.parse::<f64>().ok().map(Value::from));
    let exact = || Value::from_object(Exact(JsonText::stored(text.to_owned())));
    plain.filter(|value| value.to_string() == text).unwrap_or_else(exact)
}

/// Takes an array or an object apart, each part by its own text.
struct Inside;

impl<'de> Visitor<'de> for Inside {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array or an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(item) = items.next_element::<&RawValue>()? {
            values.push(from_text(item.get()));
        }
        Ok(Value::from(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(name) = fields.next_key_seed(Name)? {
            values.push((name, from_text(fields.next_value::<&RawValue>()?.get())));
        }
        Ok(Value::from_pairs(values))
    }
}

/// The name of a field; its JSON where it is no text.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        serde::Deserialize::deserialize(deserializer)
    }
}

/// The engine's value as compact JSON; undefined is null.
pub(in crate::cli) fn to_json(value: &Value) -> Result<String, Error> {
    let mut text = String::new();
    write(value, &mut text)?;
    Ok(text)
}

fn write(value: &Value, out: &mut String) -> Result<(), Error> {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => out.push_str("null"),
        ValueKind::Bool => out.push_str(if value.is_true() { "true" } else { "false" }),
        ValueKind::Number => {
            let text = value.to_string();
            let is_number = !matches!(text.as_str(), "NaN" | "inf" | "-inf");
            out.push_str(if is_number { &text } else { "null" });
        }
        ValueKind::Map => {
            out.push('{');
            for (at, key) in value.try_iter()?.enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                out.push_str(JsonText::string(&key.to_string()).as_str());
                out.push(':');
                write(&value.get_item(&key)?, out)?;
            }
            out.push('}');
        }
        ValueKind::Seq | ValueKind::Iterable => {
            out.push('[');
            for (at, item) in value.try_iter()?.enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                write(&item, out)?;
            }
            out.push(']');
        }
        ValueKind::Plain if value.downcast_object_ref::<Exact>().is_some() => out.push_str(&value.to_string()),
        ValueKind::Invalid => return Err(Error::new(ErrorKind::BadSerialization, "the value is broken")),
        _ => out.push_str(JsonText::string(&value.to_string()).as_str()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_goes_in_and_comes_out_by_its_text() {
        for text in [
            r#"{"z":1.50,"a":[12345678901234567890123,1e400,-0,0.1,1.0,5],"":null}"#,
            r#"["é\"\n",true,false,{}]"#,
            "-9223372036854775808",
            "18446744073709551616",
        ] {
            let json = JsonText::parse(text).expect("JSON");
            assert_eq!(to_json(&from_json(&json)).ok().as_deref(), Some(text));
        }
    }
}
