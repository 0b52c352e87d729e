//! How long what was found out about a token may be used again without asking the database.
//!
//! Every change of tokens, members and licences counts up one row in its own transaction. Each server
//! looks at that row twice a second: while the last look is fresh, and the count did not move, what was
//! verified before still holds. So no request asks the database who its caller is, and no server
//! takes a revoked token for longer than [`FRESH`].

use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Service;
use crate::domain::{KvError, Timestamp};

/// How often the count is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// How long a look counts: the longest time for which a change of another server's goes unseen.
const FRESH: Duration = Duration::from_millis(1_900);

/// How often the counts of requests are shared.
const SHARE: Duration = Duration::from_secs(1);

/// How often what gathers in memory is written down.
const FLUSH: Duration = Duration::from_secs(2);

/// How often what was kept long enough is forgotten.
const FORGET: Duration = Duration::from_hours(1);

/// What this server knows of changes of identities.
pub(super) struct Watch {
    /// Goes up with every change that was seen.
    epoch: AtomicU64,
    /// The count at the last look.
    revision: AtomicI64,
    /// When the last good look began, in milliseconds after `base`.
    looked: AtomicI64,
    base: Instant,
}

impl Default for Watch {
    fn default() -> Self {
        let never = AtomicI64::new(i64::MIN);
        Self { epoch: AtomicU64::new(0), revision: AtomicI64::new(-1), looked: never, base: Instant::now() }
    }
}

impl Watch {
    /// The epoch, while the last look is fresh.
    fn epoch(&self) -> Option<u64> {
        let age = self.since_base(Instant::now()).saturating_sub(self.looked.load(Ordering::Acquire));
        let fresh = i64::try_from(FRESH.as_millis()).is_ok_and(|fresh| age < fresh);
        fresh.then(|| self.epoch.load(Ordering::Acquire))
    }

    /// Forgets all that is known: this server changed something itself.
    fn turn(&self) {
        self.epoch.fetch_add(1, Ordering::AcqRel);
    }

    fn see(&self, began: Instant, revision: i64) {
        if self.revision.swap(revision, Ordering::AcqRel) != revision {
            self.turn();
        }
        self.looked.store(self.since_base(began), Ordering::Release);
    }

    fn since_base(&self, instant: Instant) -> i64 {
        i64::try_from(instant.saturating_duration_since(self.base).as_millis()).unwrap_or(i64::MAX)
    }
}

/// Uses of tokens that are not written down yet.
#[derive(Default)]
pub(super) struct Uses(Mutex<HashMap<Uuid, Timestamp>>);

impl Service {
    /// What was verified in this epoch still holds; none where that cannot be told at present.
    #[must_use]
    pub fn epoch(&self) -> Option<u64> {
        self.watch.epoch()
    }

    /// Notes that the token `id` was used.
    pub fn note_use(&self, id: Uuid) {
        let now = self.clock.now();
        self.uses.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, now);
    }

    /// Passes on what a change of identities gave, after this server forgot what it knew before.
    pub(super) fn changed<T>(&self, done: Result<T, KvError>) -> Result<T, KvError> {
        self.watch.turn();
        done
    }

    /// Does what has to be done again and again, until `stop`.
    pub async fn tend(self, stop: CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.look() => {}
            () = self.flush_often() => {}
            () = self.flush_many() => {}
            () = self.share_often() => {}
            () = self.forget_often() => {}
        }
    }

    /// Looks at the count of changes again and again.
    async fn look(&self) {
        let mut ticks = interval(LOOK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut well = true;
        loop {
            ticks.tick().await;
            let began = Instant::now();
            match self.store.identity_revision().await {
                Ok(revision) => {
                    self.watch.see(began, revision);
                    well = true;
                }
                // Told once: until it is well again, every request asks for itself.
                Err(error) if well => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "cannot look for changes of identities");
                    well = false;
                }
                Err(_) => {}
            }
        }
    }

    async fn flush_often(&self) {
        let mut ticks = interval(FLUSH);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.flush().await;
        }
    }

    async fn flush_many(&self) {
        loop {
            self.flush_changes().await;
        }
    }

    async fn share_often(&self) {
        let mut ticks = interval(SHARE);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.share_rates().await;
        }
    }

    async fn forget_often(&self) {
        let mut ticks = interval(FORGET);
        loop {
            ticks.tick().await;
            self.forget_audit().await;
        }
    }

    /// Writes down what gathered in memory.
    pub async fn flush(&self) {
        self.flush_audit().await;
        self.flush_uses().await;
    }

    /// Writes down when tokens were used. What cannot be written is logged, and lost.
    pub(super) async fn flush_uses(&self) {
        let uses = std::mem::take(&mut *self.uses.0.lock().unwrap_or_else(PoisonError::into_inner));
        let uses: Vec<_> = uses.into_iter().collect();
        if uses.is_empty() {
            return;
        }
        if let Err(error) = self.store.note_uses(&uses).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "cannot note when tokens were used");
        }
    }
}
