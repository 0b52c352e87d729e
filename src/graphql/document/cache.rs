//! Parsed documents by their exact text.
//!
//! Clients send the same few documents again and again. What is kept is what the text says, before
//! it is rewritten for a request's variables, so an answer does not depend on what is kept.

use std::sync::Arc;

use quick_cache::{Weighter, sync::Cache};

use super::{
    Refusal, RefusalKind,
    budget::Budget,
    parse::{Parsed, parse},
    refuse,
};

/// About what a token of a parsed document takes, in bytes.
const TOKEN: usize = 256;

/// The least that a document counts for, which bounds how many there are.
const LEAST: usize = 4 << 10;

/// The part of the memory that one document may have.
const SHARE: usize = 16;

/// The documents that were asked for of late, up to so many bytes.
pub(in crate::graphql) struct Documents {
    kept: Option<Cache<Box<str>, Arc<Parsed>, Bytes>>,
    largest: usize,
}

impl Documents {
    /// Keeps documents of about `bytes` in all; of none, each text is parsed again.
    pub(in crate::graphql) fn new(bytes: usize) -> Self {
        let capacity = u64::try_from(bytes).unwrap_or(u64::MAX);
        let kept = (bytes > 0).then(|| Cache::with_weighter(bytes / LEAST, capacity, Bytes));
        Self { kept, largest: bytes / SHARE }
    }

    /// The document that `text` says, within the `budget`. A document costs the same, kept or not.
    pub(super) fn parsed(&self, text: &str, budget: &mut Budget) -> Result<Arc<Parsed>, Refusal> {
        if let Some(parsed) = self.kept.as_ref().and_then(|kept| kept.get(text)) {
            budget.spend_tokens(parsed.tokens).map_err(|message| refuse(RefusalKind::Parse, message))?;
            return Ok(parsed);
        }
        let parsed = Arc::new(parse(text, budget)?);
        if let Some(kept) = &self.kept
            && size(text, &parsed) <= self.largest
        {
            kept.insert(text.into(), Arc::clone(&parsed));
        }
        Ok(parsed)
    }
}

#[derive(Clone)]
struct Bytes;

impl Weighter<Box<str>, Arc<Parsed>> for Bytes {
    fn weight(&self, text: &Box<str>, parsed: &Arc<Parsed>) -> u64 {
        u64::try_from(size(text, parsed)).unwrap_or(u64::MAX)
    }
}

fn size(text: &str, parsed: &Parsed) -> usize {
    // The text is there twice: strings are in the document as well.
    (2 * text.len() + parsed.tokens * TOKEN).max(LEAST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::Limits;

    fn budget(tokens: usize) -> Budget {
        let most = usize::MAX;
        Budget::new(Limits {
            batch: most,
            message_bytes: most,
            tokens,
            depth: most,
            complexity: most,
            root_fields: most,
            aliases: most,
            directives: most,
            variable_values: most,
            errors: most,
            document_cache_bytes: 0,
            persisted_query_bytes: 0,
        })
    }

    #[test]
    fn a_text_is_parsed_once_and_costs_the_same_every_time() {
        let documents = Documents::new(1 << 20);
        let mut budget = budget(10);
        let first = documents.parsed("{ a b }", &mut budget).unwrap();
        let second = documents.parsed("{ a b }", &mut budget).unwrap();
        assert!(Arc::ptr_eq(&first, &second));
        assert!(!Arc::ptr_eq(&first, &documents.parsed("{a}", &mut super::tests::budget(9)).unwrap()));
        assert!(documents.parsed("{ a b }", &mut budget).unwrap_err().message.contains("too many tokens"));
    }

    #[test]
    fn what_is_kept_is_bounded_in_bytes_and_in_number() {
        let documents = Documents::new(1 << 20);
        for n in 0..2_000 {
            documents.parsed(&format!("{{ a{n} }}"), &mut budget(9)).unwrap();
        }
        let kept = documents.kept.as_ref().unwrap();
        assert!(kept.len() <= 256 && kept.weight() <= 1 << 20, "{} {}", kept.len(), kept.weight());
        let long = format!("{{ a(b: \"{}\") }}", "x".repeat(1 << 15));
        documents.parsed(&long, &mut budget(99)).unwrap();
        assert!(kept.get(long.as_str()).is_none(), "one document does not take the place of many");
    }

    #[test]
    fn nothing_is_kept_where_there_is_no_room() {
        let documents = Documents::new(0);
        let first = documents.parsed("{ a }", &mut budget(9)).unwrap();
        assert!(!Arc::ptr_eq(&first, &documents.parsed("{ a }", &mut budget(9)).unwrap()));
    }
}
