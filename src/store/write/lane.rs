//! Who waits for which lock, and who commits for whom.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use sea_orm::DbBackend;
use tokio::sync::oneshot;

use super::{Applied, Task, batch};
use crate::{
    domain::{KvError, TenantId},
    store::{Store, company::Company},
};

/// Most writes in one transaction.
const BATCH: usize = 256;

/// Most writes that may wait in one lane; more are shed.
const WAITING: usize = 8_192;

type Verdict = Result<Applied, KvError>;

struct Waiting {
    task: Task,
    reply: oneshot::Sender<Verdict>,
}

/// The lanes that have a committer at work; a lane without one is not in the map.
///
/// PostgreSQL has a lane per tenant. SQLite has one lane in all, since it has one writer.
#[derive(Default)]
pub(in crate::store) struct Lanes {
    open: Mutex<HashMap<Option<TenantId>, Vec<Waiting>>>,
    /// Held by whoever writes to SQLite.
    pub(super) turn: tokio::sync::Mutex<()>,
}

impl Lanes {
    /// Queues `waiting`; whether the lane has no committer yet.
    fn enter(&self, lane: Option<TenantId>, waiting: Waiting) -> Result<bool, KvError> {
        let mut lanes = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match lanes.get_mut(&lane) {
            Some(queue) if queue.len() >= WAITING => Err(KvError::Unavailable(std::sync::Arc::from(Box::from(
                "too many writes wait for this tenant's lock",
            )))),
            Some(queue) => {
                queue.push(waiting);
                Ok(false)
            }
            None => {
                lanes.insert(lane, vec![waiting]);
                Ok(true)
            }
        }
    }

    /// How many writes wait.
    fn waiting(&self, lane: Option<TenantId>) -> usize {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).get(&lane).map_or(0, Vec::len)
    }

    /// The writes that gathered meanwhile; none closes the lane.
    fn next(&self, lane: Option<TenantId>) -> Vec<Waiting> {
        let mut lanes = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match lanes.get_mut(&lane) {
            Some(queue) if !queue.is_empty() => {
                let rest = queue.split_off(queue.len().min(BATCH));
                std::mem::replace(queue, rest)
            }
            _ => {
                lanes.remove(&lane);
                Vec::new()
            }
        }
    }
}

/// Queues `task` and waits for its verdict. One that finds no company starts at once.
pub(super) async fn submit(store: &Store, task: Task) -> Verdict {
    let lane = match store.db.get_database_backend() {
        DbBackend::Sqlite => None,
        _ => Some(task.tenant_id()),
    };
    let (reply, verdict) = oneshot::channel();
    if store.lanes.enter(lane, Waiting { task, reply })? {
        // A task of its own: a client that hangs up must not abort its neighbours' commit.
        tokio::spawn(Box::pin(drain(store.clone(), lane)));
    }
    verdict.await.unwrap_or_else(|lost| Err(KvError::internal(lost)))
}

/// Opens the lane again where its committer panics: those who wait get an error, not silence.
struct Opening<'a>(&'a Lanes, Option<TenantId>);

impl Drop for Opening<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
        }
    }
}

async fn drain(store: Store, lane: Option<TenantId>) {
    let _opening = Opening(&store.lanes, lane);
    let mut company = Company::default();
    loop {
        company.gather(BATCH, || store.lanes.waiting(lane)).await;
        let gathered = store.lanes.next(lane);
        if gathered.is_empty() {
            return;
        }
        let (tasks, replies): (Vec<_>, Vec<_>) =
            gathered.into_iter().map(|waiting| (waiting.task, waiting.reply)).unzip();
        let verdicts = company.travel(tasks.len(), batch::commit(&store, tasks)).await;
        for (reply, verdict) in replies.into_iter().zip(verdicts) {
            // The client may have hung up; its write stands all the same.
            let _ = reply.send(verdict);
        }
    }
}
