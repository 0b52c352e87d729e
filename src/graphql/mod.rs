//! Prefect Cloud's dialect: GraphQL, with Hasura's queries and Prefect's mutations.

mod body;
mod document;
mod error;
pub(crate) mod http;
mod key_value;
mod negotiate;
mod place;
mod response;
mod scalars;
mod server;
mod stream;
mod tenancy;

use std::sync::Arc;

use async_graphql::{Context, MergedObject, MergedSubscription, SDLExportOptions, Schema, SchemaBuilder};

use tokio_util::sync::CancellationToken;

use self::document::TypeMap;
use crate::{auth::Authenticator, domain::Caller, service::Service};

/// The roots of the schema.
#[derive(MergedObject, Default)]
#[graphql(name = "Query")]
struct Query(key_value::KeyValueQuery, tenancy::TenancyQuery, server::ServerQuery);

/// The roots of the schema.
#[derive(MergedObject, Default)]
#[graphql(name = "Mutation")]
struct Mutation(key_value::KeyValueMutation);

/// The roots of the schema.
#[derive(MergedSubscription, Default)]
#[graphql(name = "Subscription")]
struct Subscription(key_value::KeyValueSubscription);

type GraphqlSchema = Schema<Query, Mutation, Subscription>;

/// What one request may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Requests in a batch.
    pub batch: usize,
    /// Nested selections.
    pub depth: usize,
    /// Selected fields in all.
    pub complexity: usize,
    /// Bytes of a WebSocket message.
    pub body_bytes: usize,
}

/// The GraphQL door; cheap to clone.
#[derive(Clone)]
pub struct Door {
    schema: GraphqlSchema,
    types: Arc<TypeMap>,
    authenticator: Authenticator,
    limits: Limits,
    stop: CancellationToken,
}

impl Door {
    /// The door to `service`, for callers that `authenticator` knows.
    ///
    /// # Errors
    /// Where the schema that we print cannot be read back.
    pub fn new(
        service: Service,
        authenticator: Authenticator,
        limits: Limits,
    ) -> Result<Self, async_graphql::parser::Error> {
        let schema = builder().limit_depth(limits.depth).limit_complexity(limits.complexity).data(service).finish();
        let types = Arc::new(TypeMap::of_sdl(&schema.sdl())?);
        Ok(Self { schema, types, authenticator, limits, stop: CancellationToken::new() })
    }

    /// Ends its streams when `stop` is cancelled.
    #[must_use]
    pub fn until(self, stop: CancellationToken) -> Self {
        Self { stop, ..self }
    }
}

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    // `DateTime` is a name that clients declare variables by; no field has it yet.
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
        .register_output_type::<scalars::DateTime>()
}

/// The schema in GraphQL's definition language, as `schema.graphql` holds it.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items().use_space_ident();
    let mut sdl = builder().finish().sdl_with_options(options).trim().to_owned();
    sdl.push('\n');
    sdl
}

/// What every resolver needs.
trait Request {
    fn service(&self) -> &Service;
    fn caller(&self) -> &Caller;
}

impl Request for Context<'_> {
    fn service(&self) -> &Service {
        self.data_unchecked()
    }

    fn caller(&self) -> &Caller {
        self.data_unchecked()
    }
}
