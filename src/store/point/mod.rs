//! One pair by its address: the read that nearly every request is.
//!
//! These two statements leave the ORM. On SQLite, sqlx hands every statement to a thread and back,
//! which takes ten times as long as the read. Reads that arrive together share a snapshot there, and a
//! round trip on PostgreSQL. A test holds the answers against the ORM's.

mod gather;
pub(super) mod postgres;
pub(super) mod sqlite;

use std::{fmt::Write, sync::Arc};

use entities::key_value;
use sea_orm::{ColumnTrait, DatabaseConnection, DbBackend, EntityTrait, QueryFilter, sqlx::PgPool};

use self::gather::Gather;
use super::{Store, connect::Options, fault, pairs::from_row, readers::Readers, retry};
use crate::domain::{Address, Key, KvError, Pair, Scope, Selection, TenantId};

/// How this database reads single pairs.
#[derive(Clone)]
pub(super) enum Points {
    /// By a prepared statement, in one snapshot for those who ask meanwhile.
    Sqlite(Arc<Gather<Arc<Readers>>>),
    /// In one round trip for those who ask meanwhile.
    Postgres(Arc<Gather<PgPool>>),
}

impl Points {
    pub(super) fn of(db: &DatabaseConnection, options: &Options) -> Result<Self, KvError> {
        Ok(match db.get_database_backend() {
            DbBackend::Sqlite => Self::Sqlite(Arc::new(Gather::new(Arc::new(Readers::of(options)?)))),
            _ => Self::Postgres(Arc::new(Gather::new(postgres::pool(options).map_err(KvError::internal)?))),
        })
    }

    /// Lets go of the database.
    pub(super) async fn close(&self) {
        if let Self::Postgres(gather) = self {
            gather.source.close().await;
        }
    }
}

impl Store {
    /// The row of a tenant at an address, live or expired.
    ///
    /// # Errors
    /// As [`Self::pair`].
    pub async fn row_at(&self, tenant_id: TenantId, address: &Address) -> Result<Option<Pair>, KvError> {
        let row = match &self.points {
            Points::Sqlite(gather) => match gather.read(tenant_id, address).await {
                // The file may be another process's for a moment; the pool waits for it.
                Err(error @ KvError::Internal(_)) => {
                    tracing::debug!(error = &error as &dyn std::error::Error, "read again by the pool");
                    self.plain(tenant_id, address).await?
                }
                answered => answered?,
            },
            Points::Postgres(gather) => gather.read(tenant_id, address).await?,
        };
        row.map(from_row).transpose().map_err(fault::classify)
    }

    /// The pairs of a selection that can take one address only; none where it may take others.
    pub(super) async fn single(
        &self,
        tenant_id: TenantId,
        scope: &Scope,
        selection: &Selection,
    ) -> Option<Result<Vec<Pair>, KvError>> {
        let found = self.row_at(tenant_id, &single(scope, selection)?).await;
        Some(found.map(|row| row.into_iter().filter(|pair| pair.is_live(self.clock.now())).collect()))
    }

    /// The statement that [`Self::single`] sends.
    pub(super) fn single_statement(&self, tenant_id: TenantId, scope: &Scope, selection: &Selection) -> Option<String> {
        let address = single(scope, selection)?;
        Some(match self.points {
            Points::Sqlite(_) => sqlite::statement(tenant_id, &address),
            Points::Postgres(_) => postgres::statement(tenant_id, &address),
        })
    }

    async fn plain(&self, tenant_id: TenantId, address: &Address) -> Result<Option<key_value::Model>, KvError> {
        let query = key_value::Entity::find()
            .filter(key_value::COLUMN.tenant_id.eq(tenant_id.0))
            .filter(key_value::COLUMN.namespace.eq(address.namespace.as_str()))
            .filter(key_value::Column::Key.eq(address.key.as_str().as_bytes()));
        retry::read(|| async { Ok(query.clone().all(&self.db).await?.into_iter().next()) }).await
    }
}

/// The one address that a selection can take. A text that is no key is no pair's, and has none.
fn single(scope: &Scope, selection: &Selection) -> Option<Address> {
    let Scope::One(namespace) = scope else { return None };
    let key = Key::new(selection.only_key()?).ok()?;
    Some(Address { namespace: namespace.clone(), key })
}

/// Bytes as both databases write them in hexadecimal.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        // Infallible: writing to a String.
        _ = write!(out, "{byte:02x}");
        out
    })
}
