//! The keys of one namespace: set, get, delete, list.

use std::sync::Arc;

use axum::{
    Extension, Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderName, StatusCode},
};

use super::{
    Door,
    error::{Body, Refusal, Result},
    extract::{Asking, At, In, key},
    model::{BulkRequest, BulkResponse, Detail, KvEntry},
    openapi::{KeyPath, NamespacePath, PutHeaders, Refused},
    value,
};
use crate::{
    domain::{Key, Selection, Span},
    service::{Description, Expiry, Found, Only, SetOptions},
};

/// How long the pair lives.
const TTL: HeaderName = HeaderName::from_static("ttl");

/// Free text for people.
const DESCRIPTION: HeaderName = HeaderName::from_static("description");

/// Sets a key.
///
/// The body is the value, and its text decides the type, whatever the Content-Type: JSON, or a date, an instant or
/// a duration; text that is none of these is a STRING. Everything about the key is replaced: without
/// `ttl` it does not end, without `description` it has none.
#[utoipa::path(
    put,
    path = "/api/v1/{tenant}/namespaces/{namespace}/kv/{key}",
    operation_id = "setKeyValue",
    tag = "KV",
    params(
        KeyPath,
        PutHeaders,
    ),
    request_body(content = Option<String>, content_type = "text/plain", description = "The value, in UTF-8."),
    responses(
        (status = 200, description = "It is set; there is no body"),
        (status = 413, description = "A body over the server's limit", body = Body),
        Refused,
    ),
    security(("bearerAuth" = []), ("basicAuth" = [])),
)]
pub(super) async fn put(
    Asking(caller): Asking,
    At(at): At,
    State(door): State<Arc<Door>>,
    headers: HeaderMap,
    Extension(body): Extension<Bytes>,
) -> Result<StatusCode> {
    let text = std::str::from_utf8(&body).map_err(|_| Refusal::illegal("the body is not UTF-8 text"))?;
    let description = header(&headers, &DESCRIPTION).filter(|text| !text.is_empty());
    let expiry = header(&headers, &TTL).filter(|text| !text.is_empty()).map(|text| ttl(&text)).transpose()?;
    let options = SetOptions { description: Description::Put(description), expiry, only: Only::Always };
    door.service.set(&caller, at, value::infer(text)?, options).await?;
    Ok(StatusCode::OK)
}

/// A header's text: UTF-8, as curl sends it, or else Latin-1, as browsers do.
fn header(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let bytes = headers.get(name)?.as_bytes();
    Some(std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().copied().map(char::from).collect(), str::to_owned))
}

fn ttl(text: &str) -> Result<Expiry> {
    let span = Span::parse(text.trim());
    let span = span.map_err(|_| Refusal::illegal(&format!("Cannot convert value '{text}' to Duration")))?;
    Ok(Expiry::ttl(span)?)
}

/// Gets a key's value.
#[utoipa::path(
    get,
    path = "/api/v1/{tenant}/namespaces/{namespace}/kv/{key}",
    operation_id = "getKeyValue",
    tag = "KV",
    params(KeyPath),
    responses(
        (status = 200, description = "The value", body = Detail),
        (status = 404, description = "There is no such key", body = Body),
        (status = 410, description = "The key has expired; later reads are answered 404", body = Body),
        Refused,
    ),
    security(("bearerAuth" = []), ("basicAuth" = [])),
)]
pub(super) async fn get(Asking(caller): Asking, At(at): At, State(door): State<Arc<Door>>) -> Result<Json<Detail>> {
    match door.service.get_or_bury(&caller, &at).await? {
        Found::Live(pair) => Ok(Json(Detail::of(&pair)?)),
        Found::Expired => Err(Refusal::new(StatusCode::GONE, "The requested value has expired")),
        Found::Missing => {
            let detail = format!("No value found for key '{}' in namespace '{}'", at.key, at.namespace);
            Err(Refusal::new(StatusCode::NOT_FOUND, &detail))
        }
    }
}

/// Deletes a key; the answer is whether there was one.
#[utoipa::path(
    delete,
    path = "/api/v1/{tenant}/namespaces/{namespace}/kv/{key}",
    operation_id = "deleteKeyValue",
    tag = "KV",
    params(KeyPath),
    responses(
        (status = 200, description = "Whether there was one", body = bool, content_type = "application/json"),
        Refused,
    ),
    security(("bearerAuth" = []), ("basicAuth" = [])),
)]
pub(super) async fn delete(Asking(caller): Asking, At(at): At, State(door): State<Arc<Door>>) -> Result<Json<bool>> {
    Ok(Json(door.service.delete_at(&caller, at).await?))
}

/// Lists the keys of a namespace, by key.
#[utoipa::path(
    get,
    path = "/api/v1/{tenant}/namespaces/{namespace}/kv",
    operation_id = "listKeys",
    tag = "KV",
    params(NamespacePath),
    responses(
        (status = 200, description = "The keys", body = [KvEntry]),
        Refused,
    ),
    security(("bearerAuth" = []), ("basicAuth" = [])),
)]
pub(super) async fn list(
    Asking(caller): Asking,
    In(namespace): In,
    State(door): State<Arc<Door>>,
) -> Result<Json<Vec<KvEntry>>> {
    let namespace = Some(namespace.as_str().to_owned());
    let entries = door.service.entries(&caller, namespace, &Selection::by_key()).await?;
    Ok(Json(entries.into_iter().map(Into::into).collect()))
}

/// Lists the keys of the namespaces above this one by dot, nearest first; of keys that several have, the nearest.
#[utoipa::path(
    get,
    path = "/api/v1/{tenant}/namespaces/{namespace}/kv/inheritance",
    operation_id = "listKeysWithInheritance",
    tag = "KV",
    params(NamespacePath),
    responses(
        (status = 200, description = "The keys", body = [KvEntry]),
        Refused,
    ),
    security(("bearerAuth" = []), ("basicAuth" = [])),
)]
pub(super) async fn inheritance(
    Asking(caller): Asking,
    In(namespace): In,
    State(door): State<Arc<Door>>,
) -> Result<Json<Vec<KvEntry>>> {
    let inherited = door.service.inherited(&caller, &namespace).await?;
    Ok(Json(inherited.into_iter().map(Into::into).collect()))
}

/// Deletes many keys of a namespace; the answer names those that there were.
#[utoipa::path(
    delete,
    path = "/api/v1/{tenant}/namespaces/{namespace}/kv",
    operation_id = "deleteKeyValues",
    tag = "KV",
    params(NamespacePath),
    request_body(content = BulkRequest, description = "The keys."),
    responses(
        (status = 200, description = "Those that there were", body = BulkResponse),
        (status = 400, description = "A body that is not the JSON expected", body = Body),
        Refused,
    ),
    security(("bearerAuth" = []), ("basicAuth" = [])),
)]
pub(super) async fn delete_many(
    Asking(caller): Asking,
    In(namespace): In,
    State(door): State<Arc<Door>>,
    Extension(body): Extension<Bytes>,
) -> Result<Json<BulkResponse>> {
    let request: BulkRequest = serde_json::from_slice(&body).map_err(|_| {
        Refusal::new(StatusCode::BAD_REQUEST, "the body must be JSON such as {\"keys\": [\"a\", \"b\"]}")
    })?;
    let keys = request.keys.unwrap_or_default().into_iter().map(key).collect::<Result<Vec<_>>>()?;
    let deleted = door.service.delete_keys(&caller, &namespace, &keys).await?;
    Ok(Json(BulkResponse { keys: deleted.into_iter().map(Key::into_string).collect() }))
}
