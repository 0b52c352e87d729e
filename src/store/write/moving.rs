//! Giving a pair another address, in one transaction.

use super::{Applied, Decide, Effect, Standing, Target, Write, failure::Failure, ledger::Ledger};
use crate::{
    domain::{Address, KvError, Pair, TenantId},
    store::{Store, fault, retry::Tries},
};

/// What becomes of the pair that was taken, beside what is there already. Pure, as [`Decide`].
type Place = Box<dyn Fn(&Pair, &Standing<'_>) -> Result<Effect, KvError> + Send + Sync>;

/// Two writes that are one: what the first removes, the second puts somewhere else.
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

impl Store {
    /// Moves a pair under its tenant's lock; two revisions, both committed or none.
    ///
    /// # Errors
    /// What the decisions refuse with; [`KvError::Unavailable`] and [`KvError::Internal`].
    pub async fn relocate(&self, moving: &Move) -> Result<Applied, KvError> {
        let _turn = self.turn().await;
        let mut tries = Tries::default();
        loop {
            match Box::pin(self.try_relocate(moving)).await {
                Ok(verdict) => {
                    if verdict.is_ok() {
                        self.wakers.wake(moving.tenant_id);
                    }
                    return verdict;
                }
                Err(failure) => failure.again(&mut tries).await.map_err(fault::classify)?,
            }
        }
    }

    async fn try_relocate(&self, moving: &Move) -> Result<Result<Applied, KvError>, Failure> {
        let write = |address: &Address, decide| Write {
            tenant_id: moving.tenant_id,
            target: Target::Address(address.clone()),
            licence: None,
            decide,
        };
        let nothing = || -> Decide { Box::new(|_| Ok(Effect::Keep)) };
        let both = [write(&moving.from, nothing()), write(&moving.to, nothing())];
        let txn = self.begin().await.map_err(Failure::Before)?;
        let mut ledger = Ledger::lock(&txn, &both, &*self.clock).await.map_err(Failure::Before)?;
        let mut decide = || {
            let Applied::Removed(pair) = ledger.decide_by(&both[0], &moving.take)? else { return Ok(Applied::None) };
            ledger.decide_by(&both[1], &|standing: &Standing<'_>| (moving.place)(&pair, standing))
        };
        let verdict = decide();
        if verdict.is_err() {
            txn.rollback().await.map_err(Failure::Before)?;
            return Ok(verdict);
        }
        ledger.save(&txn).await.map_err(Failure::Before)?;
        txn.commit().await.map_err(Failure::AtCommit)?;
        Ok(verdict)
    }
}
