//! Sessions: short-lived tokens for a person who signed in with a key, as Prefect's page and its older
//! clients use them.

use std::{collections::BTreeSet, time::Duration};

use uuid::Uuid;

use super::{Issued, Service, ids::new_id};
use crate::{
    domain::{Caller, KvError, Permission, Session, TenantId, Timestamp, audit::Deed},
    store::TokenRow,
};

/// How long an access token lives.
const ACCESS: Duration = Duration::from_mins(15);

/// How long a session lasts after its last refresh.
const REFRESH: Duration = Duration::from_hours(30 * 24);

/// The tokens of a session, ready to be signed.
#[derive(Debug, Clone)]
pub struct SessionTokens {
    /// What acts.
    pub access: Issued,
    /// What gets the next ones.
    pub refresh: Issued,
}

impl Service {
    /// Opens a session for the caller's user in a tenant it belongs to. The session may do and reach no more
    /// than the caller may, and ends with the caller's token at the latest.
    ///
    /// # Errors
    /// [`KvError::Invalid`] for callers who are no users of this server, and for refresh tokens;
    /// [`KvError::NoSuchId`] for a tenant the user does not belong to.
    pub async fn switch_tenant(&self, caller: &Caller, tenant_id: TenantId) -> Result<SessionTokens, KvError> {
        let deed = Deed::change("switch_tenant").object(tenant_id.0);
        self.audited(caller, deed, async {
            let user_id = caller.user_id.ok_or_else(no_user)?;
            if matches!(caller.session, Some(Session::Refresh(_))) {
                return Err(KvError::Invalid("a refresh token only gets new tokens; use the access token".to_owned()));
            }
            let role = self.role_in(user_id, tenant_id).await?.ok_or(KvError::NoSuchId { what: "tenant of yours" })?;
            let now = self.clock.now();
            let permissions =
                caller.permissions.iter().copied().filter(|one| role.permissions().contains(one)).collect();
            let row = TokenRow {
                id: new_id(),
                tenant_id,
                user_id,
                name: "session".to_owned(),
                created: now,
                expires_at: last(now.after(REFRESH), caller.expires_at),
                revoked_at: None,
                session: true,
                parent_id: self.root(caller).await?,
                last_used_at: None,
            };
            self.store.add_token(&row).await?;
            self.store.forget_sessions(user_id, now).await?;
            Ok(tokens(caller, row, permissions, now))
        })
        .await
    }

    /// The next tokens of the session that the caller's refresh token is of.
    ///
    /// # Errors
    /// [`KvError::Invalid`] where the caller's token is no refresh token.
    pub async fn refresh_session(&self, caller: &Caller) -> Result<SessionTokens, KvError> {
        let deed = Deed::change("refresh_token");
        self.audited(caller, deed, async {
            let (Some(Session::Refresh(permissions)), Some(id)) = (&caller.session, caller.token_id) else {
                let reason = "send the refresh token that switch_tenant gave, as Authorization: Bearer TOKEN";
                return Err(KvError::Invalid(reason.to_owned()));
            };
            let now = self.clock.now();
            let mut row = self.store.token(id).await?.ok_or(KvError::NoSuchId { what: "session" })?;
            let key = match row.parent_id {
                Some(key) => self.store.token(key).await?,
                None => None,
            };
            row.expires_at = last(now.after(REFRESH), key.map(|key| key.expires_at));
            self.store.prolong_session(id, row.expires_at).await?;
            self.store.forget_sessions(row.user_id, now).await?;
            let permissions = permissions.iter().copied().collect();
            Ok(tokens(caller, row, permissions, now))
        })
        .await
    }

    /// Ends the caller's session; an API key's goes on, and then nothing is done.
    ///
    /// # Errors
    /// [`KvError::Unavailable`].
    pub async fn log_out(&self, caller: &Caller) -> Result<bool, KvError> {
        let deed = Deed::change("log_out");
        self.audited(caller, deed, async {
            match (&caller.session, caller.token_id) {
                (Some(_), Some(id)) => self.changed(self.store.revoke_token(id, self.clock.now()).await),
                _ => Ok(false),
            }
        })
        .await
    }

    /// The API key that the caller's token is, or that its session grew from.
    async fn root(&self, caller: &Caller) -> Result<Option<Uuid>, KvError> {
        let Some(id) = caller.token_id else { return Ok(None) };
        let row = self.store.token(id).await?;
        Ok(row.and_then(|row| if row.session { row.parent_id } else { Some(row.id) }))
    }
}

/// The earlier of two ends.
fn last(end: Timestamp, other: Option<Timestamp>) -> Timestamp {
    other.map_or(end, |other| end.min(other))
}

fn tokens(caller: &Caller, row: TokenRow, permissions: Vec<Permission>, now: Timestamp) -> SessionTokens {
    let issued = |row: TokenRow, permissions, session| Issued {
        row,
        permissions,
        tier: caller.own_tier.then(|| caller.tier.name.to_string()),
        home: caller.home.clone(),
        namespaces: caller.namespaces.clone(),
        session: Some(session),
    };
    let handed_on: BTreeSet<_> = permissions.iter().copied().collect();
    let access = TokenRow { created: now, expires_at: last(now.after(ACCESS), Some(row.expires_at)), ..row.clone() };
    SessionTokens {
        access: issued(access, permissions, Session::Access),
        refresh: issued(TokenRow { created: now, ..row }, Vec::new(), Session::Refresh(handed_on)),
    }
}

fn no_user() -> KvError {
    KvError::Invalid("this token belongs to no user of this server; only users have tenants to switch to".to_owned())
}
