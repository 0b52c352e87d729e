//! Tokens that people make for themselves; Prefect calls them API keys.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::{person::HolderModel, table::table};
use crate::{
    domain::{
        KvError, NamespacePattern, Role, TenantId,
        table::{Cell, Row},
    },
    graphql::{
        Request, SuccessPayload,
        error::Result,
        key_value::{StringComparison, TimeComparison, UuidComparison},
        scalars::{DateTime, LowerUuid, Timestamptz, UpperUuid, Written},
    },
    service::{ApiKey, NewApiKey},
};

/// The fields that make and revoke keys.
#[derive(Default)]
pub(in crate::graphql) struct ApiKeyMutation;

/// An API key, without the key itself.
#[derive(SimpleObject)]
#[graphql(name = "auth_api_key", rename_fields = "snake_case")]
pub(super) struct ApiKeyModel {
    /// When it was made.
    created: Timestamptz,
    /// Who holds it.
    created_by: HolderModel,
    /// The tenant it acts in.
    default_tenant_id: LowerUuid,
    /// When it ends.
    expires_at: Option<Timestamptz>,
    /// The key's id.
    id: LowerUuid,
    /// When it was last used, to some seconds.
    last_used_at: Option<Timestamptz>,
    /// Name for people.
    name: String,
    /// When it was last changed: keys are not.
    updated: Timestamptz,
    /// Who holds it.
    user_id: LowerUuid,
}

table! {
    /// A condition on API keys. All its fields must hold.
    ApiKeyBoolExp = "auth_api_key_bool_exp",
    /// The order of API keys.
    ApiKeyOrderBy = "auth_api_key_order_by":
    /// When it was made.
    created: TimeComparison,
    /// When it ends.
    expires_at: TimeComparison,
    /// Name for people.
    name: StringComparison,
    /// The key's id.
    id: UuidComparison,
    /// Who holds it.
    user_id: UuidComparison,
    /// The tenant it acts in.
    default_tenant_id: UuidComparison,
    /// When it was last used.
    last_used_at: TimeComparison,
}

impl Row for ApiKey {
    fn cell(&self, column: &str) -> Option<Cell<'_>> {
        Some(match column {
            "created" => Cell::Time(self.row.created),
            "expires_at" => Cell::Time(self.row.expires_at),
            "name" => Cell::Text(&self.row.name),
            "id" => Cell::Uuid(self.row.id),
            "user_id" => Cell::Uuid(self.row.user_id),
            "default_tenant_id" => Cell::Uuid(self.row.tenant_id.0),
            "last_used_at" => Cell::Time(self.row.last_used_at?),
            _ => return None,
        })
    }
}

/// A key to make.
#[derive(InputObject)]
#[graphql(name = "create_api_key_input", rename_fields = "snake_case")]
struct CreateApiKeyInput {
    /// The tenant it acts in; the caller's where none is given.
    default_tenant_id: Option<UpperUuid>,
    /// When it ends; in a year where nothing is said.
    expires_at: Option<DateTime>,
    /// Name for people.
    name: String,
    /// The namespaces it reaches, of those that the caller reaches: names, `name.*` for one and all below, `*` for
    /// all. As the caller where nothing is said.
    namespaces: Option<Vec<String>>,
    /// The id of a role, as `auth_role` lists them: of what the caller may do, the key may only what this role may.
    role_id: Option<UpperUuid>,
    /// Whose it is: the caller's own id, or that of a service account of the tenant.
    user_id: UpperUuid,
}

/// The key that was made.
#[derive(SimpleObject)]
#[graphql(name = "create_api_key_payload")]
struct CreateApiKeyPayload {
    /// Its id.
    id: Option<UpperUuid>,
    /// The key itself; shown only here.
    key: Option<String>,
}

/// The key to revoke.
#[derive(InputObject)]
#[graphql(name = "delete_api_key_input", rename_fields = "snake_case")]
struct DeleteApiKeyInput {
    /// Its id.
    key_id: UpperUuid,
}

/// The role with an id.
fn role(id: UpperUuid) -> Result<Role> {
    Ok(Role::from_id(id.read()?).ok_or(KvError::NoSuchId { what: "role" })?)
}

/// Patterns of namespaces.
fn patterns(written: &[String]) -> Result<Vec<NamespacePattern>> {
    Ok(written.iter().map(|pattern| pattern.parse()).collect::<std::result::Result<_, KvError>>()?)
}

#[Object(rename_fields = "snake_case")]
impl ApiKeyMutation {
    /// Makes an API key for the caller or for a service account, which may do no more than the caller may.
    async fn create_api_key(&self, ctx: &Context<'_>, input: CreateApiKeyInput) -> Result<Option<CreateApiKeyPayload>> {
        let new = NewApiKey {
            name: input.name,
            user_id: input.user_id.read()?,
            expires_at: input.expires_at.map(DateTime::read).transpose()?,
            tenant_id: input.default_tenant_id.map(UpperUuid::read).transpose()?.map(TenantId),
            role: input.role_id.map(role).transpose()?,
            namespaces: input.namespaces.as_deref().map(patterns).transpose()?,
        };
        let issued = ctx.service().create_api_key(ctx.caller(), new).await?;
        let key = ctx.authenticator().sign(&issued)?;
        Ok(Some(CreateApiKeyPayload { id: Some(UpperUuid::from(issued.row.id)), key: Some(key) }))
    }

    /// Revokes an API key.
    async fn delete_api_key(&self, ctx: &Context<'_>, input: DeleteApiKeyInput) -> Result<Option<SuccessPayload>> {
        let success = ctx.service().delete_api_key(ctx.caller(), input.key_id.read()?).await?;
        Ok(Some(SuccessPayload::of(success, "API key")))
    }
}

impl From<ApiKey> for ApiKeyModel {
    fn from(key: ApiKey) -> Self {
        let row = key.row;
        Self {
            created: Timestamptz::from(row.created),
            created_by: HolderModel::new(row.user_id, key.username),
            default_tenant_id: LowerUuid::from(row.tenant_id.0),
            expires_at: Some(Timestamptz::from(row.expires_at)),
            id: LowerUuid::from(row.id),
            last_used_at: row.last_used_at.map(Timestamptz::from),
            name: row.name,
            updated: Timestamptz::from(row.created),
            user_id: LowerUuid::from(row.user_id),
        }
    }
}
