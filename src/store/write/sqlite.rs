//! A batch on SQLite: one row a statement, and one connection that has them all prepared.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use rusqlite::{
    CachedStatement, Connection, OpenFlags, OptionalExtension, ToSql, Transaction, TransactionBehavior, params,
};
use uuid::Uuid;

use super::{
    About, Task,
    batch::Committed,
    failure::Failure,
    ledger::{Changed, Delta, Ledger, Tenancy, Turned},
    writer::pruned,
};
use crate::{
    domain::{Clock, KvError, Operation, Pair, TenantId, Timestamp, Value},
    store::{
        connect::{CHECKPOINT, Options, sqlite_file},
        filter::periods::period,
        pairs::from_row,
        point::sqlite,
    },
};

const TENANT: &str = "SELECT tier, revision, pairs FROM tenant WHERE id = ?1";

/// As the reads of single pairs, by id.
const READ_BY_ID: &str = "SELECT id, tenant_id, namespace, key, kind, json, bytes, description, version, revision, \
    expires_at, created, updated, rowid FROM key_value WHERE tenant_id = ?1 AND id = ?2";

const EXPIRED: &str = "SELECT COUNT(*) FROM key_value WHERE tenant_id = ?1 AND expires_at <= ?2";

const DELETE: &str = "DELETE FROM key_value WHERE id = ?1";

const NAMESPACE: &str = "INSERT INTO namespace (tenant_id, name, description, created) VALUES (?1, ?2, NULL, ?3) \
    ON CONFLICT (tenant_id, name) DO NOTHING";

const INSERT: &str = "INSERT INTO key_value (id, kind, json, bytes, description, version, revision, updated, \
    expires_at, tenant_id, namespace, key, created, updated_period) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";

/// By the row's number, which was read with it: by the id there is an index in between.
const UPDATE: &str = "UPDATE key_value SET kind = ?2, json = ?3, bytes = ?4, description = ?5, version = ?6, \
    revision = ?7, updated = ?8 WHERE rowid = ?1";

/// As [`UPDATE`], in another period. SQLite writes the indexes of every column that is named, so others do without.
const UPDATE_LATER: &str = "UPDATE key_value SET kind = ?2, json = ?3, bytes = ?4, description = ?5, version = ?6, \
    revision = ?7, updated = ?8, updated_period = ?9 WHERE rowid = ?1";

/// Apart from [`UPDATE`] for the same reason.
const END: &str = "UPDATE key_value SET expires_at = ?2 WHERE rowid = ?1";

const LOG: &str = "INSERT INTO key_value_change (tenant_id, revision, deleted, key_value_id, namespace, key, version, \
    at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

const PRUNE: &str = "DELETE FROM key_value_change WHERE tenant_id = ?1 AND revision <= ?2";

const TURN: &str = "UPDATE tenant SET revision = ?2, pairs = ?3 WHERE id = ?1";

/// Prepared statements that are kept: those above, those that begin and read, and the audit log's.
const STATEMENTS: usize = 17;

/// The pages that the connection keeps, in KiB (a negative number, as SQLite has it): about 30,000 small pairs with
/// their indexes.
const CACHE: i64 = -8_192;

/// The connection that writes batches, and the audit log.
pub(in crate::store) struct SqliteWriter {
    file: PathBuf,
    wait: Duration,
    idle: Mutex<Option<Connection>>,
}

impl fmt::Debug for SqliteWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteWriter").field("file", &self.file).finish_non_exhaustive()
    }
}

impl SqliteWriter {
    pub(super) fn of(options: &Options) -> Result<Self, KvError> {
        Ok(Self { file: sqlite_file(&options.url)?, wait: options.wait, idle: Mutex::default() })
    }

    /// Runs a batch in this thread, which may have to wait.
    pub(super) fn transact(&self, tasks: &[Task], clock: &dyn Clock) -> Result<Committed, Failure> {
        self.with(|connection| transact(connection, tasks, clock))
    }

    /// Lets `work` use the connection. One on which it fails is not used again, which undoes what it began.
    pub(in crate::store) fn with<T, E: From<rusqlite::Error>>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.take().map_or_else(|| self.open(), Ok)?;
        let done = work(&mut connection)?;
        *self.idle.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection);
        Ok(done)
    }

    pub(super) fn close(&self) {
        drop(self.take());
    }

    fn take(&self) -> Option<Connection> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.file, flags)?;
        connection.busy_timeout(self.wait)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        // An answered write survives a power cut (design.md, "What must hold", 5).
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "cache_size", CACHE)?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT)?;
        Ok(connection)
    }
}

/// The rows that a batch found, by the ids of their pairs.
type Rows = HashMap<Uuid, i64>;

fn transact(connection: &mut Connection, tasks: &[Task], clock: &dyn Clock) -> Result<Committed, Failure> {
    let txn = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (mut ledger, rows) = open(&txn, tasks, clock)?;
    let committed = Committed::by(&mut ledger, tasks);
    match ledger.close() {
        Some(delta) => {
            save(&txn, &delta, &rows)?;
            txn.commit()?;
        }
        None => txn.rollback()?,
    }
    Ok(committed)
}

/// What `tasks` are about, as it is under the lock.
fn open(txn: &Transaction<'_>, tasks: &[Task], clock: &dyn Clock) -> Result<(Ledger, Rows), Failure> {
    let mut tenant = txn.prepare_cached(TENANT)?;
    let mut tenancy = |id: TenantId| {
        let read =
            |row: &rusqlite::Row<'_>| Ok(Tenancy { id, tier: row.get(0)?, revision: row.get(1)?, pairs: row.get(2)? });
        tenant.query_row([id.0.as_bytes()], read).optional()
    };
    let ids: BTreeSet<TenantId> = tasks.iter().map(Task::tenant_id).collect();
    let tenants = ids.into_iter().filter_map(|id| tenancy(id).transpose()).collect::<Result<Vec<_>, _>>()?;
    // After the lock, so that instants follow revisions.
    let (mut ledger, mut rows) = (Ledger::open(tenants, clock.now()), Rows::with_capacity(tasks.len()));
    let found = |row: &rusqlite::Row<'_>| Ok((sqlite::model(row)?, row.get(13)?));
    let (mut by_address, mut by_id) = (txn.prepare_cached(sqlite::READ)?, txn.prepare_cached(READ_BY_ID)?);
    for task in tasks {
        let whose = task.tenant_id().0;
        for about in task.about() {
            if ledger.knows(task.tenant_id(), about) {
                continue;
            }
            let row = match about {
                About::Address(at) => {
                    let place = params![whose.as_bytes(), at.namespace.as_str(), at.key.as_str().as_bytes()];
                    by_address.query_row(place, found).optional()?
                }
                About::Id(id) => by_id.query_row([whose.as_bytes(), id.as_bytes()], found).optional()?,
            };
            if let Some((row, number)) = row {
                rows.insert(row.id, number);
                ledger.found(from_row(row)?);
            }
        }
    }
    for tenant_id in ledger.near_limit(tasks) {
        let tenant = params![tenant_id.0.as_bytes(), ledger.now().micros()];
        let expired = txn.prepare_cached(EXPIRED)?.query_row(tenant, |row| row.get(0))?;
        ledger.expired(tenant_id, expired);
    }
    Ok((ledger, rows))
}

fn save(txn: &Transaction<'_>, delta: &Delta, rows: &Rows) -> rusqlite::Result<()> {
    let mut delete = txn.prepare_cached(DELETE)?;
    delta.gone.iter().try_for_each(|id| delete.execute([id.as_bytes()]).map(drop))?;
    for (tenant_id, name) in &delta.namespaces {
        txn.prepare_cached(NAMESPACE)?.execute(params![tenant_id.0.as_bytes(), name.as_str(), delta.now.micros()])?;
    }
    let (mut update, mut update_later) = (txn.prepare_cached(UPDATE)?, txn.prepare_cached(UPDATE_LATER)?);
    let mut end = txn.prepare_cached(END)?;
    for Changed { pair, end: ends, before } in &delta.changed {
        let row = rows.get(&pair.id).ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        let later = period(pair.updated);
        if later == period(*before) {
            bind(&mut update, row, pair)?;
            update.raw_execute()?;
        } else {
            bind(&mut update_later, row, pair)?;
            update_later.raw_bind_parameter(9, later)?;
            update_later.raw_execute()?;
        }
        if *ends {
            end.execute(params![row, pair.expires_at.map(Timestamp::micros)])?;
        }
    }
    let mut insert = txn.prepare_cached(INSERT)?;
    for pair in &delta.added {
        bind(&mut insert, pair.id.as_bytes(), pair)?;
        insert.raw_bind_parameter(9, pair.expires_at.map(Timestamp::micros))?;
        insert.raw_bind_parameter(10, pair.tenant_id.0.as_bytes())?;
        insert.raw_bind_parameter(11, pair.address.namespace.as_str())?;
        insert.raw_bind_parameter(12, pair.address.key.as_str().as_bytes())?;
        insert.raw_bind_parameter(13, pair.created.micros())?;
        insert.raw_bind_parameter(14, period(pair.updated))?;
        insert.raw_execute()?;
    }
    let mut log = txn.prepare_cached(LOG)?;
    for change in &delta.changes {
        log.execute(params![
            change.tenant_id.0.as_bytes(),
            change.revision,
            change.operation == Operation::Delete,
            change.pair_id.as_bytes(),
            change.address.namespace.as_str(),
            change.address.key.as_str().as_bytes(),
            change.version,
            change.at.micros()
        ])?;
    }
    for Turned { tenant_id, before, revision, pairs } in &delta.turned {
        if let Some(last) = pruned(*before, *revision) {
            txn.prepare_cached(PRUNE)?.execute(params![tenant_id.0.as_bytes(), last])?;
        }
        txn.prepare_cached(TURN)?.execute(params![tenant_id.0.as_bytes(), revision, pairs])?;
    }
    Ok(())
}

/// Binds what [`INSERT`], [`UPDATE`] and [`UPDATE_LATER`] have in common, after what they know the row by.
fn bind(statement: &mut CachedStatement<'_>, row: impl ToSql, pair: &Pair) -> rusqlite::Result<()> {
    let (json, bytes) = match &pair.value {
        Value::Json { text, .. } => (Some(text.as_str()), None),
        Value::Bytes(bytes) => (None, Some(bytes.as_slice())),
    };
    statement.raw_bind_parameter(1, row)?;
    statement.raw_bind_parameter(2, pair.value.kind().name())?;
    statement.raw_bind_parameter(3, json)?;
    statement.raw_bind_parameter(4, bytes)?;
    statement.raw_bind_parameter(5, pair.description.as_deref())?;
    statement.raw_bind_parameter(6, pair.version)?;
    statement.raw_bind_parameter(7, pair.revision)?;
    statement.raw_bind_parameter(8, pair.updated.micros())
}
