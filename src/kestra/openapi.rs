//! The door's part of `/openapi.json`.

use utoipa::OpenApi;

use super::{list, pairs};

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
struct Paths;

/// The door's operations. Those with a tenant's name in their path exist without it, too.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    Paths::openapi()
}
