//! People, and the tenants they belong to.

use entities::{membership, user};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryFilter, QueryOrder, sea_query::OnConflict};
use uuid::Uuid;

use super::{Store, fault};
use crate::domain::{KvError, Role, TenantId, Timestamp};

/// A user's place in a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The membership's id.
    pub id: Uuid,
    /// Who.
    pub user_id: Uuid,
    /// Where.
    pub tenant_id: TenantId,
    /// As what.
    pub role: Role,
}

impl Store {
    /// The user called `username`, made with `id` where there is none yet.
    ///
    /// # Errors
    /// [`KvError::Unavailable`] and [`KvError::Internal`].
    pub async fn ensure_user(&self, id: Uuid, username: &str, now: Timestamp) -> Result<Uuid, KvError> {
        let row = user::ActiveModel { id: Set(id), username: Set(username.to_owned()), created: Set(now.micros()) };
        let keep = OnConflict::column(user::Column::Username).do_nothing().to_owned();
        user::Entity::insert(row).on_conflict(keep).exec_without_returning(&self.db).await.map_err(fault::classify)?;
        let stored = user::Entity::find()
            .filter(user::COLUMN.username.eq(username))
            .one(&self.db)
            .await
            .map_err(fault::classify)?;
        stored.map(|user| user.id).ok_or(KvError::NoSuchId { what: "user" })
    }

    /// Gives `member` its place; a place that is there stays as it is.
    ///
    /// # Errors
    /// As [`Self::ensure_user`].
    pub async fn ensure_member(&self, member: &Member, now: Timestamp) -> Result<(), KvError> {
        let row = membership::ActiveModel {
            id: Set(member.id),
            user_id: Set(member.user_id),
            tenant_id: Set(member.tenant_id.0),
            role: Set(member.role.name().to_owned()),
            created: Set(now.micros()),
        };
        let keep =
            OnConflict::columns([membership::Column::UserId, membership::Column::TenantId]).do_nothing().to_owned();
        membership::Entity::insert(row)
            .on_conflict(keep)
            .exec_without_returning(&self.db)
            .await
            .map_err(fault::classify)?;
        Ok(())
    }

    /// The tenants that a user belongs to, oldest membership first.
    ///
    /// # Errors
    /// As [`Self::ensure_user`].
    pub async fn memberships(&self, user_id: Uuid) -> Result<Vec<Member>, KvError> {
        let rows = membership::Entity::find()
            .filter(membership::COLUMN.user_id.eq(user_id))
            .order_by_asc(membership::COLUMN.created)
            .order_by_asc(membership::COLUMN.id)
            .all(&self.db)
            .await
            .map_err(fault::classify)?;
        rows.into_iter()
            .map(|row| {
                let role = row.role.parse()?;
                Ok(Member { id: row.id, user_id: row.user_id, tenant_id: TenantId(row.tenant_id), role })
            })
            .collect()
    }

    /// The name of the user `id`.
    ///
    /// # Errors
    /// As [`Self::ensure_user`].
    pub async fn username(&self, id: Uuid) -> Result<Option<String>, KvError> {
        let row = user::Entity::find_by_id(id).one(&self.db).await.map_err(fault::classify)?;
        Ok(row.map(|row| row.username))
    }
}
