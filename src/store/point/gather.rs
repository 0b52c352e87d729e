//! Reads that arrive while others are on their way go together in the next round trip.

use std::sync::{Arc, Mutex, PoisonError};

use entities::key_value;
use sea_orm::DatabaseConnection;
use tokio::sync::oneshot;

use super::postgres;
use crate::{
    domain::{Address, KvError, TenantId},
    store::retry,
};

/// Most addresses in one statement.
const BATCH: usize = 256;

/// Most statements on their way at the same time: the second keeps the database at work while the
/// answers of the first are handed out.
const FLYING: usize = 2;

/// Most reads that may wait; more are shed.
const WAITING: usize = 16_384;

type Verdict = Result<Option<key_value::Model>, KvError>;

struct Waiting {
    place: (TenantId, Address),
    reply: oneshot::Sender<Verdict>,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<Waiting>,
    flying: usize,
}

/// The reads that wait for a round trip.
#[derive(Default)]
pub(in crate::store) struct Gather(Mutex<Queue>);

impl Gather {
    /// The row at `address`, live or expired, as it is at some moment after the call: whoever asks
    /// sees every write that was answered before.
    pub(super) async fn read(
        self: &Arc<Self>,
        db: &DatabaseConnection,
        tenant_id: TenantId,
        address: &Address,
    ) -> Verdict {
        let (reply, verdict) = oneshot::channel();
        if self.enter(Waiting { place: (tenant_id, address.clone()), reply })? {
            // A task of its own: a client that hangs up must not take its neighbours' answers along.
            tokio::spawn(Flight(Arc::clone(self)).run(db.clone()));
        }
        verdict.await.unwrap_or_else(|lost| Err(KvError::internal(lost)))
    }

    /// Queues a read; whether a new flight has to set out for it.
    fn enter(&self, waiting: Waiting) -> Result<bool, KvError> {
        let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.waiting.len() >= WAITING {
            return Err(KvError::Unavailable(Arc::from(Box::from("too many reads wait for the database"))));
        }
        queue.waiting.push(waiting);
        let sets_out = queue.flying < FLYING;
        queue.flying += usize::from(sets_out);
        Ok(sets_out)
    }

    /// The reads that gathered meanwhile; none where the flight is over.
    fn next(&self) -> Option<Vec<Waiting>> {
        let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.waiting.is_empty() {
            queue.flying -= 1;
            return None;
        }
        let most = queue.waiting.len().min(BATCH);
        let rest = queue.waiting.split_off(most);
        Some(std::mem::replace(&mut queue.waiting, rest))
    }
}

/// One of the statements on their way. Where it panics, another may set out.
struct Flight(Arc<Gather>);

impl Flight {
    async fn run(self, db: DatabaseConnection) {
        while let Some(gathered) = self.0.next() {
            let (places, replies): (Vec<_>, Vec<_>) =
                gathered.into_iter().map(|waiting| (waiting.place, waiting.reply)).unzip();
            match retry::read(|| postgres::read(&db, &places)).await {
                Ok(rows) => replies.into_iter().zip(rows).for_each(|(reply, row)| _ = reply.send(Ok(row))),
                Err(error) => replies.into_iter().for_each(|reply| _ = reply.send(Err(error.clone()))),
            }
        }
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.0.lock().unwrap_or_else(PoisonError::into_inner).flying -= 1;
        }
    }
}
