//! What a GraphQL-over-HTTP request says: one operation or a batch of them.

use axum::http::{HeaderMap, header};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::document::Asked;

/// Why a body or query string is no GraphQL request; the sentence is for the client.
pub(super) type Malformed = &'static str;

/// A request's parameters (GraphQL over HTTP, "Request parameters").
#[derive(Debug, Default)]
pub(super) struct Parameters {
    query: String,
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

const NOT_AN_OBJECT: Malformed = "the body must be a JSON object with a \"query\", or an array of such objects";

impl Parsed {
    /// Reads a POST's body; at most `batch` requests in it.
    pub(super) fn of_body(body: &[u8], batch: usize) -> Result<Self, Malformed> {
        let text = std::str::from_utf8(body).map_err(|_| "the body is not UTF-8 text")?;
        let raw: &RawValue = serde_json::from_str(text).map_err(|_| "the body is not valid JSON")?;
        match raw.get().as_bytes().first() {
            Some(b'{') => Parameters::of_json(raw).map(Self::Single),
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(raw.get()).map_err(|_| NOT_AN_OBJECT)?;
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
    fn of_json(raw: &RawValue) -> Result<Self, Malformed> {
        if !raw.get().starts_with('{') {
            return Err(NOT_AN_OBJECT);
        }
        let wire: Wire<'_> = serde_json::from_str(raw.get()).map_err(|_| "a request parameter is given twice")?;
        if wire.extensions.is_some_and(|raw| !raw.get().starts_with('{')) {
            return Err("\"extensions\" must be a JSON object or null");
        }
        Ok(Self {
            query: string(wire.query, "\"query\" must be a string")?.ok_or("\"query\" is missing")?,
            operation_name: string(wire.operation_name, "\"operationName\" must be a string or null")?
                .filter(|name| !name.is_empty()),
            variables: variables(wire.variables)?,
        })
    }

    /// Reads a GET's query string.
    pub(super) fn of_query(query: &str) -> Result<Self, Malformed> {
        let mut parameters = Self::default();
        let mut text = None;
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "query" => text = Some(value.into_owned()),
                "operationName" => parameters.operation_name = Some(value.into_owned()).filter(|name| !name.is_empty()),
                "variables" if !value.is_empty() => parameters.variables = json_text(&value)?,
                "extensions" if !value.is_empty() && !value.trim_start().starts_with('{') => {
                    return Err("\"extensions\" must be a JSON object");
                }
                _ => {}
            }
        }
        parameters.query = text.ok_or("\"query\" is missing")?;
        Ok(parameters)
    }

    /// What is asked.
    pub(super) fn asked(&self) -> Asked<'_> {
        Asked {
            query: &self.query,
            operation_name: self.operation_name.as_deref(),
            variables: self.variables.as_deref(),
        }
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

/// The media types an answer can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/json`: the status tells little.
    Json,
    /// `application/graphql-response+json`: the status tells what became of the request.
    GraphqlResponse,
}

impl Media {
    /// The value of the answer's `Content-Type`.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        }
    }

    /// What the `Accept` headers like best; none where they take neither.
    pub(super) fn negotiate(headers: &HeaderMap) -> Option<Self> {
        let ranges = headers.get_all(header::ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
        let mut best = None;
        let mut silent = true;
        for range in ranges.flat_map(|value| value.split(',')).map(str::trim).filter(|range| !range.is_empty()) {
            silent = false;
            let mut parts = range.split(';').map(str::trim);
            let media = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
                "application/json" | "application/*" | "*/*" => Self::Json,
                "application/graphql-response+json" => Self::GraphqlResponse,
                _ => continue,
            };
            let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
            if weight > best.map_or(0.0, |(_, weight)| weight) {
                best = Some((media, weight));
            }
        }
        if silent { Some(Self::Json) } else { best.map(|(media, _)| media) }
    }
}

/// Whether a POST says that its body is JSON; nothing else is run, since other types are what
/// another site's page can send.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let mut parts = value.split(';').map(str::trim);
    let json = parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json"));
    let utf8 = |part: &str| match part.split_once('=') {
        Some((name, charset)) if name.trim().eq_ignore_ascii_case("charset") => {
            matches!(charset.trim().trim_matches('"').to_ascii_lowercase().as_str(), "utf-8" | "utf8")
        }
        _ => true,
    };
    json && parts.all(utf8)
}
