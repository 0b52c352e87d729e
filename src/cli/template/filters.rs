//! Filters and tests that Kestra's expressions have and the engine has not, under Kestra's names.

use base64::{Engine, engine::general_purpose::STANDARD};
use minijinja::{
    Environment, Error, ErrorKind,
    value::{Value, ValueKind},
};

use super::{dates, parse, to_json};
use crate::domain::JsonText;

/// Adds them.
pub(super) fn add(environment: &mut Environment<'_>) {
    environment.add_filter("default", default);
    environment.add_filter("some", some);
    environment.add_filter("at", at);
    for name in ["json", "toJson", "tojson", "jsonEncode"] {
        environment.add_filter(name, |value: &Value| to_json(value));
    }
    environment.add_filter("fromJson", |value: &Value| parse(value));
    environment.add_filter("number", number);
    environment.add_filter("keys", |map: &Value| map.try_iter().map(Iterator::collect::<Vec<_>>));
    environment.add_filter("values", values);
    environment.add_filter("startsWith", |text: &str, start: &str| text.starts_with(start));
    environment.add_filter("endsWith", |text: &str, end: &str| text.ends_with(end));
    environment
        .add_filter("substringBefore", |text: &str, mark: &str| part(text, text.split_once(mark).map(|it| it.0)));
    environment.add_filter("substringAfter", |text: &str, mark: &str| part("", text.split_once(mark).map(|it| it.1)));
    environment
        .add_filter("substringAfterLast", |text: &str, mark: &str| part("", text.rsplit_once(mark).map(|it| it.1)));
    environment
        .add_filter("substringBeforeLast", |text: &str, mark: &str| part(text, text.rsplit_once(mark).map(|it| it.0)));
    environment.add_filter("replace", replace);
    environment.add_filter("slugify", slugify);
    environment.add_filter("base64encode", |text: &str| STANDARD.encode(text));
    environment.add_filter("base64decode", base64decode);
    environment.add_filter("date", dates::format);
    environment.add_filter("dateAdd", dates::add);
    environment.add_test("empty", |value: &Value| !value.is_true() && value.kind() != ValueKind::Number);
    environment.add_test("null", Value::is_none);
}

/// The value, or `other` where it is null or undefined; with `falsy`, also where it is empty.
fn default(value: &Value, other: Option<Value>, falsy: Option<bool>) -> Value {
    let missing = value.is_none() || value.is_undefined() || (falsy == Some(true) && !value.is_true());
    if missing { other.unwrap_or_default() } else { value.clone() }
}

/// A list of the value, or an empty one where it is null or undefined: the halves of `??`.
fn some(value: &Value) -> Vec<Value> {
    if value.is_none() || value.is_undefined() { Vec::new() } else { vec![value.clone()] }
}

/// What `value` has under `key`; undefined where it has nothing, or is nothing.
fn at(value: &Value, key: &Value) -> Value {
    value.get_item(key).unwrap_or_default()
}

/// The number that a text writes.
fn number(value: &Value) -> Result<Value, Error> {
    let text = value.to_string();
    let json = JsonText::parse(text.trim()).ok().map(|json| super::from_json(&json));
    let number = json.filter(|value| matches!(value.kind(), ValueKind::Number | ValueKind::Plain));
    number.ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "`number` takes a number or the text of one"))
}

fn values(map: &Value) -> Result<Vec<Value>, Error> {
    map.try_iter()?.map(|key| map.get_item(&key)).collect()
}

fn part(otherwise: &str, part: Option<&str>) -> String {
    part.unwrap_or(otherwise).to_owned()
}

/// `replace('a', 'b')` as in Jinja, or `replace({'a': 'b', 'c': 'd'})` as in Kestra.
fn replace(text: &str, what: &Value, with: Option<&str>) -> Result<String, Error> {
    match (what.as_str(), with) {
        (Some(what), Some(with)) => Ok(text.replace(what, with)),
        (None, None) if what.kind() == ValueKind::Map => what.try_iter()?.try_fold(text.to_owned(), |text, from| {
            Ok(text.replace(&from.to_string(), &what.get_item(&from)?.to_string()))
        }),
        _ => Err(Error::new(ErrorKind::InvalidOperation, "replace takes two texts, or a mapping of texts")),
    }
}

fn slugify(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

fn base64decode(text: &str) -> Result<String, Error> {
    let bytes = STANDARD.decode(text).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    text.ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "`base64decode` takes base64 of UTF-8 text"))
}
