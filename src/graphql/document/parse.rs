//! From text to a document.

use async_graphql::parser::{Error, parse_query, types::ExecutableDocument};

use super::{
    Refusal, RefusalKind,
    budget::Budget,
    refuse,
    scan::{self, ScanError},
    weight::Weight,
};

/// Deepest nesting of brackets in a document.
const DEPTH: usize = 100;

/// A document as its text says it, before anything is rewritten.
#[derive(Debug, Clone)]
pub(super) struct Parsed {
    pub(super) document: ExecutableDocument,
    pub(super) weight: Weight,
    pub(super) tokens: usize,
}

/// Parses and weighs `text`. Its tokens are spent even where it is refused.
pub(super) fn parse(text: &str, budget: &mut Budget) -> Result<Parsed, Refusal> {
    let scanned = scan::scan(text, DEPTH, budget.tokens()).map_err(|error| {
        let message = match error {
            ScanError::TooDeep => format!("the document nests brackets more than {DEPTH} deep"),
            ScanError::TooManyTokens => budget.too_many_tokens(),
            ScanError::LongName => format!("a name is longer than the {} bytes allowed", scan::NAME),
            ScanError::LoneSurrogate => "a \\u escape in a string names half of a surrogate pair".to_owned(),
        };
        refuse(RefusalKind::Parse, message)
    })?;
    let tokens = scanned.tokens;
    budget.spend_tokens(tokens).map_err(|message| refuse(RefusalKind::Parse, message))?;
    let document = parse_query(&scanned.text).map_err(|error| Refusal {
        kind: RefusalKind::Parse,
        message: syntax(&error),
        at: error.positions().next(),
    })?;
    let weight = Weight::of(&document).map_err(|endless| Refusal {
        kind: RefusalKind::Validation,
        message: endless.message,
        at: Some(endless.at),
    })?;
    Ok(Parsed { document, weight, tokens })
}

/// What the parser expected. It would quote the whole line, which may be megabytes of a client's text.
fn syntax(error: &Error) -> String {
    let text = error.to_string();
    let expected = text.trim_end().rsplit("= ").next().unwrap_or_default();
    match error {
        Error::Syntax { .. } => format!("the document is no GraphQL: {expected}"),
        _ => text,
    }
}
