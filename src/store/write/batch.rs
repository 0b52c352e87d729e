//! One transaction for many writes.

use std::collections::BTreeSet;

use sea_orm::DbErr;

use super::{Applied, Write, bulk, failure::Failure, ledger::Ledger};
use crate::{
    domain::KvError,
    store::{Store, fault, retry::Tries},
};

/// Commits `writes` together; a verdict for each, in order.
pub(super) async fn commit(store: &Store, writes: &[Write]) -> Vec<Result<Applied, KvError>> {
    let _turn = store.turn().await;
    let mut tries = Tries::default();
    loop {
        let failure = match try_commit(store, writes).await {
            Ok(verdicts) => {
                let moved =
                    writes.iter().zip(&verdicts).filter(|(_, verdict)| !matches!(verdict, Err(_) | Ok(Applied::None)));
                for tenant_id in moved.map(|(write, _)| write.tenant_id).collect::<BTreeSet<_>>() {
                    store.wakers.wake(tenant_id);
                }
                return verdicts;
            }
            Err(failure) => failure,
        };
        if let Err(error) = failure.again(&mut tries).await {
            return all(writes, error);
        }
    }
}

/// The same failure for every one of `writes`.
fn all(writes: &[Write], error: DbErr) -> Vec<Result<Applied, KvError>> {
    let error = fault::classify(error);
    writes.iter().map(|_| Err(error.clone())).collect()
}

async fn try_commit(store: &Store, writes: &[Write]) -> Result<Vec<Result<Applied, KvError>>, Failure> {
    let txn = store.begin().await.map_err(Failure::Before)?;
    let mut ledger = Ledger::lock(&txn, writes, &*store.clock).await.map_err(Failure::Before)?;
    let verdicts = writes.iter().map(|write| ledger.decide(write)).collect();
    let crowded = ledger.crowded();
    let moved = ledger.save(&txn).await.map_err(Failure::Before)?;
    for tenant_id in &crowded {
        bulk::clear(&txn, store, *tenant_id).await.map_err(Failure::Before)?;
    }
    if moved || !crowded.is_empty() {
        txn.commit().await.map_err(Failure::AtCommit)?;
    } else {
        txn.rollback().await.map_err(Failure::Before)?;
    }
    Ok(verdicts)
}
