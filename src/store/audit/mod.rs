//! The audit log.

mod postgres;
mod sqlite;

use std::{borrow::Cow, sync::Arc};

use entities::audit_log;
use sea_orm::{ColumnTrait, Condition as Sql, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Query};
use uuid::Uuid;

use super::{Store, fault, retry, write::Writer};
use crate::domain::{
    KvError, TenantId, Timestamp,
    audit::AuditEntry,
    filter::{Compare, TextTest},
    table::{Condition, Test},
};

/// Entries that go down together; on SQLite other writers wait meanwhile.
const CHUNK: usize = 1_000;

/// Where a reading of the log stands: the instant and the id of the entry read last.
type Bookmark = (Timestamp, Uuid);

impl Store {
    /// Writes `entries` down; those that are there already stay, so that a try that failed can be made again.
    ///
    /// # Errors
    /// [`KvError::Unavailable`] and [`KvError::Internal`].
    pub async fn add_audit(&self, entries: &Arc<[AuditEntry]>) -> Result<(), KvError> {
        for from in (0..entries.len()).step_by(CHUNK) {
            let (entries, chunk) = (Arc::clone(entries), from..entries.len().min(from + CHUNK));
            let _turn = self.turn().await;
            match &self.writer {
                Writer::Sqlite(writer) => {
                    let writer = Arc::clone(writer);
                    let added = move || writer.with(|connection| sqlite::add(connection, &entries[chunk]));
                    let added = tokio::task::spawn_blocking(added).await.map_err(KvError::internal)?;
                    added.map_err(fault::classify_sqlite)?;
                }
                Writer::Postgres(pool) => postgres::add(pool, &entries[chunk]).await.map_err(fault::classify)?,
            }
        }
        Ok(())
    }

    /// At most `limit` entries of a tenant after `from`, the newest or the oldest first. They may be more than
    /// `condition` takes, and are never fewer.
    ///
    /// # Errors
    /// As [`Self::add_audit`].
    pub async fn audit(
        &self,
        tenant_id: TenantId,
        condition: &Condition,
        oldest_first: bool,
        from: Option<Bookmark>,
        limit: u64,
    ) -> Result<Vec<AuditEntry>, KvError> {
        use audit_log::Column as C;
        let order = if oldest_first { sea_orm::Order::Asc } else { sea_orm::Order::Desc };
        let beyond = from.map(|(at, id)| {
            let (later, next) = if oldest_first {
                (C::At.gt(at.micros()), C::Id.gt(id))
            } else {
                (C::At.lt(at.micros()), C::Id.lt(id))
            };
            Sql::any().add(later).add(Sql::all().add(C::At.eq(at.micros())).add(next))
        });
        let query = audit_log::Entity::find()
            .filter(C::TenantId.eq(tenant_id.0))
            .filter(necessary(condition))
            .filter(beyond.unwrap_or_else(Sql::all))
            .order_by(C::At, order.clone())
            .order_by(C::Id, order)
            .limit(limit);
        let rows = retry::read(|| query.clone().all(&self.db)).await?;
        Ok(rows.into_iter().map(from_row).collect())
    }

    /// Forgets at most `limit` entries from before `before`; how many.
    ///
    /// # Errors
    /// As [`Self::add_audit`].
    pub async fn forget_audit(&self, before: Timestamp, limit: u64) -> Result<u64, KvError> {
        let _turn = self.turn().await;
        let old = Query::select()
            .column(audit_log::Column::Id)
            .from(audit_log::Entity)
            .and_where(audit_log::Column::At.lt(before.micros()))
            .limit(limit)
            .take();
        let done = audit_log::Entity::delete_many()
            .filter(audit_log::Column::Id.in_subquery(old))
            .exec(&self.db)
            .await
            .map_err(fault::classify)?;
        Ok(done.rows_affected)
    }
}

/// What of `condition` an index or a plain comparison decides; every entry that is taken passes it.
fn necessary(condition: &Condition) -> Sql {
    use audit_log::Column as C;
    let mut all = Sql::all();
    for (column, test) in condition.necessary() {
        let sql = match (column, test) {
            ("at", Test::Time(compare)) => match compare {
                Compare::Eq(at) => C::At.eq(at.micros()),
                Compare::Gt(at) => C::At.gt(at.micros()),
                Compare::Gte(at) => C::At.gte(at.micros()),
                Compare::Lt(at) => C::At.lt(at.micros()),
                Compare::Lte(at) => C::At.lte(at.micros()),
                _ => continue,
            },
            ("allowed", Test::Bool(Compare::Eq(allowed))) => C::Allowed.eq(*allowed),
            ("operation", Test::Text(TextTest::Compare(Compare::Eq(name)))) if !name.contains('\0') => {
                C::Operation.eq(name.as_str())
            }
            ("key", Test::Text(TextTest::Compare(Compare::Eq(key)))) => C::Key.eq(key.as_bytes().to_vec()),
            ("token_id", Test::Uuid(Compare::Eq(id))) => C::TokenId.eq(*id),
            ("user_id", Test::Uuid(Compare::Eq(id))) => C::UserId.eq(*id),
            _ => continue,
        };
        all = all.add(sql);
    }
    all
}

/// The subject of an entry; a foreign issuer's may hold what no database's text does.
fn subject(entry: &AuditEntry) -> Cow<'_, str> {
    if entry.subject.contains('\0') { entry.subject.replace('\0', "\u{fffd}").into() } else { (&*entry.subject).into() }
}

fn from_row(row: audit_log::Model) -> AuditEntry {
    AuditEntry {
        id: row.id,
        at: Timestamp::from_micros(row.at),
        tenant_id: TenantId(row.tenant_id),
        token_id: row.token_id,
        user_id: row.user_id,
        subject: row.subject,
        operation: row.operation,
        namespace: row.namespace,
        key: row.key.map(|key| String::from_utf8_lossy(&key).into_owned()),
        object_id: row.object_id,
        reason: row.reason,
        address: row.address,
        count: row.count,
    }
}
