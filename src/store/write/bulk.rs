//! Removing many pairs at once: one transaction, and no row of them in memory.

use entities::{key_value, key_value_change, namespace, tenant};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use super::{failure::Failure, prune};
use crate::{
    domain::{Key, KvError, Namespace, TenantId, Timestamp},
    store::{Store, filter, pairs::live, retry::Tries},
};

/// Rows that [`clear`] removes.
const CLEARED: u64 = 1_000;

/// Keys looked up in one statement.
const KEYS: usize = 500;

/// Which pairs to remove.
#[derive(Debug, Clone, Copy)]
pub enum Doomed<'a> {
    /// Those of a namespace whose keys start with this text.
    Prefix(&'a Namespace, &'a str),
    /// Those of a namespace with these keys.
    Keys(&'a Namespace, &'a [Key]),
    /// A namespace: its row, and with `force` its pairs. Without, nothing where live pairs are in it.
    Namespace {
        /// Its name.
        name: &'a Namespace,
        /// Whether its pairs go with it.
        force: bool,
    },
    /// Those of these ids that had expired at this instant.
    Expired(&'a [Uuid], Timestamp),
}

/// What a removal took away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Removed {
    /// Live pairs.
    pub pairs: u64,
    /// Rows, expired ones included.
    pub rows: u64,
    /// For [`Doomed::Namespace`], whether the namespace's row was there and went; where pairs are in it
    /// and `force` is not given, only [`Self::pairs`] says so.
    pub namespace: bool,
    /// For [`Doomed::Keys`], the keys of the live pairs, in the order asked for.
    pub keys: Vec<Key>,
}

impl Store {
    /// Removes pairs of a tenant in one transaction under its lock; each removed row is a revision.
    ///
    /// # Errors
    /// [`KvError::NoSuchId`] where there is no such tenant, [`KvError::Unavailable`] and [`KvError::Internal`].
    pub async fn remove(&self, tenant_id: TenantId, doomed: Doomed<'_>) -> Result<Removed, KvError> {
        let _turn = self.turn().await;
        let mut tries = Tries::default();
        loop {
            match self.try_remove(tenant_id, doomed).await {
                Ok(removed) => {
                    if removed.as_ref().is_some_and(|removed| removed.rows > 0) {
                        self.wakers.wake(tenant_id);
                    }
                    return removed.ok_or(KvError::NoSuchId { what: "tenant" });
                }
                Err(failure) => failure.again(&mut tries).await?,
            }
        }
    }

    async fn try_remove(&self, tenant_id: TenantId, doomed: Doomed<'_>) -> Result<Option<Removed>, Failure> {
        let txn = self.begin().await?;
        let Some(mut removal) = Removal::lock(&txn, tenant_id, self).await? else {
            return Ok(None);
        };
        removal.run(doomed).await?;
        let removed = removal.finish().await?;
        txn.commit().await.map_err(Failure::at_commit)?;
        Ok(Some(removed))
    }
}

/// Removes what expired first of a tenant, so that what has to be counted under its lock stays little.
/// Whoever calls it has the turn.
pub(super) async fn clear(store: &Store, tenant_id: TenantId) -> Result<(), Failure> {
    let txn = store.begin().await?;
    let Some(mut removal) = Removal::lock(&txn, tenant_id, store).await? else { return Ok(()) };
    let ids: Vec<Uuid> = key_value::Entity::find()
        .select_only()
        .column(key_value::Column::Id)
        .filter(key_value::COLUMN.tenant_id.eq(tenant_id.0))
        .filter(key_value::COLUMN.expires_at.lte(removal.now.micros()))
        .order_by_asc(key_value::COLUMN.expires_at)
        .limit(CLEARED)
        .into_tuple()
        .all(&txn)
        .await?;
    removal.run(Doomed::Expired(&ids, removal.now)).await?;
    removal.finish().await?;
    txn.commit().await.map_err(Failure::at_commit)
}

/// A removal under way, the tenant locked.
struct Removal<'a> {
    txn: &'a DatabaseTransaction,
    tenant: tenant::Model,
    now: Timestamp,
    removed: Removed,
}

impl<'a> Removal<'a> {
    /// Locks a tenant; none where there is no such tenant.
    async fn lock(txn: &'a DatabaseTransaction, tenant_id: TenantId, store: &Store) -> Result<Option<Self>, DbErr> {
        let locked = tenant::Entity::find_by_id(tenant_id.0).lock_exclusive().one(txn).await?;
        // After the lock, so that instants follow revisions.
        let now = store.clock.now();
        Ok(locked.map(|tenant| Self { txn, tenant, now, removed: Removed::default() }))
    }

    async fn run(&mut self, doomed: Doomed<'_>) -> Result<(), DbErr> {
        match doomed {
            Doomed::Prefix(namespace, prefix) => self.take(within(namespace).add(filter::keys_from(prefix))).await,
            Doomed::Namespace { name, force } => self.take_namespace(name, force).await,
            Doomed::Keys(namespace, keys) => {
                for keys in keys.chunks(KEYS) {
                    self.take_keys(namespace, keys).await?;
                }
                Ok(())
            }
            Doomed::Expired(ids, by) => {
                let ids = key_value::Column::Id.is_in(ids.iter().copied());
                self.take(Condition::all().add(ids).add(key_value::COLUMN.expires_at.lte(by.micros()))).await
            }
        }
    }

    async fn take_keys(&mut self, namespace: &Namespace, keys: &[Key]) -> Result<(), DbErr> {
        let bytes = keys.iter().map(|key| key.as_str().as_bytes().to_vec());
        let these = within(namespace).add(key_value::Column::Key.is_in(bytes));
        let found: Vec<Vec<u8>> = key_value::Entity::find()
            .select_only()
            .column(key_value::Column::Key)
            .filter(live(TenantId(self.tenant.id), self.now))
            .filter(these.clone())
            .into_tuple()
            .all(self.txn)
            .await?;
        self.take(these).await?;
        let mut found: std::collections::HashSet<_> = found.into_iter().collect();
        // A key that is named twice was there once.
        self.removed.keys.extend(keys.iter().filter(|key| found.remove(key.as_str().as_bytes())).cloned());
        Ok(())
    }

    async fn take_namespace(&mut self, name: &Namespace, force: bool) -> Result<(), DbErr> {
        if !force {
            self.removed.pairs = self.count(within(name)).await?;
            if self.removed.pairs > 0 {
                return Ok(());
            }
        }
        self.take(within(name)).await?;
        let row = namespace::Entity::delete_by_id((self.tenant.id, name.as_str().to_owned()));
        self.removed.namespace = row.exec(self.txn).await?.rows_affected > 0;
        Ok(())
    }

    /// How many of the rows are live.
    async fn count(&self, rows: Condition) -> Result<u64, DbErr> {
        let alive = live(TenantId(self.tenant.id), self.now);
        key_value::Entity::find().filter(alive).filter(rows).count(self.txn).await
    }

    /// Removes the tenant's rows that `condition` takes, and writes each into the log.
    async fn take(&mut self, condition: Condition) -> Result<(), DbErr> {
        self.removed.pairs += self.count(condition.clone()).await?;
        let own = Condition::all().add(key_value::COLUMN.tenant_id.eq(self.tenant.id)).add(condition);
        self.log(own.clone()).await?;
        let gone = key_value::Entity::delete_many().filter(own).exec(self.txn).await?.rows_affected;
        self.removed.rows += gone;
        Ok(())
    }

    /// Writes the rows into the log, numbered from the next revision on.
    async fn log(&self, own: Condition) -> Result<(), DbErr> {
        use key_value::Column as Row;
        use key_value_change::Column as Log;
        // Raw: sea-query's window functions take no bare function such as this one.
        let place = Expr::cust(r#"ROW_NUMBER() OVER (ORDER BY "namespace", "key")"#);
        let last = self.tenant.revision + i64::try_from(self.removed.rows).unwrap_or(i64::MAX);
        let rows = Query::select()
            .column(Row::TenantId)
            .expr(Expr::val(last).add(place))
            .expr(Expr::val(true))
            .columns([Row::Id, Row::Namespace, Row::Key, Row::Version])
            .expr(Expr::val(self.now.micros()))
            .from(key_value::Entity)
            .cond_where(own)
            .take();
        let mut insert = Query::insert();
        let columns = [
            Log::TenantId,
            Log::Revision,
            Log::Deleted,
            Log::KeyValueId,
            Log::Namespace,
            Log::Key,
            Log::Version,
            Log::At,
        ];
        insert.into_table(key_value_change::Entity).columns(columns);
        insert.select_from(rows).map_err(|error| DbErr::Custom(error.to_string()))?;
        self.txn.execute(&insert).await?;
        Ok(())
    }

    /// Brings the tenant's counters up to date.
    async fn finish(self) -> Result<Removed, DbErr> {
        let rows = i64::try_from(self.removed.rows).unwrap_or(i64::MAX);
        if rows > 0 {
            let revision = self.tenant.revision + rows;
            prune(self.txn, TenantId(self.tenant.id), self.tenant.revision, revision).await?;
            let row = tenant::ActiveModel {
                revision: Set(revision),
                pairs: Set(self.tenant.pairs - rows),
                ..Default::default()
            };
            tenant::Entity::update_many().set(row).filter(tenant::COLUMN.id.eq(self.tenant.id)).exec(self.txn).await?;
        }
        Ok(self.removed)
    }
}

/// The rows of a namespace.
fn within(namespace: &Namespace) -> Condition {
    Condition::all().add(key_value::COLUMN.namespace.eq(namespace.as_str()))
}
