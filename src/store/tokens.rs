//! The registry of issued tokens, and the secrets that sign them.

use entities::{signing_secret, tenant, token};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict, Query},
};
use uuid::Uuid;

use super::{Store, fault, retry};
use crate::domain::{KvError, TenantId, Timestamp};

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
}

/// What the database says of a token's claims at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The tenant's tier; none where there is no such tenant.
    pub tier: Option<String>,
    /// Whether the token was revoked.
    pub revoked: bool,
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
        };
        token::Entity::insert(row).exec_without_returning(&self.db).await.map_err(fault::classify)?;
        Ok(())
    }

    /// Every token that was issued, oldest first.
    ///
    /// # Errors
    /// As [`Self::add_token`].
    pub async fn tokens(&self) -> Result<Vec<TokenRow>, KvError> {
        let rows =
            token::Entity::find().order_by_asc(token::COLUMN.created).all(&self.db).await.map_err(fault::classify)?;
        Ok(rows.into_iter().map(token_of).collect())
    }

    /// Revokes the token `id` from `now` on; `false` where none was issued. Twice is once.
    ///
    /// # Errors
    /// As [`Self::add_token`].
    pub async fn revoke_token(&self, id: Uuid, now: Timestamp) -> Result<bool, KvError> {
        token::Entity::update_many()
            .set(token::ActiveModel { revoked_at: Set(Some(now.micros())), ..Default::default() })
            .filter(token::COLUMN.id.eq(id))
            .filter(token::COLUMN.revoked_at.is_null())
            .exec(&self.db)
            .await
            .map_err(fault::classify)?;
        Ok(token::Entity::find_by_id(id).one(&self.db).await.map_err(fault::classify)?.is_some())
    }

    /// How a token for `tenant_id` stands. Every request asks, so it is one statement.
    ///
    /// # Errors
    /// As [`Self::add_token`].
    pub async fn token_standing(&self, id: Option<Uuid>, tenant_id: TenantId) -> Result<Standing, KvError> {
        let revocation = Query::select()
            .expr(Expr::val(1))
            .from(token::Entity)
            .and_where(token::Column::Id.eq(id))
            .and_where(token::COLUMN.revoked_at.is_not_null())
            .take();
        // Not `one`: its LIMIT is an operand, and SQLite plans a statement anew at each binding of that.
        let query = tenant::Entity::find_by_id(tenant_id.0)
            .select_only()
            .column(tenant::Column::Tier)
            .expr_as(Expr::exists(revocation), "revoked");
        let rows = retry::read(|| query.clone().into_tuple::<(String, bool)>().all(&self.db)).await?;
        let (tier, revoked) = rows.into_iter().next().unzip();
        Ok(Standing { tier, revoked: revoked.unwrap_or(false) })
    }

    /// The secret that signs, `fresh` where there was none: every server of one database agrees on it.
    ///
    /// # Errors
    /// As [`Self::add_token`].
    pub async fn signing_secret(&self, fresh: Vec<u8>, now: Timestamp) -> Result<Vec<u8>, KvError> {
        let row = signing_secret::ActiveModel {
            id: Set(1),
            secret: Set(fresh),
            created: Set(now.micros()),
            retires_at: Set(None),
        };
        let keep = OnConflict::column(signing_secret::Column::Id).do_nothing().to_owned();
        signing_secret::Entity::insert(row)
            .on_conflict(keep)
            .exec_without_returning(&self.db)
            .await
            .map_err(fault::classify)?;
        let newest = signing_secret::Entity::find()
            .order_by_desc(signing_secret::COLUMN.id)
            .one(&self.db)
            .await
            .map_err(fault::classify)?;
        newest.map(|row| row.secret).ok_or(KvError::NoSuchId { what: "signing secret" })
    }
}
