//! Streams of committed writes: each change once, in order, whichever server committed it.
//!
//! A tenant with readers has one task here that follows its log, woken by this process's own writes
//! and looking by itself for those of other servers. Readers share what it reads, in a bounded ring:
//! one that falls behind is told where to go on, and costs nothing more.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::stream::{self, BoxStream, StreamExt};
use tokio::sync::broadcast::{self, error::RecvError};

use super::{
    Service,
    pairs::{looked, scope},
};
use crate::{
    domain::{Caller, Change, KvError, Permission, Scope, TenantId, audit::Deed},
    store::Store,
};

/// Changes that a reader may fall behind.
const RING: usize = 1_024;

/// Changes read from the log at once.
const CHUNK: u64 = 256;

/// How often the log is looked at for other servers' writes.
const LOOK: Duration = Duration::from_millis(200);

type Sender = broadcast::Sender<Arc<Change>>;

/// The tenants whose logs are followed.
#[derive(Default)]
pub(super) struct Feeds(Mutex<HashMap<TenantId, Sender>>);

impl Service {
    /// The changes in `namespace` (as [`Service::list`] reads it) after the revision `after`, or from now on.
    ///
    /// The stream has no end of its own. It ends with [`KvError::SlowReader`] where the reader falls
    /// behind, and with [`KvError::ChangesGone`] where the log does not reach back to `after`.
    ///
    /// # Errors
    /// [`KvError::Forbidden`], [`KvError::ForbiddenNamespace`] and [`KvError::BadNamespace`].
    pub async fn changes(
        &self,
        caller: &Caller,
        namespace: Option<String>,
        after: Option<i64>,
    ) -> Result<BoxStream<'static, Result<Arc<Change>, KvError>>, KvError> {
        let deed = looked("watch_key_values", caller, namespace.as_deref(), None);
        self.audited(caller, deed, async {
            caller.may(Permission::ReadKeyValue)?;
            let scope = scope(caller, namespace)?;
            let tenant_id = caller.tenant_id;
            // Listen first, ask then: what is committed in between is heard, and passed over as known.
            let live = self.listen(tenant_id).await?;
            let now = self.store.revision(tenant_id).await?;
            let reader = Reader {
                store: self.store.clone(),
                tenant_id,
                scope,
                at: after.unwrap_or(now),
                known: now,
                live,
                caught_up: Vec::new().into_iter(),
                ended: false,
            };
            Ok(stream::unfold(reader, |mut reader| async move { reader.next().await.map(|change| (change, reader)) })
                .boxed())
        })
        .await
    }

    /// The revision of the tenant's last committed write, in whatever namespace: what is read now is no older, and
    /// [`Self::changes`] after it are all that come then.
    ///
    /// # Errors
    /// [`KvError::Forbidden`].
    pub async fn revision(&self, caller: &Caller) -> Result<i64, KvError> {
        self.audited(caller, Deed::read("read_revision"), async {
            caller.may(Permission::ReadKeyValue)?;
            self.store.revision(caller.tenant_id).await
        })
        .await
    }

    /// The changes of a tenant from now on; the first listener starts the task that follows the log.
    async fn listen(&self, tenant_id: TenantId) -> Result<broadcast::Receiver<Arc<Change>>, KvError> {
        let from = self.store.revision(tenant_id).await?;
        let mut feeds = self.feeds.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = feeds.get(&tenant_id) {
            return Ok(sender.subscribe());
        }
        let (sender, receiver) = broadcast::channel(RING);
        feeds.insert(tenant_id, sender.clone());
        tokio::spawn(follow(self.store.clone(), Arc::clone(&self.feeds), tenant_id, from, sender));
        Ok(receiver)
    }
}

/// Passes a tenant's changes on as they are committed, until nobody listens.
async fn follow(store: Store, feeds: Arc<Feeds>, tenant_id: TenantId, mut at: i64, sender: Sender) {
    let waker = store.waker(tenant_id);
    loop {
        match store.changes(tenant_id, at, CHUNK).await {
            Ok(changes) => {
                let full = changes.len() as u64 == CHUNK;
                for change in changes {
                    at = change.revision;
                    // Without a listener there is nobody to tell; the check below ends the task.
                    let _ = sender.send(Arc::new(change));
                }
                if full {
                    continue;
                }
            }
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "cannot read the log of changes"),
        }
        {
            let mut feeds = feeds.0.lock().unwrap_or_else(PoisonError::into_inner);
            if sender.receiver_count() == 0 {
                feeds.remove(&tenant_id);
                store.forget_waker(tenant_id);
                return;
            }
        }
        // Time out: another server's write wakes nobody here.
        let _ = tokio::time::timeout(LOOK, waker.notified()).await;
    }
}

/// One stream's place in the log.
struct Reader {
    store: Store,
    tenant_id: TenantId,
    scope: Scope,
    /// The last revision passed on or passed over.
    at: i64,
    /// Committed when the stream began: what is missing up to here comes from the log.
    known: i64,
    live: broadcast::Receiver<Arc<Change>>,
    caught_up: std::vec::IntoIter<Change>,
    ended: bool,
}

impl Reader {
    async fn next(&mut self) -> Option<Result<Arc<Change>, KvError>> {
        while !self.ended {
            match self.step().await {
                Ok(Some(change)) if self.scope.covers(&change.address.namespace) => return Some(Ok(change)),
                Ok(_) => {}
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }

    /// The next change of the tenant, of whatever namespace; none where the step only moved on.
    async fn step(&mut self) -> Result<Option<Arc<Change>>, KvError> {
        if let Some(change) = self.caught_up.next() {
            self.at = change.revision;
            return Ok(Some(Arc::new(change)));
        }
        if self.at < self.known {
            self.catch_up().await?;
            return Ok(None);
        }
        match self.live.recv().await {
            Ok(change) if change.revision <= self.at => Ok(None),
            Ok(change) if change.revision == self.at + 1 => {
                self.at = change.revision;
                Ok(Some(change))
            }
            Ok(change) => {
                self.known = change.revision;
                Ok(None)
            }
            Err(RecvError::Lagged(_)) => Err(KvError::SlowReader { after: self.at }),
            // The task that follows the log outlives its listeners.
            Err(RecvError::Closed) => Err(KvError::internal("the log of changes is no longer followed")),
        }
    }

    async fn catch_up(&mut self) -> Result<(), KvError> {
        let changes = self.store.changes(self.tenant_id, self.at, CHUNK).await?;
        if changes.first().is_none_or(|change| change.revision != self.at + 1) {
            return Err(KvError::ChangesGone { after: self.at, now: self.store.revision(self.tenant_id).await? });
        }
        self.caught_up = changes.into_iter();
        Ok(())
    }
}
