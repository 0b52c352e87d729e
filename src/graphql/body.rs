//! What a GraphQL-over-HTTP request says: one operation or a batch of them.

use std::{borrow::Cow, collections::HashMap};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{document::Asked, persisted::QueryHash, raw};

/// Why a body or query string is no GraphQL request; the sentence is for the client.
pub(super) type Malformed = &'static str;

/// A request's parameters (GraphQL over HTTP, "Request parameters").
#[derive(Debug, Default)]
pub(super) struct Parameters {
    /// None where `hash` stands for it.
    pub(super) query: Option<String>,
    /// The hash of a persisted query; that of `query` where there is one.
    pub(super) hash: Option<QueryHash>,
    operation_name: Option<String>,
    variables: Option<Box<RawValue>>,
}

/// One request, or several in one body.
#[derive(Debug)]
pub(super) enum Parsed {
    /// A JSON object.
    Single(Parameters),
    /// A JSON array.
    Batch(Vec<Parameters>),
}

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow)]
    query: Option<&'a RawValue>,
    #[serde(borrow, rename = "operationName")]
    operation_name: Option<&'a RawValue>,
    #[serde(borrow)]
    variables: Option<&'a RawValue>,
    #[serde(borrow)]
    extensions: Option<&'a RawValue>,
}

const NOT_JSON: Malformed = "the body is not valid JSON";

const TWICE: Malformed = "a request parameter is given twice, or the name of one is not text";

const BAD_EXTENSIONS: Malformed = "\"extensions\" must be a JSON object or null";

const NOT_AN_OBJECT: Malformed = "the body must be a JSON object with a \"query\", or an array of such objects";

impl Parsed {
    /// Reads a POST's body; at most `batch` requests in it.
    pub(super) fn of_body(body: &[u8], batch: usize) -> Result<Self, Malformed> {
        let text = std::str::from_utf8(body).map_err(|_| "the body is not UTF-8 text")?;
        if text.trim_start().starts_with('{') {
            // Nearly every request: read once, and not first to see whether it is JSON.
            return Parameters::of_object(text).map(Self::Single);
        }
        let raw: &RawValue = serde_json::from_str(text).map_err(|_| NOT_JSON)?;
        match raw.get().as_bytes().first() {
            Some(b'[') => {
                let items = raw::items(raw, batch.saturating_add(1)).map_err(|_| NOT_AN_OBJECT)?;
                if items.is_empty() {
                    return Err("the batch is empty");
                }
                if items.len() > batch {
                    return Err("the batch holds too many requests; none was run");
                }
                items.into_iter().map(Parameters::of_json).collect::<Result<_, _>>().map(Self::Batch)
            }
            _ => Err(NOT_AN_OBJECT),
        }
    }
}

impl Parameters {
    /// Reads the JSON object of a POST or of a WebSocket's `subscribe`.
    pub(super) fn of_json(raw: &RawValue) -> Result<Self, Malformed> {
        if raw.get().starts_with('{') { Self::of_object(raw.get()) } else { Err(NOT_AN_OBJECT) }
    }

    fn of_object(text: &str) -> Result<Self, Malformed> {
        let is_json = || serde_json::from_str::<&RawValue>(text).is_ok();
        let wire: Wire<'_> = serde_json::from_str(text).map_err(|_| if is_json() { TWICE } else { NOT_JSON })?;
        let query = string(wire.query, "\"query\" must be a string")?;
        let operation_name = string(wire.operation_name, "\"operationName\" must be a string or null")?;
        Self::new(query, wire.extensions, operation_name, variables(wire.variables)?)
    }

    fn new(
        query: Option<String>,
        extensions: Option<&RawValue>,
        operation_name: Option<String>,
        variables: Option<Box<RawValue>>,
    ) -> Result<Self, Malformed> {
        let hash = match extensions.map(|raw| (raw, raw.get().as_bytes().first())) {
            None | Some((_, Some(b'n'))) => None,
            Some((raw, Some(b'{'))) => QueryHash::of_extensions(raw, query.as_deref())?,
            Some(_) => return Err(BAD_EXTENSIONS),
        };
        if query.is_none() && hash.is_none() {
            return Err("\"query\" is missing");
        }
        Ok(Self { query, hash, operation_name: operation_name.filter(|name| !name.is_empty()), variables })
    }

    /// Reads a GET's query string.
    pub(super) fn of_query(query: &str) -> Result<Self, Malformed> {
        let mut given = HashMap::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            // Bytes that are no text were replaced; a literal U+FFFD was not.
            if value.contains('\u{FFFD}') && !query.to_ascii_lowercase().contains("%ef%bf%bd") {
                return Err("the query string is not UTF-8 text");
            }
            let known = ["query", "operationName", "variables", "extensions"].into_iter().find(|known| *known == name);
            if known.is_some_and(|name| given.insert(name, value).is_some()) {
                return Err(TWICE);
            }
        }
        let mut take = |name| given.remove(name).filter(|value| !value.is_empty()).map(Cow::into_owned);
        let extensions = take("extensions").map(|text| serde_json::from_str::<Box<RawValue>>(&text));
        let extensions = extensions.transpose().map_err(|_| BAD_EXTENSIONS)?;
        let variables = take("variables").map(|text| json_text(&text)).transpose()?.flatten();
        Self::new(take("query"), extensions.as_deref(), take("operationName"), variables)
    }

    /// What is asked, in the words of `query`.
    pub(super) fn asked<'a>(&'a self, query: &'a str) -> Asked<'a> {
        Asked { query, operation_name: self.operation_name.as_deref(), variables: self.variables.as_deref() }
    }
}

fn string(raw: Option<&RawValue>, wrong: Malformed) -> Result<Option<String>, Malformed> {
    raw.map(|raw| serde_json::from_str::<Option<String>>(raw.get()).map_err(|_| wrong)).transpose().map(Option::flatten)
}

/// An object, null, or, as Prefect's clients send them, the JSON text of either in a string
/// (contract prefect.md, section 0, point 1).
fn variables(raw: Option<&RawValue>) -> Result<Option<Box<RawValue>>, Malformed> {
    match raw.map(|raw| (raw, raw.get().as_bytes().first())) {
        None | Some((_, Some(b'n'))) => Ok(None),
        Some((raw, Some(b'{'))) => Ok(Some(raw.to_owned())),
        Some((raw, Some(b'"'))) => {
            let text: String = serde_json::from_str(raw.get()).map_err(|_| BAD_VARIABLES)?;
            json_text(&text)
        }
        Some(_) => Err(BAD_VARIABLES),
    }
}

const BAD_VARIABLES: Malformed = "Variables are invalid JSON: an object, null, or the text of either is expected";

fn json_text(text: &str) -> Result<Option<Box<RawValue>>, Malformed> {
    let raw: Box<RawValue> = serde_json::from_str(text).map_err(|_| BAD_VARIABLES)?;
    match raw.get().as_bytes().first() {
        Some(b'n') => Ok(None),
        Some(b'{') => Ok(Some(raw)),
        _ => Err(BAD_VARIABLES),
    }
}
