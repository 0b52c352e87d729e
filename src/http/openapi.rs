//! `/openapi.json`: what the REST doors take and give.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use utoipa::openapi::{
    Components, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder,
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use crate::{kestra, prominence};

/// `GET /openapi.json`.
pub(super) async fn document() -> Response {
    match whole().to_json() {
        Ok(json) => ([(header::CONTENT_TYPE, "application/json")], json).into_response(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the OpenAPI document cannot be written");
            axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The document of every REST door.
fn whole() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Highwater")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("A key-value store for data pipelines: its REST doors. GraphQL is at /graphql."))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    let mut components = Components::new();
    for (name, scheme, text) in [
        ("bearerAuth", HttpAuthScheme::Bearer, "A token of `highwater token create`."),
        ("basicAuth", HttpAuthScheme::Basic, "Any user; the password is a token."),
    ] {
        let scheme = HttpBuilder::new().scheme(scheme).description(Some(text)).build();
        components.add_security_scheme(name, SecurityScheme::Http(scheme));
    }
    let mut whole = OpenApiBuilder::new().info(info).components(Some(components)).build();
    whole.merge(kestra::document());
    whole.merge(prominence::document());
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_operations_have_the_same_id() {
        let json = whole().to_json().unwrap();
        let mut ids: Vec<_> =
            json.split("\"operationId\":").skip(1).filter_map(|rest| rest.split('"').nth(1)).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert!(count >= 11 && ids.len() == count, "{count} operations: {ids:?}");
    }
}
