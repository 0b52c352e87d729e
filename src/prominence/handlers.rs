//! A handler for each row of the contract's table.

use std::sync::Arc;

use axum::{
    Extension,
    body::Bytes,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use utoipa::ToSchema;

use super::{
    Door, answer,
    asked::Asked,
    error::{Body, Refusal, Result, TOO_LARGE},
    list,
};
use crate::{
    domain::Pair,
    service::{Only, SetOptions},
};

/// An empty object.
#[derive(ToSchema)]
#[schema(as = ProminenceDone)]
pub(super) struct Done {}

/// An item of a list: a key, or an object that holds one value under its key.
#[derive(ToSchema)]
#[schema(as = ProminenceListed)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its description is used: lists are written as they are read")]
enum Listed {
    Key(String),
    Pair(std::collections::BTreeMap<String, String>),
}

/// The body of what was done.
const DONE: &str = "{}";

/// `GET /kv?list[&values]`.
#[utoipa::path(
    get,
    path = "/prominence/v1/kv",
    operation_id = "prominenceList",
    tag = "PROMINENCE",
    params(
        ("list" = String, Query, description = "Must be there; its value does not count."),
        ("values" = Option<String>, Query, description = "Where it is there, objects of one pair each are listed."),
    ),
    responses(
        (status = 200, description = "Every key with a leading slash, in the order of bytes", body = Vec<Listed>),
        (status = 400, description = "`list` is not there", body = Body),
        (status = 401, description = "No token, or one that does not count", body = Body),
        (status = 403, description = "The token does not allow this", body = Body),
    ),
    security(("bearerAuth" = [])),
)]
pub(super) async fn list_all(State(door): State<Arc<Door>>, asked: Asked) -> Result<Response> {
    if asked.flags.list { list::answer(door, asked).await } else { Err(Refusal::bad("Key not specified")) }
}

/// `GET /kv/KEY`, and `GET /kv/PREFIX?list[&values]`.
#[utoipa::path(
    get,
    path = "/prominence/v1/kv/{key}",
    operation_id = "prominenceGet",
    tag = "PROMINENCE",
    params(
        ("key" = String, Path, description = "The key; slashes in it may stand as they are."),
        ("list" = Option<String>, Query, description = "Where it is there, the keys that start with this text are listed."),
        ("values" = Option<String>, Query, description = "Beside `list`: objects of one pair each are listed."),
    ),
    responses(
        (status = 200, description = "The value, byte for byte; or a list", content(
            (String = "text/plain"),
            (Vec<u8> = "application/octet-stream"),
            (Vec<Listed> = "application/json"),
        )),
        (status = 400, description = "A key that makes no sense", body = Body),
        (status = 401, description = "No token, or one that does not count", body = Body),
        (status = 403, description = "The token does not allow this", body = Body),
        (status = 404, description = "There is no such key", body = Body),
    ),
    security(("bearerAuth" = [])),
)]
pub(super) async fn read(State(door): State<Arc<Door>>, asked: Asked) -> Result<Response> {
    if asked.flags.list {
        return list::answer(door, asked).await;
    }
    let pair = door.service.get(&asked.caller, &asked.address()?).await?.ok_or_else(Refusal::no_such_key)?;
    Ok(answer::raw(&pair.value))
}

/// `POST /kv/KEY[?prev=OLD]`: the body as it is, whatever its media type.
#[utoipa::path(
    post,
    path = "/prominence/v1/kv/{key}",
    operation_id = "prominenceSet",
    tag = "PROMINENCE",
    params(
        ("key" = String, Path, description = "The key; slashes in it may stand as they are."),
        ("prev" = Option<String>, Query, description = "Set only where the value is this text at present."),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The value: at least one byte, at most 16 KB."),
    responses(
        (status = 201, description = "It is set", body = Done),
        (status = 400, description = "No value, one too large, a limit of the licence, or not the value that `prev` expects", body = Body),
        (status = 401, description = "No token, or one that does not count", body = Body),
        (status = 403, description = "The token does not allow this", body = Body),
        (status = 404, description = "The path ends before a key begins", body = Body),
        (status = 413, description = "A body over the server's limit", body = Body),
    ),
    security(("bearerAuth" = [])),
)]
pub(super) async fn set(
    State(door): State<Arc<Door>>,
    asked: Asked,
    Extension(body): Extension<Bytes>,
) -> Result<Response> {
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
#[utoipa::path(
    delete,
    path = "/prominence/v1/kv/{key}",
    operation_id = "prominenceDelete",
    tag = "PROMINENCE",
    params(
        ("key" = String, Path, description = "The key; slashes in it may stand as they are."),
        ("prefix" = Option<String>, Query, description = "Where it is there, every key that starts with this text is deleted."),
    ),
    responses(
        (status = 200, description = "Nothing is there any more", body = Done),
        (status = 400, description = "A key that makes no sense", body = Body),
        (status = 401, description = "No token, or one that does not count", body = Body),
        (status = 403, description = "The token does not allow this", body = Body),
        (status = 404, description = "The path ends before a key begins", body = Body),
    ),
    security(("bearerAuth" = [])),
)]
pub(super) async fn delete(State(door): State<Arc<Door>>, asked: Asked) -> Result<Response> {
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
