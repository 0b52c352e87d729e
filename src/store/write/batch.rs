//! One transaction for many writes.

use std::{collections::BTreeSet, sync::Arc};

use super::{Applied, Task, bulk, ledger::Ledger};
use crate::{
    domain::{KvError, TenantId},
    store::{Store, retry::Tries},
};

/// What a transaction did.
pub(super) struct Committed {
    /// For each task, in order.
    verdicts: Vec<Result<Applied, KvError>>,
    /// The tenants with so many expired rows that counting them takes long.
    crowded: Vec<TenantId>,
}

impl Committed {
    /// Lets `tasks` decide, one after the other.
    pub(super) fn by(ledger: &mut Ledger, tasks: &[Task]) -> Self {
        let verdicts = tasks.iter().map(|task| ledger.decide(task)).collect();
        Self { verdicts, crowded: ledger.crowded() }
    }
}

/// Commits `tasks` together; a verdict for each, in order.
pub(super) async fn commit(store: &Store, tasks: Vec<Task>) -> Vec<Result<Applied, KvError>> {
    let tasks: Arc<[Task]> = tasks.into();
    let _turn = store.turn().await;
    let mut tries = Tries::default();
    let committed = loop {
        match store.writer.transact(&tasks, &store.clock).await {
            Ok(committed) => break committed,
            Err(failure) => {
                if let Err(error) = failure.again(&mut tries).await {
                    return tasks.iter().map(|_| Err(error.clone())).collect();
                }
            }
        }
    };
    for tenant_id in &committed.crowded {
        if let Err(failure) = bulk::clear(store, *tenant_id).await {
            // Nothing depends on it: the sweeper comes along, and so does the next write.
            tracing::debug!(?failure, "expired rows are left to the sweeper");
        }
    }
    let moved = tasks.iter().zip(&committed.verdicts).filter(|(_, it)| !matches!(it, Err(_) | Ok(Applied::None)));
    for tenant_id in moved.map(|(task, _)| task.tenant_id()).chain(committed.crowded).collect::<BTreeSet<_>>() {
        store.wakers.wake(tenant_id);
    }
    committed.verdicts
}
