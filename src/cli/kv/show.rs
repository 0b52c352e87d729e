//! Pairs as people and programs read them.

use anyhow::Result;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    cli::output::{self, Format},
    client::Pair,
    domain::{Clock, JsonText, Kind, SystemClock, Timestamp},
};

/// A pair as JSON, with its exact value.
#[derive(Serialize)]
struct Shown<'a> {
    namespace: &'a str,
    key: &'a str,
    r#type: &'a str,
    value: &'a RawValue,
    version: i64,
    description: Option<&'a str>,
    created: &'a str,
    updated: &'a str,
    expires_at: Option<&'a str>,
    size: usize,
}

/// A pair as JSON, with its exact value.
pub(super) fn json(pair: &Pair) -> Result<Box<RawValue>> {
    let value = RawValue::from_string(pair.value.as_str().to_owned())?;
    let Pair { namespace, key, version, created, updated, .. } = pair;
    Ok(serde_json::value::to_raw_value(&Shown {
        namespace,
        key,
        r#type: pair.kind.name(),
        value: &value,
        version: *version,
        description: pair.description.as_deref(),
        created,
        updated,
        expires_at: pair.expires_at.as_deref(),
        size: pair.value.as_str().len(),
    })?)
}

/// What a value is outside of JSON: a string's content, a binary's bytes, else its JSON text.
pub(in crate::cli) fn raw(kind: Kind, value: &JsonText) -> Vec<u8> {
    // A string with a lone surrogate has no UTF-8; its JSON text says what it is.
    let Some(content) = value.content() else { return value.as_str().as_bytes().to_vec() };
    match kind {
        Kind::Binary => STANDARD.decode(&content).unwrap_or_else(|_| content.into_bytes()),
        _ => content.into_bytes(),
    }
}

/// The titles of [`row`].
pub(super) const TITLES: [&str; 8] = ["NAMESPACE", "KEY", "TYPE", "SIZE", "VERSION", "AGE", "EXPIRES", "DESCRIPTION"];

/// A pair without its value, for people: how long ago it was written, and how soon it ends.
pub(super) fn row(pair: &Pair) -> [String; 8] {
    let now = SystemClock.now().micros();
    let distance = |text: &str| Timestamp::parse(text).ok().map(|it| span((it.micros() - now).abs()));
    [
        pair.namespace.clone(),
        pair.key.clone(),
        pair.kind.name().to_owned(),
        pair.value.as_str().len().to_string(),
        pair.version.to_string(),
        distance(&pair.updated).unwrap_or_default(),
        pair.expires_at.as_deref().and_then(distance).map_or_else(|| "never".to_owned(), |span| format!("in {span}")),
        pair.description.clone().unwrap_or_default(),
    ]
}

/// A length of time by its greatest unit.
fn span(micros: i64) -> String {
    let seconds = micros / 1_000_000;
    match seconds {
        0..120 => format!("{seconds}s"),
        120..7_200 => format!("{}m", seconds / 60),
        7_200..172_800 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}

/// Prints pairs with all that is known of them, instants as they are.
pub(super) fn pairs(format: Format, pairs: &[Pair]) -> Result<()> {
    match format {
        Format::Text | Format::Table => output::table(TITLES, &pairs.iter().map(row).collect::<Vec<_>>()),
        Format::Json => output::json_array(pairs.iter().map(json).collect::<Result<Vec<_>>>()?),
        Format::Csv => {
            let titles =
                ["namespace", "key", "type", "value", "version", "description", "created", "updated", "expires_at"];
            let row = |pair: &Pair| {
                [
                    pair.namespace.clone(),
                    pair.key.clone(),
                    pair.kind.name().to_owned(),
                    pair.value.content().unwrap_or_else(|| pair.value.as_str().to_owned()),
                    pair.version.to_string(),
                    pair.description.clone().unwrap_or_default(),
                    pair.created.clone(),
                    pair.updated.clone(),
                    pair.expires_at.clone().unwrap_or_default(),
                ]
            };
            output::csv(titles, &pairs.iter().map(row).collect::<Vec<_>>())
        }
    }
}
