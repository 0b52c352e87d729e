//! The door's part of `/openapi.json`: what several operations share, and all of them together.

use utoipa::{
    IntoParams, IntoResponses, OpenApi,
    openapi::{PathItem, Paths, RefOr, path::Operation},
};

use super::{error::Body, list, pairs};

/// Where a list or a bulk deletion looks.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described")]
pub(super) struct NamespacePath {
    /// Any name; Kestra's is `main`.
    #[param(example = "main", min_length = 1)]
    tenant: String,
    /// A dotted name.
    #[param(example = "company.team", pattern = "^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$", max_length = 255)]
    namespace: String,
}

/// Where a key is.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described")]
pub(super) struct KeyPath {
    /// Any name; Kestra's is `main`.
    #[param(example = "main", min_length = 1)]
    tenant: String,
    /// A dotted name; made by its first key.
    #[param(example = "company.team", pattern = "^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$", max_length = 255)]
    namespace: String,
    /// The key.
    #[param(example = "my_key", pattern = "^(?!inheritance$)[a-zA-Z0-9][a-zA-Z0-9._-]*$", max_length = 1024)]
    key: String,
}

/// What a key is given beside its value.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only described")]
pub(super) struct PutHeaders {
    /// How long the key lives: an ISO 8601 duration of days, hours, minutes and seconds.
    #[param(
        nullable = false,
        example = "P30D",
        pattern = "^(P(?=.)([0-9]{1,6}D)?(T(?=.)([0-9]{1,7}H)?([0-9]{1,8}M)?([0-9]{1,9}(\\.[0-9]{1,9})?S)?)?)?$"
    )]
    ttl: Option<String>,
    /// Free text for people.
    #[param(nullable = false, max_length = 4096)]
    description: Option<String>,
}

/// Which page, in which order.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only described")]
pub(super) struct PageQuery {
    /// The page, from 1.
    #[param(nullable = false, minimum = 1)]
    page: Option<u32>,
    /// Keys on a page; 10 where it is not given.
    #[param(nullable = false, minimum = 1, maximum = 1000)]
    size: Option<u32>,
    /// `field:asc` or `field:desc`, one or many; by namespace and key where it is not given.
    #[param(nullable = false, inline)]
    sort: Option<Vec<Sort>>,
}

/// Fields, each with a direction, separated by commas.
#[derive(utoipa::ToSchema)]
#[schema(
    pattern = "^( *(namespace|key|name|revision|version|description|creationDate|created|updateDate|updated|expirationDate):([aA][sS][cC]|[dD][eE][sS][cC]) *(, *(namespace|key|name|revision|version|description|creationDate|created|updateDate|updated|expirationDate):([aA][sS][cC]|[dD][eE][sS][cC]) *)*)?$"
)]
#[expect(dead_code, reason = "only described")]
pub(super) struct Sort(String);

/// What may be refused everywhere.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only described")]
pub(super) enum Refused {
    /// No token, or a bad one.
    #[response(status = 401)]
    Unauthenticated(#[to_schema] Body),
    /// The token does not allow this.
    #[response(status = 403)]
    Forbidden(#[to_schema] Body),
    /// An argument that makes no sense, or a limit of the licence.
    #[response(status = 422)]
    Illegal(#[to_schema] Body),
    /// Too many requests; `Retry-After` says when to try again.
    #[response(status = 429)]
    TooMany(#[to_schema] Body),
    /// The database does not answer; `Retry-After` says when to try again.
    #[response(status = 503)]
    Unavailable(#[to_schema] Body),
}

#[derive(OpenApi)]
#[openapi(
    paths(
        pairs::put,
        pairs::get,
        pairs::delete,
        pairs::list,
        pairs::delete_many,
        pairs::inheritance,
        list::all,
    ),
    tags((name = "KV", description = "Kestra's KV store.")),
)]
struct Door;

/// The door's operations; those with a tenant's name in their path once more without it.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = Door::openapi();
    add_key_named_inheritance(&mut document.paths);
    let bare = document.paths.paths.iter().filter_map(|(path, item)| {
        let rest = path.strip_prefix("/api/v1/{tenant}/namespaces/")?;
        Some((format!("/api/v1/namespaces/{rest}"), without_tenant(item.clone())))
    });
    let bare: Vec<_> = bare.collect();
    document.paths.paths.extend(bare);
    document
}

/// The path of the inherited keys is that of a key named `inheritance`, too: it may be set and deleted.
fn add_key_named_inheritance(paths: &mut Paths) {
    let Some(key) = paths.paths.get("/api/v1/{tenant}/namespaces/{namespace}/kv/{key}").cloned() else { return };
    let Some(item) = paths.paths.get_mut("/api/v1/{tenant}/namespaces/{namespace}/kv/inheritance") else { return };
    (item.put, item.delete) = (key.put, key.delete);
    for operation in [&mut item.put, &mut item.delete].into_iter().flatten() {
        operation.operation_id = operation.operation_id.take().map(|id| format!("{id}NamedInheritance"));
        leave_out(operation, "key");
    }
}

fn without_tenant(mut item: PathItem) -> PathItem {
    for operation in [&mut item.get, &mut item.put, &mut item.delete].into_iter().flatten() {
        operation.operation_id = operation.operation_id.take().map(|id| format!("{id}WithoutTenant"));
        leave_out(operation, "tenant");
    }
    item
}

/// Takes the parameter `name` out of an operation.
fn leave_out(operation: &mut Operation, name: &str) {
    if let Some(parameters) = &mut operation.parameters {
        parameters.retain(|parameter| !matches!(parameter, RefOr::T(parameter) if parameter.name == name));
    }
}
