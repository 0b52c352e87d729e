//! From text to a document.

use std::sync::atomic::{AtomicBool, Ordering};

use async_graphql::parser::{Error, parse_query, types::ExecutableDocument};

use super::{
    Refusal, RefusalKind,
    budget::Budget,
    once::FieldsOnce,
    refuse,
    scan::{self, ScanError, Scanned},
    weight::Weight,
};

/// Deepest nesting of brackets in a document.
const DEPTH: usize = 100;

/// What a template says: a document with stand-ins for its literals, before anything is rewritten.
#[derive(Debug)]
pub(in crate::graphql) struct Template {
    pub(super) document: ExecutableDocument,
    pub(super) weight: Weight,
    pub(super) fields_once: Option<FieldsOnce>,
    /// Whether the engine found the document valid, whatever its literals and variables are.
    valid: AtomicBool,
}

impl Template {
    /// Whether it was found valid before.
    pub(in crate::graphql) fn is_valid(&self) -> bool {
        self.valid.load(Ordering::Relaxed)
    }

    /// Notes that the engine found it valid.
    pub(in crate::graphql) fn found_valid(&self) {
        self.valid.store(true, Ordering::Relaxed);
    }
}

/// Takes `text` apart. Its tokens are spent even where it is refused.
pub(super) fn scan<'a>(text: &'a str, budget: &mut Budget) -> Result<Scanned<'a>, Refusal> {
    let scanned = scan::scan(text, DEPTH, budget.tokens()).map_err(|error| {
        let message = match error {
            ScanError::TooDeep => format!("the document nests brackets more than {DEPTH} deep"),
            ScanError::TooManyTokens => budget.too_many_tokens(),
            ScanError::LongName => format!("a name is longer than the {} bytes allowed", scan::NAME),
            ScanError::LoneSurrogate => "a \\u escape in a string names half of a surrogate pair".to_owned(),
        };
        refuse(RefusalKind::Parse, message)
    })?;
    budget.spend_tokens(scanned.tokens).map_err(|message| refuse(RefusalKind::Parse, message))?;
    Ok(scanned)
}

/// Parses and weighs a template.
pub(super) fn parse(template: &str) -> Result<Template, Refusal> {
    let document = parse_query(template).map_err(|error| Refusal {
        kind: RefusalKind::Parse,
        message: syntax(&error),
        at: error.positions().next(),
    })?;
    let weight = Weight::of(&document).map_err(|endless| Refusal {
        kind: RefusalKind::Validation,
        message: endless.message,
        at: Some(endless.at),
    })?;
    let fields_once = FieldsOnce::of(&document);
    Ok(Template { document, weight, fields_once, valid: AtomicBool::new(false) })
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
