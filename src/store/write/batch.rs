//! One transaction for many writes.

use std::collections::BTreeSet;

use sea_orm::DbErr;

use super::{Applied, Write, ledger::Ledger};
use crate::{
    domain::KvError,
    store::{Store, fault, retry::Tries},
};

/// Where a transaction failed: once COMMIT is sent and no answer comes, nobody knows.
enum Failure {
    Before(DbErr),
    AtCommit(DbErr),
}

/// Commits `writes` together; a verdict for each, in order.
pub(super) async fn commit(store: &Store, writes: &[Write]) -> Vec<Result<Applied, KvError>> {
    let mut tries = Tries::default();
    loop {
        let error = match try_commit(store, writes).await {
            Ok(verdicts) => {
                let moved =
                    writes.iter().zip(&verdicts).filter(|(_, verdict)| !matches!(verdict, Err(_) | Ok(Applied::None)));
                for tenant_id in moved.map(|(write, _)| write.tenant_id).collect::<BTreeSet<_>>() {
                    store.wakers.wake(tenant_id);
                }
                return verdicts;
            }
            Err(Failure::Before(error)) if fault::is_passing(&error) => error,
            Err(Failure::AtCommit(error)) if fault::is_aborted(&error) => error,
            Err(Failure::Before(error) | Failure::AtCommit(error)) => return all(writes, error),
        };
        if let Err(error) = tries.again(error).await {
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
    if ledger.save(&txn).await.map_err(Failure::Before)? {
        txn.commit().await.map_err(Failure::AtCommit)?;
    } else {
        txn.rollback().await.map_err(Failure::Before)?;
    }
    Ok(verdicts)
}
