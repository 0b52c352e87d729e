//! Sessions: switching tenants, getting the next tokens, signing out.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use crate::{
    domain::{KvError, TenantId},
    graphql::{
        Request, SuccessPayload,
        error::Result,
        scalars::{DateTime, UpperUuid, Written},
    },
    service::SessionTokens,
};

/// The fields of sessions.
#[derive(Default)]
pub(in crate::graphql) struct SessionMutation;

/// The tenant to act in.
#[derive(InputObject)]
#[graphql(name = "switch_tenant_input", rename_fields = "snake_case")]
struct SwitchTenantInput {
    /// Its id.
    tenant_id: UpperUuid,
}

/// The session to go on with; the refresh token itself is in the Authorization header.
#[derive(InputObject)]
#[graphql(name = "refresh_token_input", rename_fields = "snake_case")]
struct RefreshTokenInput {
    /// The session's access token, which may have ended.
    access_token: String,
}

/// The session to end.
#[derive(InputObject)]
#[graphql(name = "log_out_input", rename_fields = "snake_case")]
struct LogOutInput {
    /// The session's access token.
    access_token: String,
}

/// The tokens of a session.
#[derive(SimpleObject)]
#[graphql(name = "tenant_token_payload", rename_fields = "snake_case")]
struct TenantTokenPayload {
    /// What acts, for a quarter of an hour.
    access_token: Option<String>,
    /// When the access token ends.
    expires_at: Option<DateTime>,
    /// What gets the next tokens, for 30 days.
    refresh_token: Option<String>,
}

#[Object(rename_fields = "snake_case")]
impl SessionMutation {
    /// Ends the session of the access token, its refresh token too. API keys are ended by `delete_api_key`.
    async fn log_out(&self, ctx: &Context<'_>, input: LogOutInput) -> Result<Option<SuccessPayload>> {
        own(ctx, &input.access_token)?;
        Ok(Some(SuccessPayload::of(ctx.service().log_out(ctx.caller()).await?, "session")))
    }

    /// The next tokens of a session, for its refresh token.
    async fn refresh_token(&self, ctx: &Context<'_>, input: RefreshTokenInput) -> Result<Option<TenantTokenPayload>> {
        own(ctx, &input.access_token)?;
        payload(ctx, &ctx.service().refresh_session(ctx.caller()).await?)
    }

    /// Opens a session in one of the tenants that the user belongs to.
    async fn switch_tenant(&self, ctx: &Context<'_>, input: SwitchTenantInput) -> Result<Option<TenantTokenPayload>> {
        let tenant_id = TenantId(input.tenant_id.read()?);
        payload(ctx, &ctx.service().switch_tenant(ctx.caller(), tenant_id).await?)
    }
}

/// Refuses a token that is not of the caller's session.
fn own(ctx: &Context<'_>, token: &str) -> Result<()> {
    if ctx.authenticator().is_kin(token, ctx.caller()) {
        Ok(())
    } else {
        Err(KvError::Invalid("the access token is not of the session that the request is made in".to_owned()).into())
    }
}

fn payload(ctx: &Context<'_>, tokens: &SessionTokens) -> Result<Option<TenantTokenPayload>> {
    Ok(Some(TenantTokenPayload {
        access_token: Some(ctx.authenticator().sign(&tokens.access)?),
        expires_at: Some(DateTime::from(tokens.access.row.expires_at)),
        refresh_token: Some(ctx.authenticator().sign(&tokens.refresh)?),
    }))
}
