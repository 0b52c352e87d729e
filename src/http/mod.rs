//! Every route of the server on one page.

mod health;
mod middleware;
mod openapi;
mod page;
mod server;
mod ui;

use std::sync::Arc;

use axum::{Router, http::Uri, routing::get};

use self::middleware::{Form, Forms};
pub use self::server::{Limits, Server};
use crate::{graphql, kestra, prominence, service::Service};

/// The doors that have routes here.
#[derive(Clone)]
pub struct Doors {
    /// Prefect's.
    pub graphql: graphql::Door,
    /// Kestra's.
    pub kestra: kestra::Door,
    /// PROMINENCE's.
    pub prominence: prominence::Door,
}

/// Every route of the server.
fn routes(service: Service, doors: Doors) -> Router {
    let graphql = Router::new()
        .route("/", get(ui::index).post(graphql::http::post))
        .route("/graphql", get(graphql::http::get).post(graphql::http::post))
        .method_not_allowed_fallback(graphql::http::method_not_allowed)
        .with_state(Arc::new(doors.graphql));
    Router::new()
        .merge(graphql)
        .merge(kestra::routes(doors.kestra))
        .merge(prominence::routes(doors.prominence))
        .route("/openapi.json", get(openapi::document))
        .route("/health", get(health::health).with_state(service))
        .route("/graphiql", get(ui::graphiql))
        .route("/openapi", get(ui::openapi))
        .route("/assets/{name}", get(ui::asset))
        .route("/licenses.md", get(ui::licenses))
        .fallback(async |uri: Uri| (FORMS.of(uri.path()).not_found)())
}

/// How each door tells what went wrong outside its handlers.
const FORMS: Forms = {
    let prominence = Form {
        not_found: prominence::not_found,
        too_large: prominence::too_large,
        overdue: prominence::overdue,
        failed: prominence::failed,
        finish: |_, response| response,
    };
    let kestra = Form {
        not_found: kestra::not_found,
        too_large: kestra::too_large,
        overdue: kestra::overdue,
        failed: kestra::failed,
        finish: kestra::describe,
    };
    let graphql = Form {
        not_found: page::not_found,
        too_large: graphql::http::too_large,
        overdue: graphql::http::overdue,
        failed: graphql::failed,
        finish: |_, response| response,
    };
    let [long, short] = prominence::BASES;
    Forms { by_path: &[(kestra::BASE, kestra), (long, prominence), (short, prominence)], other: graphql }
};
