//! What the server says of itself.

use async_graphql::{Object, SimpleObject};

/// The fields `api` and `hello`.
#[derive(Default)]
pub(super) struct ServerQuery;

/// The server, as Prefect's page asks about it.
#[derive(SimpleObject)]
#[graphql(name = "api_payload", rename_fields = "snake_case")]
struct ApiPayload {
    /// The flavour of Prefect that this server stands in for; always `CLOUD`.
    backend: &'static str,
    /// `normal`: there is no maintenance mode.
    mode: &'static str,
    /// Highwater's version.
    version: &'static str,
    /// The version of Prefect's Python package that the server goes with.
    core_version: Option<&'static str>,
    /// When this version was released; unknown to the server.
    release_timestamp: Option<&'static str>,
}

#[expect(clippy::disallowed_types, reason = "the macro expands to it; resolvers of ours give graphql::Result")]
#[Object(rename_fields = "snake_case")]
impl ServerQuery {
    /// The server.
    async fn api(&self) -> ApiPayload {
        ApiPayload {
            backend: "CLOUD",
            mode: "normal",
            version: env!("CARGO_PKG_VERSION"),
            core_version: None,
            release_timestamp: None,
        }
    }

    /// A greeting, for those who want to see that the server answers.
    async fn hello(&self) -> &'static str {
        "👋"
    }
}
