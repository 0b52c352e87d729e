//! Reads that arrive while others are on their way go together in the next round trip.

use std::sync::{Arc, Mutex, PoisonError};

use entities::key_value;
use tokio::sync::oneshot;

use crate::{
    domain::{Address, KvError, TenantId},
    store::company::Company,
};

/// Most addresses that are read at once.
const BATCH: usize = 256;

/// Most flights on their way at the same time: the second keeps the database at work while the
/// answers of the first are handed out.
pub(in crate::store) const FLYING: usize = 2;

/// Most reads that may wait; more are shed.
const WAITING: usize = 16_384;

/// Where rows are read.
pub(in crate::store) trait Source: Send + Sync + 'static {
    /// The rows at `places`, live or expired, each where it was asked for.
    fn read(&self, places: &[Place]) -> impl Future<Output = Result<Vec<Row>, KvError>> + Send;
}

/// Whose row, and where.
pub(in crate::store) type Place = (TenantId, Address);

/// The row at a place, where there is one.
pub(in crate::store) type Row = Option<key_value::Model>;

type Verdict = Result<Row, KvError>;

struct Waiting {
    place: Place,
    reply: oneshot::Sender<Verdict>,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<Waiting>,
    flying: usize,
}

/// The reads that wait for a round trip to `S`.
pub(in crate::store) struct Gather<S> {
    queue: Mutex<Queue>,
    pub(in crate::store) source: S,
}

impl<S: Source> Gather<S> {
    pub(super) fn new(source: S) -> Self {
        Self { queue: Mutex::default(), source }
    }

    /// The row at `address`, live or expired, as it is at some moment after the call: whoever asks
    /// sees every write that was answered before.
    pub(super) async fn read(self: &Arc<Self>, tenant_id: TenantId, address: &Address) -> Verdict {
        let (reply, verdict) = oneshot::channel();
        if self.enter(Waiting { place: (tenant_id, address.clone()), reply })? {
            // A task of its own: a client that hangs up must not take its neighbours' answers along.
            tokio::spawn(Flight(Arc::clone(self)).run());
        }
        verdict.await.unwrap_or_else(|lost| Err(KvError::internal(lost)))
    }

    /// Queues a read; whether a new flight has to set out for it.
    fn enter(&self, waiting: Waiting) -> Result<bool, KvError> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.waiting.len() >= WAITING {
            return Err(KvError::Unavailable(Arc::from(Box::from("too many reads wait for the database"))));
        }
        queue.waiting.push(waiting);
        let sets_out = queue.flying < FLYING;
        queue.flying += usize::from(sets_out);
        Ok(sets_out)
    }

    /// How many reads wait.
    fn waiting(&self) -> usize {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).waiting.len()
    }

    /// The reads that gathered meanwhile; none where the flight is over.
    fn next(&self) -> Option<Vec<Waiting>> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.waiting.is_empty() {
            queue.flying -= 1;
            return None;
        }
        let most = queue.waiting.len().min(BATCH);
        let rest = queue.waiting.split_off(most);
        Some(std::mem::replace(&mut queue.waiting, rest))
    }
}

/// One of those on their way. Where it panics, another may set out.
struct Flight<S>(Arc<Gather<S>>);

impl<S: Source> Flight<S> {
    async fn run(self) {
        let mut company = Company::default();
        loop {
            company.gather(BATCH, || self.0.waiting()).await;
            let Some(gathered) = self.0.next() else { return };
            let (places, replies): (Vec<_>, Vec<_>) =
                gathered.into_iter().map(|waiting| (waiting.place, waiting.reply)).unzip();
            match company.travel(places.len(), self.0.source.read(&places)).await {
                Ok(rows) => replies.into_iter().zip(rows).for_each(|(reply, row)| _ = reply.send(Ok(row))),
                Err(error) => replies.into_iter().for_each(|reply| _ = reply.send(Err(error.clone()))),
            }
        }
    }
}

impl<S> Drop for Flight<S> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.queue.lock().unwrap_or_else(PoisonError::into_inner).flying -= 1;
        }
    }
}
