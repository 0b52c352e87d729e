//! Answers to fields that are asked for alone, without the engine's way of running a document.
//!
//! The engine is half of what a small request costs. `tests/it/calls.rs` asks of the engine, and then here.

use async_graphql::{PathSegment, Response, ServerError, Value, indexmap::IndexMap};

use super::{
    Door,
    document::{Call, Document, Places},
    error::Error,
    key_value,
    response::Answer,
};
use crate::domain::Caller;

impl Door {
    /// Answers `call`; none where only the engine can.
    pub(super) async fn call(&self, caller: &Caller, mut call: Call<'_>, document: &Document<'_>) -> Option<Answer> {
        let key = call.root.key.clone();
        let (response, places) = match key_value::called::answer(&self.service, caller, &mut call).await? {
            Ok(value) => (Response::new(Value::from(IndexMap::from([(key, value)]))), Places::default()),
            Err(error) => (Response::from_errors(vec![at(error, &call)]), document.places()),
        };
        Some(Answer::of(&response, &[call.root], &places, self.limits.errors))
    }
}

/// The error of a field that `call` asks for, as the engine has it.
fn at(error: Error, call: &Call<'_>) -> ServerError {
    let path = vec![PathSegment::Field(call.root.key.to_string())];
    ServerError { path, ..async_graphql::Error::from(error).into_server_error(call.at) }
}
