//! Tenants.

use entities::{key_value, membership, tenant};
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{Member, Store, fault, people::member_row};
use crate::domain::{KvError, Tenant, TenantId, Timestamp};

/// A tenant's counters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// The number of the last committed write.
    pub revision: i64,
    /// Rows held, expired ones included.
    pub rows: i64,
    /// Live pairs.
    pub pairs: u64,
    /// The licence tier's name.
    pub tier: String,
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

fn to_row(tenant: &Tenant, sponsor_id: Option<Uuid>) -> tenant::ActiveModel {
    tenant::ActiveModel {
        id: Set(tenant.id.0),
        slug: Set(tenant.slug.clone()),
        name: Set(tenant.name.clone()),
        tier: Set(tenant.tier.clone()),
        revision: Set(0),
        pairs: Set(0),
        created: Set(tenant.created.micros()),
        sponsor_id: Set(sponsor_id),
    }
}

impl Store {
    /// Adds `tenant`.
    ///
    /// # Errors
    /// [`KvError::AlreadyExists`] where the slug is taken.
    pub async fn add_tenant(&self, tenant: &Tenant) -> Result<(), KvError> {
        match tenant::Entity::insert(to_row(tenant, None)).exec_without_returning(&self.db).await {
            Ok(_) => Ok(()),
            Err(error) if fault::is_duplicate(&error) => Err(KvError::AlreadyExists { what: "tenant" }),
            Err(error) => Err(fault::classify(error)),
        }
    }

    /// Adds `tenant` with its first member under the licence of the tenant `under`, where `check` takes the number
    /// of those that are under it already, itself included. It stands under the same licence as `under`.
    ///
    /// # Errors
    /// What `check` refuses with; as [`Self::add_tenant`].
    pub async fn add_tenant_under(
        &self,
        tenant: &Tenant,
        member: &Member,
        under: TenantId,
        check: impl Fn(u64) -> Result<(), KvError> + Send + Sync,
    ) -> Result<(), KvError> {
        let check = &check;
        self.change_identity(move |txn| async move {
            let txn = &*txn;
            let row = tenant::Entity::find_by_id(under.0).one(txn).await?;
            let root = row.and_then(|row| row.sponsor_id).unwrap_or(under.0);
            let others = tenant::Entity::find().filter(tenant::COLUMN.sponsor_id.eq(root)).count(txn).await?;
            check(others + 1)?;
            match tenant::Entity::insert(to_row(tenant, Some(root))).exec_without_returning(txn).await {
                Err(error) if fault::is_duplicate(&error) => {
                    return Err(KvError::AlreadyExists { what: "tenant" }.into());
                }
                done => done?,
            };
            membership::Entity::insert(member_row(member, tenant.created)).exec_without_returning(txn).await?;
            Ok(())
        })
        .await
    }

    /// How many tenants stand under the same licence as `id`, itself included.
    ///
    /// # Errors
    /// As [`Self::tenants`].
    pub async fn tenants_under(&self, id: TenantId) -> Result<u64, KvError> {
        let row = tenant::Entity::find_by_id(id.0).one(&self.db).await.map_err(fault::classify)?;
        let root = row.and_then(|row| row.sponsor_id).unwrap_or(id.0);
        let others = tenant::Entity::find().filter(tenant::COLUMN.sponsor_id.eq(root)).count(&self.db).await;
        Ok(others.map_err(fault::classify)? + 1)
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
        self.change_identity(move |txn| async move {
            let txn = &*txn;
            let done = tenant::Entity::update_many()
                .set(tenant::ActiveModel { tier: Set(tier.to_owned()), ..Default::default() })
                .filter(tenant::COLUMN.slug.eq(slug))
                .exec(txn)
                .await?;
            Ok(done.rows_affected > 0)
        })
        .await
    }

    /// A tenant's counters.
    ///
    /// # Errors
    /// As [`Self::tenants`].
    pub async fn usage(&self, id: TenantId) -> Result<Option<Usage>, KvError> {
        let row = tenant::Entity::find_by_id(id.0).one(&self.db).await.map_err(fault::classify)?;
        let Some(row) = row else { return Ok(None) };
        let expired = key_value::Entity::find()
            .filter(key_value::COLUMN.tenant_id.eq(id.0))
            .filter(key_value::COLUMN.expires_at.lte(self.clock.now().micros()))
            .count(&self.db)
            .await
            .map_err(fault::classify)?;
        let pairs = row.pairs.unsigned_abs().saturating_sub(expired);
        Ok(Some(Usage { revision: row.revision, rows: row.pairs, pairs, tier: row.tier }))
    }
}
