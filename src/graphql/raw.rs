//! JSON arrays and objects by the text of their members, at most so many of them.
//!
//! However long the text is, what is held of it is what the reader can use.

use std::{borrow::Cow, fmt};

use async_graphql::indexmap::IndexMap;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

/// A JSON object by the exact text of its fields, in written order.
pub(super) type RawObject<'a> = IndexMap<Cow<'a, str>, &'a RawValue>;

/// A field's name, which the text has as it is where no escape is in it.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// The first `most` items of an array.
pub(super) fn items(raw: &RawValue, most: usize) -> serde_json::Result<Vec<&RawValue>> {
    AtMost(most).deserialize(&mut serde_json::Deserializer::from_str(raw.get()))
}

/// The fields of an object that `known` takes, and whether there are others.
pub(super) fn fields(raw: &RawValue, known: impl Fn(&str) -> bool) -> serde_json::Result<(RawObject<'_>, bool)> {
    Known(known).deserialize(&mut serde_json::Deserializer::from_str(raw.get()))
}

struct AtMost(usize);

impl<'de> DeserializeSeed<'de> for AtMost {
    type Value = Vec<&'de RawValue>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for AtMost {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while items.len() < self.0 {
            let Some(item) = sequence.next_element()? else { return Ok(items) };
            items.push(item);
        }
        while sequence.next_element::<IgnoredAny>()?.is_some() {}
        Ok(items)
    }
}

struct Known<F>(F);

impl<'de, F: Fn(&str) -> bool> DeserializeSeed<'de> for Known<F> {
    type Value = (RawObject<'de>, bool);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, F: Fn(&str) -> bool> Visitor<'de> for Known<F> {
    type Value = (RawObject<'de>, bool);

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut fields, mut others) = (RawObject::new(), false);
        while let Some(Name(name)) = map.next_key()? {
            if (self.0)(&name) {
                fields.insert(name, map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
                others = true;
            }
        }
        Ok((fields, others))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_used_is_passed_over() {
        let raw: &RawValue = serde_json::from_str("[1, [2, 3], {\"a\": 4}, 5]").unwrap();
        let texts = |most| items(raw, most).unwrap().into_iter().map(RawValue::get).collect::<Vec<_>>();
        assert_eq!(texts(2), ["1", "[2, 3]"]);
        assert_eq!(texts(9), ["1", "[2, 3]", "{\"a\": 4}", "5"]);
        let raw: &RawValue = serde_json::from_str("{\"b\": 1.0, \"x\": [[]], \"a\": null}").unwrap();
        let (known, others) = fields(raw, |name| name < "c").unwrap();
        assert_eq!(
            known.iter().map(|(name, raw)| (name.as_ref(), raw.get())).collect::<Vec<_>>(),
            [("b", "1.0"), ("a", "null")]
        );
        assert!(others && !fields(raw, |_| true).unwrap().1);
        assert!(fields(raw, |_| true).is_ok() && items(raw, 1).is_err());
    }
}
