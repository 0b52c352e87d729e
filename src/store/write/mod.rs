//! Writing pairs: one writer per tenant, and writes that wait together commit together.
//!
//! A [`Write`] names its target and carries a pure decision, made under the tenant's lock. The
//! store gathers writes that wait for the same lock into one transaction; each keeps its own
//! verdict, and a refused one does not harm its neighbours (design.md, "What must hold", 2).

mod batch;
mod bulk;
mod failure;
mod lane;
mod ledger;
mod moving;
mod postgres;
mod sqlite;
mod writer;

use std::fmt;

use entities::key_value_change;
use sea_orm::{DatabaseTransaction, DbBackend, DbErr, EntityTrait, QueryFilter};
use tokio::sync::MutexGuard;
use uuid::Uuid;

pub use bulk::{Doomed, Removed};
pub(super) use lane::Lanes;
pub use moving::Move;
pub(super) use writer::Writer;

use super::Store;
use crate::domain::{Address, KvError, Licence, Pair, TenantId, Timestamp};

/// What a write is about.
#[derive(Debug, Clone)]
pub enum Target {
    /// Whatever lives at an address.
    Address(Address),
    /// The pair with this id.
    Id(Uuid),
}

/// What a decision finds under the lock.
#[derive(Debug)]
pub struct Standing<'a> {
    /// The row at the target, live or expired.
    pub current: Option<&'a Pair>,
    /// Live pairs of the tenant; exact where the write's licence may be used up.
    pub pairs: u64,
    /// The name of the tenant's licence tier.
    pub tier: &'a str,
    /// The instant of the write.
    pub now: Timestamp,
}

/// What a decision does to its target.
#[derive(Debug)]
pub enum Effect {
    /// This pair lives there from now on; its revision is the store's to give.
    Put(Box<Pair>),
    /// Nothing lives there any more.
    Remove,
    /// Everything stays.
    Keep,
}

/// What a write did.
#[derive(Debug, Clone)]
pub enum Applied {
    /// The pair as it is now.
    Put(Pair),
    /// The pair as it was.
    Removed(Pair),
    /// Nothing.
    None,
}

/// A decision: pure, since a transaction that the database aborts is decided again.
pub type Decide = Box<dyn Fn(&Standing<'_>) -> Result<Effect, KvError> + Send + Sync>;

/// A write waiting for its tenant's lock.
pub struct Write {
    /// Whose lock.
    pub tenant_id: TenantId,
    /// What it is about.
    pub target: Target,
    /// The licence that the decision holds [`Standing::pairs`] against; none where it does not.
    pub licence: Option<Licence>,
    /// The rule.
    pub decide: Decide,
}

impl fmt::Debug for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Write")
            .field("tenant_id", &self.tenant_id)
            .field("target", &self.target)
            .finish_non_exhaustive()
    }
}

/// What waits for a tenant's lock.
#[derive(Debug)]
enum Task {
    Write(Write),
    Move(Move),
}

/// What a task is about.
#[derive(Debug, Clone, Copy)]
enum About<'a> {
    Address(&'a Address),
    Id(Uuid),
}

impl Target {
    fn about(&self) -> About<'_> {
        match self {
            Self::Address(address) => About::Address(address),
            Self::Id(id) => About::Id(*id),
        }
    }
}

impl Task {
    fn tenant_id(&self) -> TenantId {
        match self {
            Self::Write(write) => write.tenant_id,
            Self::Move(moving) => moving.tenant_id,
        }
    }

    fn licence(&self) -> Option<&Licence> {
        match self {
            Self::Write(write) => write.licence.as_ref(),
            Self::Move(_) => None,
        }
    }

    /// The one or two rows that it is about.
    fn about(&self) -> impl Iterator<Item = About<'_>> {
        let (one, other) = match self {
            Self::Write(write) => (write.target.about(), None),
            Self::Move(moving) => (About::Address(&moving.from), Some(About::Address(&moving.to))),
        };
        [Some(one), other].into_iter().flatten()
    }
}

impl Store {
    /// Runs `write` under its tenant's lock and answers once it is durable.
    ///
    /// # Errors
    /// What the decision refuses with; [`KvError::Unavailable`] where the database gives way again
    /// and again or too many writes wait; [`KvError::Internal`].
    pub async fn write(&self, write: Write) -> Result<Applied, KvError> {
        lane::submit(self, Task::Write(write)).await
    }

    /// This process's turn to write, on SQLite: those who wait get it in order, where its busy timeout
    /// would let a steady stream of writers starve others, such as what is written down every few seconds.
    /// PostgreSQL queues them by itself.
    pub(super) async fn turn(&self) -> Option<MutexGuard<'_, ()>> {
        match self.db.get_database_backend() {
            DbBackend::Sqlite => Some(self.lanes.turn.lock().await),
            _ => None,
        }
    }
}

/// Drops changes that are older than the log is kept, once in a while.
async fn prune(txn: &DatabaseTransaction, tenant_id: TenantId, before: i64, revision: i64) -> Result<(), DbErr> {
    if let Some(last) = writer::pruned(before, revision) {
        key_value_change::Entity::delete_many()
            .filter(key_value_change::COLUMN.tenant_id.eq(tenant_id.0))
            .filter(key_value_change::COLUMN.revision.lte(last))
            .exec(txn)
            .await?;
    }
    Ok(())
}
