//! Expired pairs are gone for everybody; the sweeper takes them off the disk too.
//!
//! One server at a time, in batches as small as the database is slow, with as long a pause after each, so that
//! writers hardly wait. Each batch is a transaction of its own under its tenant's lock: a server that dies leaves
//! nothing half done, and another goes on once its lease ends.

use std::{collections::BTreeMap, time::Duration};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Service, ids::new_id};
use crate::{
    domain::{KvError, TenantId},
    store::Doomed,
};

/// The sweeper's name among leases.
const NAME: &str = "sweeper";

/// How long after a server's last batch another may take over.
const LEASE: Duration = Duration::from_mins(1);

/// How long a batch may hold writers up: one that took longer is followed by a smaller one.
const HOLD: Duration = Duration::from_millis(20);

/// The smallest batch that grows and shrinks.
const SMALL: u64 = 25;

/// Writers' time after a batch: as long as it took, within these bounds.
const PAUSE: [Duration; 2] = [Duration::from_millis(10), Duration::from_millis(500)];

/// When expired pairs are removed, and how many at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sweep {
    /// How often they are looked for.
    pub interval: Duration,
    /// How long after their end they are kept, for clients that are told once that a pair has expired.
    pub grace: Duration,
    /// Most pairs in one transaction.
    pub batch: u64,
}

impl Service {
    /// Sweeps at each interval until `stop`, then leaves the task to another server.
    pub async fn sweep_until(&self, sweep: Sweep, stop: CancellationToken) {
        let me = new_id();
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                swept = self.sweep(me, sweep) => {
                    if let Err(error) = swept {
                        tracing::warn!(error = &error as &dyn std::error::Error, "cannot remove expired pairs");
                    }
                }
            }
            // Time out: the next round.
            let _ = tokio::time::timeout(sweep.interval, stop.cancelled()).await;
        }
        if let Err(error) = self.store.end_lease(NAME, me).await {
            tracing::debug!(error = &error as &dyn std::error::Error, "the sweeper's lease ends by itself");
        }
    }

    /// Removes what is there to remove now, as the server `me`; how many, or none where another server does it.
    ///
    /// # Errors
    /// [`KvError::Unavailable`] and [`KvError::Internal`].
    pub async fn sweep(&self, me: Uuid, sweep: Sweep) -> Result<Option<u64>, KvError> {
        let mut swept = 0;
        let mut batch = sweep.batch.min(SMALL);
        loop {
            let now = self.now();
            let ended = now.before(sweep.grace);
            let found = self.store.ended(ended, batch).await?;
            // Where there is nothing to do, nothing is written.
            if found.is_empty() {
                return Ok(Some(swept));
            }
            if !self.store.take_lease(NAME, me, now.after(LEASE)).await? {
                return Ok(None);
            }
            let full = found.len() as u64 == batch;
            let mut by_tenant: BTreeMap<TenantId, Vec<Uuid>> = BTreeMap::new();
            for (tenant_id, id) in found {
                by_tenant.entry(tenant_id).or_default().push(id);
            }
            let began = Instant::now();
            for (tenant_id, ids) in by_tenant {
                swept += self.store.remove(tenant_id, Doomed::Expired(&ids, ended)).await?.rows;
            }
            if !full {
                tracing::debug!(pairs = swept, "removed expired pairs");
                return Ok(Some(swept));
            }
            let took = began.elapsed();
            let next = if took > HOLD { (batch / 2).max(SMALL) } else { batch * 2 };
            batch = next.min(sweep.batch);
            tokio::time::sleep(took.clamp(PAUSE[0], PAUSE[1])).await;
        }
    }
}
