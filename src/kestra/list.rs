//! `GET /api/v1/{tenant}/kv`: keys of all namespaces, filtered, sorted, a page at a time.

use std::sync::Arc;

use axum::{
    Json,
    extract::{RawQuery, State},
};

use super::{
    Door,
    error::{Body, Refusal, Result},
    extract::Asking,
    filters,
    model::Page,
    openapi::{PageQuery, Refused},
};
use crate::domain::{Column, Order, Selection};

/// Keys on a page where the request does not say.
const SIZE: u64 = 10;

/// Most keys on a page.
const SIZE_LIMIT: u64 = 1_000;

/// The last page that can be asked for.
const PAGE_LIMIT: u64 = i32::MAX as u64;

/// Keys of every namespace that the token reaches.
///
/// Filters are written `filters[field][OPERATION]=value` and must all hold. The fields are `q` (text
/// anywhere in the key: `EQUALS`, `NOT_EQUALS`), `namespace` (`EQUALS`, `NOT_EQUALS`, `CONTAINS`,
/// `STARTS_WITH`, `ENDS_WITH`, `REGEX`, `IN`, `NOT_IN`, `PREFIX`), `updated` and `expirationDate`
/// (`EQUALS`, `NOT_EQUALS`, `GREATER_THAN`, `GREATER_THAN_OR_EQUAL_TO`, `LESS_THAN`,
/// `LESS_THAN_OR_EQUAL_TO`). Groups are written `filters[or][0][field][OPERATION]=value`.
#[utoipa::path(
    get,
    path = "/api/v1/{tenant}/kv",
    operation_id = "listAllKeys",
    tag = "KV",
    params(("tenant" = String, Path, description = "Any name; Kestra's is `main`.", min_length = 1, example = "main"), PageQuery),
    responses(
        (status = 200, description = "The page", body = Page),
        (status = 400, description = "A filter that nobody knows", body = Body),
        Refused,
    ),
    security(("bearerAuth" = []), ("basicAuth" = [])),
)]
pub(super) async fn all(
    Asking(caller): Asking,
    State(door): State<Arc<Door>>,
    RawQuery(query): RawQuery,
) -> Result<Json<Page>> {
    let query = query.unwrap_or_default();
    let parameters: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let every = Some("*".to_owned());
    let filter = filters::read(&parameters)?;
    let size = number(&parameters, "size", SIZE, SIZE_LIMIT)?;
    let page = number(&parameters, "page", 1, PAGE_LIMIT)?;
    let selection = Selection {
        filter,
        order: order(&parameters)?,
        limit: Some(size),
        offset: (page - 1).saturating_mul(size),
        ..Selection::default()
    };
    let entries = door.service.entries(&caller, every.clone(), &selection).await?;
    let counted = Selection { order: Vec::new(), limit: None, offset: 0, ..selection };
    let total = door.service.count(&caller, every, &counted).await?;
    Ok(Json(Page { results: entries.into_iter().map(Into::into).collect(), total }))
}

/// The parameter `name`, from 1 to `limit`.
fn number(parameters: &[(String, String)], name: &str, default: u64, limit: u64) -> Result<u64> {
    let Some((_, text)) = parameters.iter().find(|(given, _)| given == name) else { return Ok(default) };
    let number = text.parse().ok().filter(|number| (1..=limit).contains(number));
    number.ok_or_else(|| Refusal::illegal(&format!("{name} must be a number from 1 to {limit}")))
}

/// The order that every `sort`, each perhaps a list, writes together; then by namespace and key.
fn order(parameters: &[(String, String)]) -> Result<Vec<Order>> {
    let sorts = parameters.iter().filter(|(name, value)| name == "sort" && !value.is_empty());
    let terms = sorts.flat_map(|(_, value)| value.split(',')).map(|text| term(text.trim_matches(' ')));
    let given = terms.collect::<Result<Vec<_>>>()?;
    let mut order: Vec<Order> = Vec::new();
    for term in given.into_iter().chain([Column::Namespace, Column::Key].map(Order::ascending)) {
        // What an earlier term has decided, a later one cannot.
        if !order.iter().any(|earlier| earlier.column == term.column) {
            order.push(term);
        }
    }
    Ok(order)
}

fn term(text: &str) -> Result<Order> {
    let bad = |detail: &str| Refusal::illegal(&format!("Invalid sort parameter, {detail}"));
    let (field, direction) = text.split_once(':').ok_or_else(|| bad("must be field:asc or field:desc"))?;
    let column = match field {
        "namespace" => Column::Namespace,
        "key" | "name" => Column::Key,
        "revision" | "version" => Column::Version,
        "description" => Column::Description,
        "creationDate" | "created" => Column::Created,
        "updateDate" | "updated" => Column::Updated,
        "expirationDate" => Column::ExpiresAt,
        _ => {
            return Err(bad(
                "the fields are namespace, key, revision, description, creationDate, updateDate and expirationDate",
            ));
        }
    };
    match direction.to_ascii_lowercase().as_str() {
        "asc" => Ok(Order::ascending(column)),
        "desc" => Ok(Order { nulls_first: false, ..Order::descending(column) }),
        _ => Err(bad("must be field:asc or field:desc")),
    }
}
