//! From a request's parameters to an operation that can run.

use std::borrow::Cow;

use super::{
    Door,
    body::Parameters,
    document::{self, Budget, Ready},
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
        let tenant = caller.tenant_id;
        let query = match (&asked.query, asked.hash) {
            (Some(query), _) => Cow::Borrowed(query.as_str()),
            (None, Some(hash)) => match self.persisted.get(tenant, hash) {
                Ok(query) => Cow::Owned(query.to_string()),
                Err(missing) => {
                    return Err(Answer::error(&missing.to_string(), missing.code(), None, Outcome::Refused));
                }
            },
            (None, None) => Cow::Borrowed(""),
        };
        let ready = document::prepare(&self.documents, &self.types, asked.asked(&query), budget)
            .map_err(|refusal| Answer::refused(&refusal))?;
        if let (Some(query), Some(hash)) = (&asked.query, asked.hash) {
            self.persisted.put(tenant, hash, query);
        }
        Ok(ready)
    }
}
