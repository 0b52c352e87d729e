//! Tenants, and who belongs to them.

use entities::{membership, tenant, user};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryFilter, QueryOrder, sea_query::OnConflict};
use uuid::Uuid;

use super::{Store, fault};
use crate::domain::{KvError, Role, Tenant, TenantId, Timestamp};

/// A tenant's counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// The number of the last committed write.
    pub revision: i64,
    /// Rows held, expired ones included.
    pub rows: i64,
}

/// A user's place in a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user_id: Uuid,
    /// Where.
    pub tenant_id: TenantId,
    /// As what.
    pub role: Role,
}

fn tenant_of(row: tenant::Model) -> Tenant {
    Tenant {
        id: TenantId(row.id),
        slug: row.slug,
        name: row.name,
        tier: row.tier,
        created: Timestamp::from_micros(row.created),
    }
}

impl Store {
    /// Adds `tenant`.
    ///
    /// # Errors
    /// [`KvError::AlreadyExists`] where the slug is taken.
    pub async fn add_tenant(&self, tenant: &Tenant) -> Result<(), KvError> {
        let row = tenant::ActiveModel {
            id: Set(tenant.id.0),
            slug: Set(tenant.slug.clone()),
            name: Set(tenant.name.clone()),
            tier: Set(tenant.tier.clone()),
            revision: Set(0),
            pairs: Set(0),
            created: Set(tenant.created.micros()),
        };
        match tenant::Entity::insert(row).exec_without_returning(&self.db).await {
            Ok(_) => Ok(()),
            Err(error) if fault::is_duplicate(&error) => Err(KvError::AlreadyExists { what: "tenant" }),
            Err(error) => Err(fault::classify(error)),
        }
    }

    /// Every tenant, by slug.
    ///
    /// # Errors
    /// [`KvError::Unavailable`] and [`KvError::Internal`], as every read.
    pub async fn tenants(&self) -> Result<Vec<Tenant>, KvError> {
        let rows =
            tenant::Entity::find().order_by_asc(tenant::COLUMN.slug).all(&self.db).await.map_err(fault::classify)?;
        Ok(rows.into_iter().map(tenant_of).collect())
    }

    /// The tenants with these ids, by slug.
    ///
    /// # Errors
    /// As [`Self::tenants`].
    pub async fn tenants_by_id(&self, ids: &[TenantId]) -> Result<Vec<Tenant>, KvError> {
        let rows = tenant::Entity::find()
            .filter(tenant::COLUMN.id.is_in(ids.iter().map(|id| id.0)))
            .order_by_asc(tenant::COLUMN.slug)
            .all(&self.db)
            .await
            .map_err(fault::classify)?;
        Ok(rows.into_iter().map(tenant_of).collect())
    }

    /// The tenant called `slug`.
    ///
    /// # Errors
    /// As [`Self::tenants`].
    pub async fn tenant_by_slug(&self, slug: &str) -> Result<Option<Tenant>, KvError> {
        let row =
            tenant::Entity::find().filter(tenant::COLUMN.slug.eq(slug)).one(&self.db).await.map_err(fault::classify)?;
        Ok(row.map(tenant_of))
    }

    /// Moves the tenant called `slug` to `tier`; `false` where there is none.
    ///
    /// # Errors
    /// As [`Self::tenants`].
    pub async fn set_tier(&self, slug: &str, tier: &str) -> Result<bool, KvError> {
        let done = tenant::Entity::update_many()
            .set(tenant::ActiveModel { tier: Set(tier.to_owned()), ..Default::default() })
            .filter(tenant::COLUMN.slug.eq(slug))
            .exec(&self.db)
            .await
            .map_err(fault::classify)?;
        Ok(done.rows_affected > 0)
    }

    /// The user called `username`, made with `id` where there is none yet.
    ///
    /// # Errors
    /// As [`Self::tenants`].
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
    /// As [`Self::tenants`].
    pub async fn ensure_member(&self, id: Uuid, member: &Member, now: Timestamp) -> Result<(), KvError> {
        let row = membership::ActiveModel {
            id: Set(id),
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

    /// The tenants that a user belongs to.
    ///
    /// # Errors
    /// As [`Self::tenants`].
    pub async fn memberships(&self, user_id: Uuid) -> Result<Vec<Member>, KvError> {
        let rows = membership::Entity::find()
            .filter(membership::COLUMN.user_id.eq(user_id))
            .all(&self.db)
            .await
            .map_err(fault::classify)?;
        rows.into_iter()
            .map(|row| Ok(Member { user_id: row.user_id, tenant_id: TenantId(row.tenant_id), role: row.role.parse()? }))
            .collect()
    }

    /// A tenant's counters.
    ///
    /// # Errors
    /// As [`Self::tenants`].
    pub async fn usage(&self, id: TenantId) -> Result<Option<Usage>, KvError> {
        let row = tenant::Entity::find_by_id(id.0).one(&self.db).await.map_err(fault::classify)?;
        Ok(row.map(|row| Usage { revision: row.revision, rows: row.pairs }))
    }
}
