//! From a request's parameters to an operation that can run.

use std::borrow::Cow;

use super::{
    Door,
    body::Parameters,
    document::{Asked, Budget, Document, Ready},
    response::{Answer, Outcome},
};
use crate::domain::Caller;

impl Door {
    /// The limits of one HTTP request, or of one operation on a WebSocket.
    pub(super) fn budget(&self) -> Budget {
        Budget::new(self.limits)
    }

    /// Reads what the parameters ask for, or says why it cannot run.
    pub(super) fn prepare(&self, caller: &Caller, asked: &Parameters, budget: &mut Budget) -> Result<Ready, Answer> {
        let query = self.query(caller, asked)?;
        let document = self.read(asked.asked(&query), budget)?;
        let ready = self.assembled(&document, budget)?;
        self.keep(caller, asked);
        Ok(ready)
    }

    /// The text that the parameters hold, or name by its hash.
    pub(super) fn query<'a>(&self, caller: &Caller, asked: &'a Parameters) -> Result<Cow<'a, str>, Answer> {
        match (&asked.query, asked.hash) {
            (Some(query), _) => Ok(Cow::Borrowed(query.as_str())),
            (None, Some(hash)) => match self.persisted.get(caller.tenant_id, hash) {
                Ok(query) => Ok(Cow::Owned(query.to_string())),
                Err(missing) => Err(Answer::error(&missing.to_string(), missing.code(), None, Outcome::Refused)),
            },
            (None, None) => Ok(Cow::Borrowed("")),
        }
    }

    /// Takes the text of a request apart.
    pub(super) fn read<'a>(&self, asked: Asked<'a>, budget: &mut Budget) -> Result<Document<'a>, Answer> {
        Document::read(&self.documents, asked, budget).map_err(|refusal| Answer::refused(&refusal))
    }

    /// The operation that a text asks for.
    pub(super) fn assembled(&self, document: &Document<'_>, budget: &mut Budget) -> Result<Ready, Answer> {
        document.prepare(&self.types, budget).map_err(|refusal| Answer::refused(&refusal))
    }

    /// Keeps a text that made sense under the hash that came with it.
    pub(super) fn keep(&self, caller: &Caller, asked: &Parameters) {
        if let (Some(query), Some(hash)) = (&asked.query, asked.hash) {
            self.persisted.put(caller.tenant_id, hash, query);
        }
    }
}
