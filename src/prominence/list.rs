//! Lists: every key that starts with a text, in the order of bytes, however many there are.

use std::sync::Arc;

use axum::{
    body::Body,
    http::header,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use futures_util::stream;

use super::{Door, answer, asked::Asked, error::Result};
use crate::domain::{
    Column, Key, KvError, Value,
    filter::{Compare, Filter, Order, Selection, TextColumn, TextTest},
};

/// Keys read at once.
const KEYS: u64 = 1_000;

/// Pairs read at once: each may be as large as the tier allows.
const PAIRS: u64 = 50;

/// Keys of the original's own, which no list shows (contract prominence.md, section 1, "List").
const INTERNAL: &str = "_internal_";

/// The answer to `?list`: written as it is read, so that its size is not the server's memory.
pub(super) async fn answer(door: Arc<Door>, asked: Asked) -> Result<Response> {
    let mut list = List { door, asked, after: None, items: 0 };
    // What refuses the list refuses it here, before a byte of it is written.
    let first = list.page().await?;
    let rest = stream::unfold(Some((list, first)), step);
    let head = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    Ok((head, Body::from_stream(rest)).into_response())
}

/// A list under way.
struct List {
    door: Arc<Door>,
    asked: Asked,
    /// The last key that was read.
    after: Option<Key>,
    /// How many were written.
    items: usize,
}

/// A piece of the answer's text, and whether it is the last.
struct Page {
    text: String,
    last: bool,
}

/// Gives the page that is ready, once the one after it is: what breaks off breaks off there.
async fn step(ready: Option<(List, Page)>) -> Option<(std::result::Result<String, Broken>, Option<(List, Page)>)> {
    let (mut list, page) = ready?;
    if page.last {
        return Some((Ok(page.text), None));
    }
    match list.page().await {
        Ok(next) => Some((Ok(page.text), Some((list, next)))),
        Err(error) => Some((Err(Broken(error)), None)),
    }
}

impl List {
    async fn page(&mut self) -> std::result::Result<Page, KvError> {
        let mut text = String::from(if self.after.is_none() { "[" } else { "" });
        let last = if self.asked.flags.values { self.pairs(&mut text).await? } else { self.keys(&mut text).await? };
        if last {
            text.push_str("]\n");
        }
        Ok(Page { text, last })
    }

    /// Writes the next keys; whether they were the last.
    async fn keys(&mut self, out: &mut String) -> std::result::Result<bool, KvError> {
        let (caller, prefix) = (&self.asked.caller, &self.asked.text);
        let keys = self.door.service.keys(caller, &caller.home, prefix, self.after.as_ref(), Some(KEYS)).await?;
        let last = (keys.len() as u64) < KEYS;
        for key in &keys {
            if self.begins(key, out) {
                answer::quote(&format!("/{key}"), out);
            }
        }
        self.after = keys.into_iter().next_back().or(self.after.take());
        Ok(last)
    }

    /// Writes the next pairs; whether they were the last.
    async fn pairs(&mut self, out: &mut String) -> std::result::Result<bool, KvError> {
        let pairs = self.door.service.list(&self.asked.caller, None, &self.selection()).await?;
        let last = (pairs.len() as u64) < PAIRS;
        for pair in &pairs {
            if self.begins(&pair.address.key, out) {
                out.push('{');
                answer::quote(&format!("/{}", pair.address.key), out);
                out.push(':');
                answer::quote(&text(&pair.value), out);
                out.push('}');
            }
        }
        self.after = pairs.into_iter().next_back().map(|pair| pair.address.key).or(self.after.take());
        Ok(last)
    }

    /// The next pairs, by key.
    fn selection(&self) -> Selection {
        let key = |test| Filter::Text(TextColumn::Key, test);
        let beyond = self.after.as_ref().map(|after| key(TextTest::Compare(Compare::Gt(after.as_str().to_owned()))));
        let within = key(TextTest::StartsWith(self.asked.text.clone()));
        Selection {
            filter: Filter::All(std::iter::once(within).chain(beyond).collect()),
            order: vec![Order::ascending(Column::Key)],
            limit: Some(PAIRS),
            ..Selection::default()
        }
    }

    /// Whether `key` is shown; then the comma before it is written.
    fn begins(&mut self, key: &Key, out: &mut String) -> bool {
        if key.as_str().contains(INTERNAL) {
            return false;
        }
        if self.items > 0 {
            out.push(',');
        }
        self.items += 1;
        true
    }
}

/// A value inside a list: bytes that are no text as base64.
fn text(value: &Value) -> String {
    let bytes = answer::bytes(value).into_owned();
    String::from_utf8(bytes).unwrap_or_else(|error| STANDARD.encode(error.as_bytes()))
}

/// A list that cannot be read to its end: the connection is cut, so that no client takes it for whole.
#[derive(Debug, thiserror::Error)]
#[error("the list broke off")]
struct Broken(#[source] KvError);
