//! Namespaces. Prefect Cloud had none; the names follow its style.

use std::collections::HashMap;

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::{Request, SuccessPayload, error::Result, place::Place, scalars::Timestamptz};
use crate::domain::{KvError, Namespace, NamespaceInfo};

/// The field that reads namespaces.
#[derive(Default)]
pub(super) struct NamespaceQuery;

/// The fields that make, describe and delete namespaces.
#[derive(Default)]
pub(super) struct NamespaceMutation;

/// A dotted name under which pairs live; made by its first write, or by hand.
#[derive(SimpleObject)]
#[graphql(name = "namespace", rename_fields = "snake_case")]
struct NamespaceModel {
    /// When it was made.
    created: Timestamptz,
    /// Free text for people.
    description: Option<String>,
    /// Its dotted name.
    name: String,
    /// How many pairs are in it; those of namespaces below it are not counted.
    pairs: u64,
}

impl NamespaceModel {
    fn of(info: NamespaceInfo, pairs: u64) -> Self {
        let NamespaceInfo { name, description, created } = info;
        Self { created: Timestamptz::from(created), description, name: name.as_str().to_owned(), pairs }
    }
}

/// A namespace to make.
#[derive(InputObject)]
#[graphql(name = "create_namespace_input", rename_fields = "snake_case")]
struct CreateNamespaceInput {
    /// Its name: segments of letters, digits, `_` and `-`, joined by dots; at most 255 bytes.
    name: String,
    /// Free text for people, at most 4,096 bytes.
    description: Option<String>,
}

/// The namespace that was made.
#[derive(SimpleObject)]
#[graphql(name = "create_namespace_payload", rename_fields = "snake_case")]
struct CreateNamespacePayload {
    /// As it is now.
    namespace: Option<NamespaceModel>,
}

/// A namespace to describe.
#[derive(InputObject)]
#[graphql(name = "update_namespace_input", rename_fields = "snake_case")]
struct UpdateNamespaceInput {
    /// Its name.
    name: String,
    /// Free text for people, at most 4,096 bytes; null for none.
    description: Option<String>,
}

/// A namespace to delete.
#[derive(InputObject)]
#[graphql(name = "delete_namespace_input", rename_fields = "snake_case")]
struct DeleteNamespaceInput {
    /// Its name.
    name: String,
    /// Whether the pairs in it are deleted too; without, a namespace that holds pairs is refused with the code
    /// `CONFLICT`.
    #[graphql(default = false)]
    force: bool,
}

#[Object(rename_fields = "snake_case", rename_args = "snake_case")]
impl NamespaceQuery {
    /// The namespaces that the token reaches, by name; or the one called `name`.
    async fn namespace(
        &self,
        ctx: &Context<'_>,
        limit: Option<i64>,
        name: Option<String>,
        offset: Option<i64>,
    ) -> Result<Vec<NamespaceModel>> {
        let place = Place::arguments(ctx);
        let (limit, offset) = (place.limit(limit)?, place.offset(offset)?);
        let name = name.map(Namespace::new).transpose()?;
        let (service, caller) = (ctx.service(), ctx.caller());
        let found = service.namespaces(caller, name, limit, offset).await?;
        let names: Vec<_> = found.iter().map(|info| info.name.clone()).collect();
        let asked = ctx.look_ahead().field("pairs").exists();
        let counts = if asked { service.pairs_in(caller, &names).await? } else { HashMap::new() };
        let model = |info: NamespaceInfo| {
            let pairs = counts.get(info.name.as_str()).copied().unwrap_or(0);
            NamespaceModel::of(info, pairs)
        };
        Ok(found.into_iter().map(model).collect())
    }
}

#[Object(rename_fields = "snake_case")]
impl NamespaceMutation {
    /// Makes a namespace; one that is there is refused with the code `CONFLICT`.
    async fn create_namespace(
        &self,
        ctx: &Context<'_>,
        input: CreateNamespaceInput,
    ) -> Result<Option<CreateNamespacePayload>> {
        let name = Namespace::new(input.name)?;
        let made = ctx.service().create_namespace(ctx.caller(), name, input.description).await?;
        Ok(Some(CreateNamespacePayload { namespace: Some(NamespaceModel::of(made, 0)) }))
    }

    /// Gives a namespace another description.
    async fn update_namespace(&self, ctx: &Context<'_>, input: UpdateNamespaceInput) -> Result<Option<SuccessPayload>> {
        let name = Namespace::new(input.name)?;
        let done = ctx.service().describe_namespace(ctx.caller(), &name, input.description).await?;
        Ok(Some(SuccessPayload::or(done, &KvError::NoSuchNamespace)))
    }

    /// Deletes a namespace. Namespaces below it by dot stay.
    async fn delete_namespace(&self, ctx: &Context<'_>, input: DeleteNamespaceInput) -> Result<Option<SuccessPayload>> {
        let name = Namespace::new(input.name)?;
        let done = ctx.service().delete_namespace(ctx.caller(), &name, input.force).await?;
        Ok(Some(SuccessPayload::or(done, &KvError::NoSuchNamespace)))
    }
}
