//! Namespaces.

use std::collections::HashMap;

use entities::{key_value, namespace};
use sea_orm::{ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Store, fault, filter, pairs::live, retry};
use crate::domain::{KvError, Namespace, NamespaceInfo, Scope, TenantId, Timestamp};

impl Store {
    /// The namespaces of a tenant in `scope`, by name; `limit` of them after the first `offset`.
    ///
    /// # Errors
    /// [`KvError::Unavailable`] and [`KvError::Internal`].
    pub async fn namespaces(
        &self,
        tenant_id: TenantId,
        scope: &Scope,
        limit: Option<u64>,
        offset: u64,
    ) -> Result<Vec<NamespaceInfo>, KvError> {
        let query = namespace::Entity::find()
            .filter(namespace::COLUMN.tenant_id.eq(tenant_id.0))
            .filter(filter::names(namespace::Column::Name, scope))
            .order_by_asc(namespace::COLUMN.name)
            // SQLite takes no OFFSET without a LIMIT.
            .limit(limit.unwrap_or(i64::MAX.unsigned_abs()))
            .offset(offset);
        retry::read(|| async { query.clone().all(&self.db).await?.into_iter().map(from_row).collect() }).await
    }

    /// How many live pairs each of these namespaces holds; those that hold none are left out.
    ///
    /// # Errors
    /// As [`Self::namespaces`].
    pub async fn pairs_in(&self, tenant_id: TenantId, names: &[Namespace]) -> Result<HashMap<String, u64>, KvError> {
        let query = key_value::Entity::find()
            .select_only()
            .column(key_value::Column::Namespace)
            .column_as(key_value::Column::Id.count(), "count")
            .filter(live(tenant_id, self.clock.now()))
            .filter(key_value::Column::Namespace.is_in(names.iter().map(Namespace::as_str)))
            .group_by(key_value::Column::Namespace);
        let counts = retry::read(|| async { query.clone().into_tuple::<(String, i64)>().all(&self.db).await }).await?;
        Ok(counts.into_iter().map(|(name, count)| (name, count.unsigned_abs())).collect())
    }

    /// Makes a namespace.
    ///
    /// # Errors
    /// [`KvError::AlreadyExists`], and as [`Self::namespaces`].
    pub async fn add_namespace(&self, tenant_id: TenantId, new: &NamespaceInfo) -> Result<(), KvError> {
        let row = namespace::ActiveModel {
            tenant_id: Set(tenant_id.0),
            name: Set(new.name.as_str().to_owned()),
            description: Set(new.description.clone()),
            created: Set(new.created.micros()),
        };
        match namespace::Entity::insert(row).exec_without_returning(&self.db).await {
            Ok(_) => Ok(()),
            Err(error) if fault::is_duplicate(&error) => Err(KvError::AlreadyExists { what: "namespace" }),
            Err(error) => Err(fault::classify(error)),
        }
    }

    /// Gives a namespace another description; `false` where there is no such namespace.
    ///
    /// # Errors
    /// As [`Self::namespaces`].
    pub async fn describe_namespace(
        &self,
        tenant_id: TenantId,
        name: &Namespace,
        description: Option<String>,
    ) -> Result<bool, KvError> {
        let done = namespace::Entity::update_many()
            .set(namespace::ActiveModel { description: Set(description), ..Default::default() })
            .filter(namespace::COLUMN.tenant_id.eq(tenant_id.0))
            .filter(namespace::COLUMN.name.eq(name.as_str()))
            .exec(&self.db)
            .await
            .map_err(fault::classify)?;
        Ok(done.rows_affected > 0)
    }
}

fn from_row(row: namespace::Model) -> Result<NamespaceInfo, DbErr> {
    let name = Namespace::new(row.name).map_err(|_| DbErr::Type("namespace: name is broken".to_owned()))?;
    Ok(NamespaceInfo { name, description: row.description, created: Timestamp::from_micros(row.created) })
}
