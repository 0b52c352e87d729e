//! How a door tells what became of a request that no handler answered.

use std::time::Duration;

use axum::{http::Uri, response::Response};

use crate::domain::KvError;

/// A door's answers to what happens outside its handlers.
#[derive(Debug, Clone, Copy)]
pub(in crate::http) struct Form {
    /// To a path where nothing is.
    pub(in crate::http) not_found: fn() -> Response,
    /// To a body of more than so many bytes.
    pub(in crate::http) too_large: fn(usize) -> Response,
    /// To a request that takes longer than this.
    pub(in crate::http) overdue: fn(Duration) -> Response,
    /// To a request that an error of the server ended, which is logged there.
    pub(in crate::http) failed: fn(KvError) -> Response,
    /// What every answer to a request for this address still needs.
    pub(in crate::http) finish: fn(&Uri, Response) -> Response,
}

/// Forms, each by where the paths of its door begin; the last is everything else's.
#[derive(Debug, Clone, Copy)]
pub(in crate::http) struct Forms {
    pub(in crate::http) by_path: &'static [(&'static str, Form)],
    pub(in crate::http) other: Form,
}

impl Forms {
    /// The form of the door that `path` leads to.
    pub(in crate::http) fn of(&self, path: &str) -> Form {
        let leads = |base: &str| path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        self.by_path.iter().find(|(base, _)| leads(base)).map_or(self.other, |(_, form)| *form)
    }
}
