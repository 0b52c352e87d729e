//! Pairs as lines of JSON: what `export` writes and `import` reads.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{
    exit::{Exit, failure},
    plan::Wanted,
    wanted,
};
use crate::{
    client::Pair,
    domain::{JsonText, KvError, Value},
};

/// A line of an export.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    key: String,
    /// The JSON's own where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    r#type: Option<String>,
    value: Box<RawValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    /// For files that people write; an export says when, not how long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ttl: Option<String>,
}

/// The line of a pair.
pub(super) fn write(pair: Pair) -> Result<String> {
    let line = Line {
        namespace: Some(pair.namespace),
        key: pair.key,
        r#type: Some(pair.kind.name().to_owned()),
        value: RawValue::from_string(pair.value.as_str().to_owned())?,
        description: pair.description,
        expires_at: pair.expires_at,
        ttl: None,
    };
    Ok(serde_json::to_string(&line)? + "\n")
}

/// The pairs of a file, all of them or none; into `namespace` where one is named, whatever the lines say.
///
/// # Errors
/// A sentence with the number of the first line that is broken.
pub(super) fn read(text: &str, namespace: Option<&str>) -> Result<Vec<Wanted>> {
    let mut seen = std::collections::BTreeMap::new();
    let mut pairs = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let number = at + 1;
        let pair = read_line(line, number, namespace).with_context(|| format!("line {number}; nothing was written"))?;
        if let Some(before) = seen.insert((pair.namespace.clone(), pair.key.clone()), number) {
            let message = format!("line {number}; nothing was written: line {before} has the same pair");
            return Err(failure(Exit::Failed, message));
        }
        pairs.push(pair);
    }
    Ok(pairs)
}

fn read_line(line: &str, number: usize, namespace: Option<&str>) -> Result<Wanted> {
    let broken = |message: String| failure(Exit::Failed, message);
    let line: Line = serde_json::from_str(line).map_err(|error| {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        broken(format!("column {}: {message}", error.column()))
    })?;
    let checked = || -> Result<Wanted, KvError> {
        let namespace = namespace.map(ToOwned::to_owned).or(line.namespace);
        wanted::check_address(namespace.as_deref(), &line.key)?;
        let json = JsonText::from_raw(&line.value)?;
        let value = match line.r#type {
            Some(name) => Value::typed(name.parse()?, json)?,
            None => Value::json(json),
        };
        let expiry = wanted::expiry(line.ttl.as_deref(), line.expires_at.as_deref())?;
        let (kind, value) = (value.kind(), value.to_json());
        Ok(Wanted { namespace, key: line.key, kind, value, description: line.description, expiry, line: number })
    };
    checked().map_err(|error| broken(error.to_string()))
}
