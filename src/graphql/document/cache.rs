//! Parsed documents by their templates.
//!
//! Clients send the same few documents again and again, with other literals. What is kept is what the
//! template says, before a request's literals and variables go in, so an answer does not depend on what is kept.

use std::sync::Arc;

use quick_cache::{Weighter, sync::Cache};

use super::{
    Refusal,
    parse::{Template, parse},
    scan::Scanned,
};

/// About what a token of a parsed document takes, in bytes.
const TOKEN: usize = 256;

/// The least that a document counts for, which bounds how many there are.
const LEAST: usize = 4 << 10;

/// The part of the memory that one document may have.
const SHARE: usize = 16;

/// The documents that were asked for of late, up to so many bytes.
pub(in crate::graphql) struct Documents {
    kept: Option<Cache<Box<str>, Entry, Bytes>>,
    largest: usize,
}

#[derive(Clone)]
struct Entry {
    template: Arc<Template>,
    size: usize,
}

impl Documents {
    /// Keeps documents of about `bytes` in all; of none, each text is parsed again.
    pub(in crate::graphql) fn new(bytes: usize) -> Self {
        let capacity = u64::try_from(bytes).unwrap_or(u64::MAX);
        let kept = (bytes > 0).then(|| Cache::with_weighter(bytes / LEAST, capacity, Bytes));
        Self { kept, largest: bytes / SHARE }
    }

    /// The document that the template of a text says.
    pub(super) fn parsed(&self, scanned: &Scanned<'_>) -> Result<Arc<Template>, Refusal> {
        let text = scanned.template.as_str();
        if let Some(entry) = self.kept.as_ref().and_then(|kept| kept.get(text)) {
            return Ok(entry.template);
        }
        let template = Arc::new(parse(text)?);
        // The text is there twice: names are in the document as well.
        let size = (2 * text.len() + scanned.tokens * TOKEN).max(LEAST);
        if let Some(kept) = self.kept.as_ref().filter(|_| size <= self.largest) {
            kept.insert(text.into(), Entry { template: Arc::clone(&template), size });
        }
        Ok(template)
    }
}

#[derive(Clone)]
struct Bytes;

impl Weighter<Box<str>, Entry> for Bytes {
    fn weight(&self, _: &Box<str>, entry: &Entry) -> u64 {
        u64::try_from(entry.size).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::scan::scan, *};

    fn parsed(documents: &Documents, text: &str) -> Arc<Template> {
        documents.parsed(&scan(text, 9, usize::MAX).unwrap()).unwrap()
    }

    #[test]
    fn texts_with_other_literals_are_parsed_once() {
        let documents = Documents::new(1 << 20);
        let first = parsed(&documents, "{ a(b: \"c\", d: 1) }");
        assert!(Arc::ptr_eq(&first, &parsed(&documents, "{ a(b: \"\", d: 22) }")));
        assert!(!Arc::ptr_eq(&first, &parsed(&documents, "{ a(b: \"c\", d: \"1\") }")));
    }

    #[test]
    fn what_is_kept_is_bounded_in_bytes_and_in_number() {
        let documents = Documents::new(1 << 20);
        for n in 0..2_000 {
            parsed(&documents, &format!("{{ a{n} }}"));
        }
        let kept = documents.kept.as_ref().unwrap();
        assert!(kept.len() <= 256 && kept.weight() <= 1 << 20, "{} {}", kept.len(), kept.weight());
        let long = format!("{{ {} }}", "a ".repeat(1 << 12));
        parsed(&documents, &long);
        assert!(kept.get(long.as_str()).is_none(), "one document does not take the place of many");
    }

    #[test]
    fn nothing_is_kept_where_there_is_no_room() {
        let documents = Documents::new(0);
        assert!(!Arc::ptr_eq(&parsed(&documents, "{ a }"), &parsed(&documents, "{ a }")));
    }
}
