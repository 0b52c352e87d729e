//! Tenants.

use entities::tenant;
use sea_orm::{ActiveValue::Set, EntityTrait, QueryFilter, QueryOrder};

use super::{Store, fault};
use crate::domain::{KvError, Tenant, TenantId, Timestamp};

/// A tenant's counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// The number of the last committed write.
    pub revision: i64,
    /// Rows held, expired ones included.
    pub rows: i64,
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

    /// A tenant's counters.
    ///
    /// # Errors
    /// As [`Self::tenants`].
    pub async fn usage(&self, id: TenantId) -> Result<Option<Usage>, KvError> {
        let row = tenant::Entity::find_by_id(id.0).one(&self.db).await.map_err(fault::classify)?;
        Ok(row.map(|row| Usage { revision: row.revision, rows: row.pairs }))
    }
}
