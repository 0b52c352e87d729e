//! A handler for each row of the contract's table.

use axum::{
    body::Bytes,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    Door, answer,
    asked::Asked,
    error::{Refusal, Result, TOO_LARGE},
    list,
};
use crate::{
    domain::Pair,
    service::{Only, SetOptions},
};

/// The body of what was done.
const DONE: &str = "{}";

/// `GET /kv?list[&values]`.
pub(super) async fn list_all(State(door): State<Door>, asked: Asked) -> Result<Response> {
    if asked.flags.list { list::answer(door, asked).await } else { Err(Refusal::bad("Key not specified")) }
}

/// `GET /kv/KEY`, and `GET /kv/PREFIX?list[&values]`.
pub(super) async fn read(State(door): State<Door>, asked: Asked) -> Result<Response> {
    if asked.flags.list {
        return list::answer(door, asked).await;
    }
    let pair = door.service.get(&asked.caller, &asked.address()?).await?.ok_or_else(Refusal::no_such_key)?;
    Ok(answer::raw(&pair.value))
}

/// `POST /kv/KEY[?prev=OLD]`: the body as it is, whatever its media type.
pub(super) async fn set(State(door): State<Door>, asked: Asked, body: Bytes) -> Result<Response> {
    let at = asked.address()?;
    if body.is_empty() {
        return Err(Refusal::bad("No value provided"));
    }
    if body.len() > door.value_bytes {
        return Err(Refusal::bad(TOO_LARGE));
    }
    let only = asked.flags.prev.map_or(Only::Always, |prev| {
        Only::If(std::sync::Arc::new(move |pair: &Pair| *answer::bytes(&pair.value) == *prev.as_bytes()))
    });
    let options = SetOptions { only, ..SetOptions::default() };
    door.service.set(&asked.caller, at, answer::value(&body), options).await?;
    Ok(answer::json(StatusCode::CREATED, DONE))
}

/// `DELETE /kv/KEY`, and `DELETE /kv/PREFIX?prefix`; as good where there is nothing to delete.
pub(super) async fn delete(State(door): State<Door>, asked: Asked) -> Result<Response> {
    let Asked { caller, text, flags } = &asked;
    if flags.prefix && !text.is_empty() {
        let pairs = door.service.delete_prefix(caller, &caller.home, text).await?;
        tracing::info!(tenant.id = %caller.tenant_id.0, pairs, dialect = "prominence", "deleted by prefix");
    } else {
        door.service.delete_at(caller, asked.address()?).await?;
    }
    Ok(answer::json(StatusCode::OK, DONE))
}

/// `OPTIONS`, on a path with a key and on one without.
pub(super) async fn options(asked: axum::extract::OriginalUri) -> impl IntoResponse {
    let whole = super::BASES.contains(&asked.path());
    let allowed = if whole { "GET, HEAD, OPTIONS" } else { "DELETE, GET, HEAD, OPTIONS, POST" };
    (StatusCode::OK, [(header::ALLOW, allowed)])
}
