//! Giving a pair another address: two writes that are one.

use std::fmt;

use super::{Applied, Decide, Effect, Standing, Task, lane};
use crate::{
    domain::{Address, KvError, Pair, TenantId},
    store::Store,
};

/// What becomes of the pair that was taken, beside what is there already. Pure, as [`Decide`].
pub(super) type Place = Box<dyn Fn(&Pair, &Standing<'_>) -> Result<Effect, KvError> + Send + Sync>;

/// What the first rule removes, the second puts somewhere else; where either refuses, nothing is written.
pub struct Move {
    /// Whose lock.
    pub tenant_id: TenantId,
    /// Where the pair is.
    pub from: Address,
    /// Where it will be.
    pub to: Address,
    /// The rule for the first; it removes, or refuses.
    pub take: Decide,
    /// The rule for the second.
    pub place: Place,
}

impl fmt::Debug for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tenant_id, from, to, .. } = self;
        f.debug_struct("Move").field("tenant_id", tenant_id).field("from", from).field("to", to).finish_non_exhaustive()
    }
}

impl Store {
    /// Moves a pair under its tenant's lock; two revisions, both committed or none.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn relocate(&self, moving: Move) -> Result<Applied, KvError> {
        lane::submit(self, Task::Move(moving)).await
    }
}
