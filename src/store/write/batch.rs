//! One transaction for many writes.

use std::{collections::BTreeSet, time::Duration};

use sea_orm::DbErr;

use super::{Applied, Write, ledger::Ledger};
use crate::{
    domain::KvError,
    store::{Store, fault},
};

/// How often a transaction that the database aborted is run again.
const RETRIES: u32 = 5;

/// Where a transaction failed: once COMMIT is sent and no answer comes, nobody knows.
enum Failure {
    Before(DbErr),
    AtCommit(DbErr),
}

/// Commits `writes` together; a verdict for each, in order.
pub(super) async fn commit(store: &Store, writes: &[Write]) -> Vec<Result<Applied, KvError>> {
    let mut attempt = 0;
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
            Err(Failure::Before(error)) if fault::is_passing(&error) && attempt < RETRIES => error,
            Err(Failure::AtCommit(error)) if fault::is_aborted(&error) && attempt < RETRIES => error,
            Err(Failure::Before(error) | Failure::AtCommit(error)) => {
                let error = fault::classify(error);
                return writes.iter().map(|_| Err(error.clone())).collect();
            }
        };
        attempt += 1;
        tracing::debug!(error = &error as &dyn std::error::Error, attempt, "transaction aborted, running it again");
        tokio::time::sleep(Duration::from_millis(10 << attempt)).await;
    }
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
