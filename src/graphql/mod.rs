//! Prefect Cloud's dialect: GraphQL, with Hasura's queries and Prefect's mutations.

mod body;
mod call;
mod document;
mod error;
pub(crate) mod http;
mod key_value;
mod limits;
mod namespace;
mod negotiate;
mod persisted;
mod place;
mod prepare;
mod raw;
mod response;
mod scalars;
mod server;
mod stream;
mod success;
mod tenancy;

use std::sync::Arc;

use async_graphql::{
    Context, MergedObject, MergedSubscription, SDLExportOptions, Schema, SchemaBuilder, ValidationMode,
};

use tokio_util::sync::CancellationToken;

pub(crate) use self::error::failed;
pub use self::limits::Limits;
use self::{
    document::{Documents, TypeMap},
    persisted::PersistedQueries,
    success::SuccessPayload,
};
use crate::{auth::Authenticator, domain::Caller, service::Service};

/// The roots of the schema.
#[derive(MergedObject, Default)]
#[graphql(name = "Query")]
struct Query(key_value::KeyValueQuery, namespace::NamespaceQuery, tenancy::TenancyQuery, server::ServerQuery);

/// The roots of the schema.
#[derive(MergedObject, Default)]
#[graphql(name = "Mutation")]
struct Mutation(
    key_value::KeyValueMutation,
    namespace::NamespaceMutation,
    tenancy::ApiKeyMutation,
    tenancy::MemberMutation,
    tenancy::SessionMutation,
    tenancy::TenantMutation,
);

/// The roots of the schema.
#[derive(MergedSubscription, Default)]
#[graphql(name = "Subscription")]
struct Subscription(key_value::KeyValueSubscription);

type GraphqlSchema = Schema<Query, Mutation, Subscription>;

/// The GraphQL door; cheap to clone.
#[derive(Clone)]
pub struct Door {
    schema: GraphqlSchema,
    /// The same, for documents that were found valid before.
    trusting: GraphqlSchema,
    service: Service,
    types: Arc<TypeMap>,
    documents: Arc<Documents>,
    persisted: Arc<PersistedQueries>,
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
        let schema = engine(service.clone(), authenticator.clone(), ValidationMode::Strict);
        let trusting = engine(service.clone(), authenticator.clone(), ValidationMode::Fast);
        let types = Arc::new(TypeMap::of_sdl(&schema.sdl())?);
        let documents = Arc::new(Documents::new(limits.document_cache_bytes));
        let persisted = Arc::new(PersistedQueries::new(limits.persisted_query_bytes));
        Ok(Self {
            schema,
            trusting,
            service,
            types,
            documents,
            persisted,
            authenticator,
            limits,
            stop: CancellationToken::new(),
        })
    }

    /// Ends its streams when `stop` is cancelled.
    #[must_use]
    pub fn until(self, stop: CancellationToken) -> Self {
        Self { stop, ..self }
    }
}

fn engine(service: Service, authenticator: Authenticator, mode: ValidationMode) -> GraphqlSchema {
    // Its own limits come after validation, which is too late: `document` weighs before.
    let builder = builder().limit_recursive_depth(document::NEST).validation_mode(mode);
    builder.data(service).data(authenticator).finish()
}

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
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
    fn authenticator(&self) -> &Authenticator;
    fn service(&self) -> &Service;
    fn caller(&self) -> &Caller;
}

impl Request for Context<'_> {
    fn authenticator(&self) -> &Authenticator {
        self.data_unchecked()
    }

    fn service(&self) -> &Service {
        self.data_unchecked()
    }

    fn caller(&self) -> &Caller {
        self.data_unchecked()
    }
}
