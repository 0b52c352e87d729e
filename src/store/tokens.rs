//! The registry of issued tokens.

use entities::{membership, tenant, token, user};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use super::{Store, fault, retry};
use crate::domain::{KvError, Role, TenantId, Timestamp};

/// An issued token, as the registry knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// The token's `jti`.
    pub id: Uuid,
    /// The tenant it is for.
    pub tenant_id: TenantId,
    /// Whose it is.
    pub user_id: Uuid,
    /// Name for people.
    pub name: String,
    /// When it was issued.
    pub created: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Since when it is refused.
    pub revoked_at: Option<Timestamp>,
    /// Whether it is a session, which short-lived tokens share.
    pub session: bool,
    /// The API key that the session grew from; it ends with that.
    pub parent_id: Option<Uuid>,
    /// When it was last used, to some seconds.
    pub last_used_at: Option<Timestamp>,
}

/// What the database says of a token's claims at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The tenant's tier; none where there is no such tenant.
    pub tier: Option<String>,
    /// Whether the token was revoked.
    pub revoked: bool,
    /// Whether the subject is a user of this server.
    pub known: bool,
    /// The user's role in the tenant; none for strangers.
    pub role: Option<Role>,
}

pub(super) fn token_of(row: token::Model) -> TokenRow {
    TokenRow {
        id: row.id,
        tenant_id: TenantId(row.tenant_id),
        user_id: row.user_id,
        name: row.name,
        created: Timestamp::from_micros(row.created),
        expires_at: Timestamp::from_micros(row.expires_at),
        revoked_at: row.revoked_at.map(Timestamp::from_micros),
        session: row.session,
        parent_id: row.parent_id,
        last_used_at: row.last_used_at.map(Timestamp::from_micros),
    }
}

impl Store {
    /// Enters an issued token.
    ///
    /// # Errors
    /// [`KvError::Unavailable`] and [`KvError::Internal`].
    pub async fn add_token(&self, row: &TokenRow) -> Result<(), KvError> {
        let row = token::ActiveModel {
            id: Set(row.id),
            tenant_id: Set(row.tenant_id.0),
            user_id: Set(row.user_id),
            name: Set(row.name.clone()),
            created: Set(row.created.micros()),
            expires_at: Set(row.expires_at.micros()),
            revoked_at: Set(row.revoked_at.map(Timestamp::micros)),
            session: Set(row.session),
            parent_id: Set(row.parent_id),
            last_used_at: Set(row.last_used_at.map(Timestamp::micros)),
        };
        token::Entity::insert(row).exec_without_returning(&self.db).await.map_err(fault::classify)?;
        Ok(())
    }

    /// Every API key that was issued, oldest first.
    ///
    /// # Errors
    /// As [`Self::add_token`].
    pub async fn tokens(&self) -> Result<Vec<TokenRow>, KvError> {
        let rows = token::Entity::find()
            .filter(token::COLUMN.session.eq(false))
            .order_by_asc(token::COLUMN.created)
            .all(&self.db)
            .await
            .map_err(fault::classify)?;
        Ok(rows.into_iter().map(token_of).collect())
    }

    /// Revokes the token `id`, and the sessions that grew from it, from `now` on; `false` where none was
    /// issued. Twice is once.
    ///
    /// # Errors
    /// As [`Self::add_token`].
    pub async fn revoke_token(&self, id: Uuid, now: Timestamp) -> Result<bool, KvError> {
        self.change_identity(move |txn| async move {
            let txn = &*txn;
            let found = token::Entity::find_by_id(id).one(txn).await?.is_some();
            let kin = Condition::any().add(token::COLUMN.id.eq(id)).add(token::COLUMN.parent_id.eq(id));
            token::Entity::update_many()
                .col_expr(token::Column::RevokedAt, Expr::value(now.micros()))
                .filter(kin)
                .filter(token::COLUMN.revoked_at.is_null())
                .exec(txn)
                .await?;
            Ok(found)
        })
        .await
    }

    /// The token `id`.
    ///
    /// # Errors
    /// As [`Self::add_token`].
    pub async fn token(&self, id: Uuid) -> Result<Option<TokenRow>, KvError> {
        Ok(token::Entity::find_by_id(id).one(&self.db).await.map_err(fault::classify)?.map(token_of))
    }

    /// Lets the session `id` live until `end`.
    ///
    /// # Errors
    /// As [`Self::add_token`].
    pub async fn prolong_session(&self, id: Uuid, end: Timestamp) -> Result<(), KvError> {
        token::Entity::update_many()
            .col_expr(token::Column::ExpiresAt, Expr::value(end.micros()))
            .filter(token::COLUMN.id.eq(id))
            .filter(token::COLUMN.session.eq(true))
            .exec(&self.db)
            .await
            .map_err(fault::classify)?;
        Ok(())
    }

    /// Forgets a user's sessions that ended before `now`. Not those revoked: what is forgotten is not refused.
    ///
    /// # Errors
    /// As [`Self::add_token`].
    pub async fn forget_sessions(&self, user_id: Uuid, now: Timestamp) -> Result<(), KvError> {
        token::Entity::delete_many()
            .filter(token::COLUMN.user_id.eq(user_id))
            .filter(token::COLUMN.session.eq(true))
            .filter(token::COLUMN.expires_at.lt(now.micros()))
            .exec(&self.db)
            .await
            .map_err(fault::classify)?;
        Ok(())
    }

    /// Notes when tokens were last used.
    ///
    /// # Errors
    /// As [`Self::add_token`].
    pub async fn note_uses(&self, uses: &[(Uuid, Timestamp)]) -> Result<(), KvError> {
        let _turn = self.turn().await;
        let txn = self.begin().await.map_err(fault::classify)?;
        for (id, at) in uses {
            let later = Condition::any()
                .add(token::COLUMN.last_used_at.is_null())
                .add(token::COLUMN.last_used_at.lt(at.micros()));
            token::Entity::update_many()
                .col_expr(token::Column::LastUsedAt, Expr::value(at.micros()))
                .filter(token::COLUMN.id.eq(*id))
                .filter(later)
                .exec(&txn)
                .await
                .map_err(fault::classify)?;
        }
        txn.commit().await.map_err(fault::classify)
    }

    /// How a token for `tenant_id` that names the user `user_id` stands, in one statement.
    ///
    /// # Errors
    /// As [`Self::add_token`].
    pub async fn token_standing(
        &self,
        id: Option<Uuid>,
        tenant_id: TenantId,
        user_id: Option<Uuid>,
    ) -> Result<Standing, KvError> {
        let revocation = Query::select()
            .expr(Expr::val(1))
            .from(token::Entity)
            .and_where(token::Column::Id.eq(id))
            .and_where(token::COLUMN.revoked_at.is_not_null())
            .take();
        let acquaintance =
            Query::select().expr(Expr::val(1)).from(user::Entity).and_where(user::Column::Id.eq(user_id)).take();
        let role = Query::select()
            .column(membership::Column::Role)
            .from(membership::Entity)
            .and_where(membership::Column::UserId.eq(user_id))
            .and_where(membership::Column::TenantId.eq(tenant_id.0))
            .take();
        // Not `one`: its LIMIT is an operand, and SQLite plans a statement anew at each binding of that.
        let query = tenant::Entity::find_by_id(tenant_id.0)
            .select_only()
            .column(tenant::Column::Tier)
            .expr_as(Expr::exists(revocation), "revoked")
            .expr_as(Expr::exists(acquaintance), "known")
            .expr_as(Expr::SubQuery(None, Box::new(role.into())), "role");
        let rows =
            retry::read(|| query.clone().into_tuple::<(String, bool, bool, Option<String>)>().all(&self.db)).await?;
        let Some((tier, revoked, known, role)) = rows.into_iter().next() else {
            return Ok(Standing { tier: None, revoked: false, known: false, role: None });
        };
        let role = role.map(|name| name.parse()).transpose().map_err(KvError::internal)?;
        Ok(Standing { tier: Some(tier), revoked, known, role })
    }
}
