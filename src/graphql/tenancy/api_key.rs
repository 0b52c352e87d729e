//! Tokens that people make for themselves; Prefect calls them API keys.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use crate::{
    domain::TenantId,
    graphql::{
        Request, SuccessPayload,
        error::Result,
        key_value::OrderBy,
        scalars::{DateTime, LowerUuid, Timestamptz, UpperUuid, Written},
    },
    service::{ApiKey, NewApiKey},
};

/// The fields that make and revoke keys.
#[derive(Default)]
pub(in crate::graphql) struct ApiKeyMutation;

/// Who holds a key.
#[derive(SimpleObject)]
#[graphql(name = "auth_api_key_holder", rename_fields = "snake_case")]
struct Holder {
    /// The user's id.
    id: LowerUuid,
    /// The user's name.
    username: String,
}

/// An API key, without the key itself.
#[derive(SimpleObject)]
#[graphql(name = "auth_api_key", rename_fields = "snake_case")]
pub(super) struct ApiKeyModel {
    /// When it was made.
    created: Timestamptz,
    /// Who holds it.
    created_by: Holder,
    /// The tenant it acts in.
    default_tenant_id: LowerUuid,
    /// When it ends.
    expires_at: Option<Timestamptz>,
    /// The key's id.
    id: LowerUuid,
    /// Name for people.
    name: String,
    /// When it was last changed: keys are not.
    updated: Timestamptz,
    /// Who holds it.
    user_id: LowerUuid,
}

/// The order of API keys.
#[derive(InputObject)]
#[graphql(name = "auth_api_key_order_by", rename_fields = "snake_case")]
pub(super) struct ApiKeyOrderBy {
    /// By when they were made.
    created: Option<OrderBy>,
    /// By when they end.
    expires_at: Option<OrderBy>,
    /// By name.
    name: Option<OrderBy>,
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
    /// Whose it is: the caller's own id.
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

#[Object(rename_fields = "snake_case")]
impl ApiKeyMutation {
    /// Makes an API key for the caller, which may do what the caller may.
    async fn create_api_key(&self, ctx: &Context<'_>, input: CreateApiKeyInput) -> Result<Option<CreateApiKeyPayload>> {
        let new = NewApiKey {
            name: input.name,
            user_id: input.user_id.read()?,
            expires_at: input.expires_at.map(DateTime::read).transpose()?,
            tenant_id: input.default_tenant_id.map(UpperUuid::read).transpose()?.map(TenantId),
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

/// `keys` in the order asked for.
pub(super) fn ordered(mut keys: Vec<ApiKey>, order_by: Option<Vec<ApiKeyOrderBy>>) -> Vec<ApiKeyModel> {
    for order in order_by.into_iter().flatten().rev() {
        order.sort(&mut keys);
    }
    keys.into_iter().map(ApiKeyModel::from).collect()
}

impl ApiKeyOrderBy {
    fn sort(&self, keys: &mut [ApiKey]) {
        let turned = |ordering: std::cmp::Ordering, by: OrderBy| {
            if by.descending() { ordering.reverse() } else { ordering }
        };
        keys.sort_by(|a, b| {
            let created = self.created.map(|by| turned(a.row.created.cmp(&b.row.created), by));
            let expires_at = self.expires_at.map(|by| turned(a.row.expires_at.cmp(&b.row.expires_at), by));
            let name = self.name.map(|by| turned(a.row.name.cmp(&b.row.name), by));
            [created, expires_at, name].into_iter().flatten().fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
    }
}

impl From<ApiKey> for ApiKeyModel {
    fn from(key: ApiKey) -> Self {
        let row = key.row;
        Self {
            created: Timestamptz::from(row.created),
            created_by: Holder { id: LowerUuid::from(row.user_id), username: key.username },
            default_tenant_id: LowerUuid::from(row.tenant_id.0),
            expires_at: Some(Timestamptz::from(row.expires_at)),
            id: LowerUuid::from(row.id),
            name: row.name,
            updated: Timestamptz::from(row.created),
            user_id: LowerUuid::from(row.user_id),
        }
    }
}
