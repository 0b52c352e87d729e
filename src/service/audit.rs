//! The audit log: who did what, when, from where, and whether it was allowed.
//!
//! Deeds gather in memory and are written down together: every two seconds, when they are many, and at the end.
//! Changes are kept one by one; looks that are alike and come together are one entry with a count.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::Notify;

use super::{Service, ids::id_at};
use crate::domain::{
    Caller, KvError, Namespace, NamespacePattern, Permission, TenantId, Timestamp,
    audit::{Actor, AuditEntry, Deed, reason},
    table::Choice,
};

/// Most entries that wait; more are dropped, and counted.
const WAITING: usize = 100_000;

/// So many changes are written down at once: under load, those of two seconds would fill the memory.
const MANY: usize = 5_000;

/// Looks that are told apart between two flushes; of more, the keys are not kept.
const LOOKS: usize = 1_000;

/// Entries read at once.
const CHUNK: u64 = 1_000;

/// Most entries in an answer, and how many there are where nothing is said.
const MOST: usize = 1_000;
const USUAL: usize = 100;

/// Old entries that are forgotten at once.
const FORGET: u64 = 5_000;

/// What is kept, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditRules {
    /// Whether looks are kept too.
    pub reads: bool,
    /// How long entries are kept.
    pub keep: Duration,
}

impl Default for AuditRules {
    fn default() -> Self {
        Self { reads: true, keep: Duration::from_hours(90 * 24) }
    }
}

/// What the log says of a deed, but for when it was done.
type Note = (Actor, Deed, Option<&'static str>);

/// Deeds that are not written down yet.
#[derive(Default)]
pub(super) struct Audit {
    waiting: Mutex<Waiting>,
    /// Told when there are many changes.
    many: Notify,
    /// Held while they are written down, so that whoever wants them there waits for others that write.
    writing: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Waiting {
    changes: Vec<(Timestamp, Note)>,
    looks: HashMap<Note, (Timestamp, i64)>,
    /// What did not go down at the last try.
    entries: Vec<AuditEntry>,
    dropped: u64,
}

impl Waiting {
    fn add(&mut self, at: Timestamp, note: Note) {
        if self.changes.len() + self.entries.len() >= WAITING {
            self.dropped += 1;
        } else if note.1.read {
            let note = if self.looks.len() < LOOKS || self.looks.contains_key(&note) { note } else { keyless(note) };
            self.looks.entry(note).or_insert((at, 0)).1 += 1;
        } else {
            self.changes.push((at, note));
        }
    }

    fn take(&mut self, looks: bool) -> Vec<AuditEntry> {
        let mut entries = std::mem::take(&mut self.entries);
        entries.extend(std::mem::take(&mut self.changes).into_iter().map(|(at, note)| entry(at, note, 1)));
        if looks {
            let looks = std::mem::take(&mut self.looks).into_iter();
            entries.extend(looks.map(|(note, (at, count))| entry(at, note, count)));
        }
        entries
    }
}

/// Entries on their way down. Those that do not arrive wait again, also where nobody waits for that any more.
struct Taken<'a> {
    audit: &'a Audit,
    entries: Arc<[AuditEntry]>,
    down: bool,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if !self.down {
            let again = self.entries.to_vec();
            self.audit.waiting.lock().unwrap_or_else(PoisonError::into_inner).entries.extend(again);
        }
    }
}

/// The same note without what tells many looks apart.
fn keyless((actor, deed, reason): Note) -> Note {
    (actor, Deed { key: None, object_id: None, ..deed }, reason)
}

fn entry(at: Timestamp, (actor, deed, reason): Note, count: i64) -> AuditEntry {
    AuditEntry {
        id: id_at(at),
        at,
        tenant_id: actor.tenant_id,
        token_id: actor.token_id,
        user_id: actor.user_id,
        subject: actor.subject,
        operation: deed.operation.to_owned(),
        namespace: deed.namespace,
        key: deed.key,
        object_id: deed.object_id,
        reason: reason.map(ToOwned::to_owned),
        address: actor.address.map(|address| address.to_string()),
        count,
    }
}

/// A deed under way. Its entry is made when it ends, also where the client does not wait for that.
struct UnderWay<'a> {
    service: &'a Service,
    note: Option<Note>,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if let Some(note) = self.note.take() {
            self.service.note_deed(note);
        }
    }
}

impl Service {
    /// Does `work`, and enters into the audit log that `caller` did `deed`.
    pub(super) fn audited<T>(
        &self,
        caller: &Caller,
        deed: Deed,
        work: impl Future<Output = Result<T, KvError>>,
    ) -> impl Future<Output = Result<T, KvError>> {
        self.audited_as(caller, deed, |deed, _| deed, work)
    }

    /// As [`Self::audited`], where what was done tells more of the deed.
    pub(super) fn audited_as<T>(
        &self,
        caller: &Caller,
        deed: Deed,
        told: impl FnOnce(Deed, &T) -> Deed,
        work: impl Future<Output = Result<T, KvError>>,
    ) -> impl Future<Output = Result<T, KvError>> {
        // In a box, and at once: the futures around it, up to the request's, are moved as a whole several times.
        let work = Box::pin(work);
        async move {
            if deed.read && !self.audit_rules.reads {
                return work.await;
            }
            let mut under_way = UnderWay { service: self, note: Some((caller.into(), deed, Some("unfinished"))) };
            let done = work.await;
            under_way.note = under_way.note.take().map(|(actor, deed, _)| match &done {
                Ok(done) => (actor, told(deed, done), None),
                Err(error) => (actor, deed, Some(reason(error))),
            });
            done
        }
    }

    /// Enters into the audit log that the operator of the server did `deed` in a tenant.
    pub(super) fn operator_did(&self, tenant_id: TenantId, deed: Deed) {
        let actor = Actor { tenant_id, token_id: None, user_id: None, subject: "operator".to_owned(), address: None };
        self.note_deed((actor, deed, None));
    }

    /// Enters into the audit log that a token was refused.
    pub fn refused(&self, actor: Actor, error: &KvError) {
        // Counted together, as looks are: whoever goes on with a bad token must not fill the disk.
        self.note_deed((actor, Deed::read("authenticate"), Some(reason(error))));
    }

    fn note_deed(&self, note: Note) {
        let now = self.clock.now();
        let mut waiting = self.audit.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.add(now, note);
        if waiting.changes.len() == MANY {
            self.audit.many.notify_one();
        }
    }

    /// Writes down what waits; what cannot be written waits on.
    pub(super) async fn flush_audit(&self) {
        self.write_audit(true).await;
    }

    /// Waits until there are many changes, and writes them down. Looks go on being counted: written down as often, they
    /// would be as many.
    pub(super) async fn flush_changes(&self) {
        self.audit.many.notified().await;
        self.write_audit(false).await;
    }

    async fn write_audit(&self, looks: bool) {
        let _writing = self.audit.writing.lock().await;
        let (entries, dropped) = {
            let mut waiting = self.audit.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            (waiting.take(looks), std::mem::take(&mut waiting.dropped))
        };
        if dropped > 0 {
            tracing::error!(dropped, "the audit log could not be written fast enough; entries are lost");
        }
        if entries.is_empty() {
            return;
        }
        let mut taken = Taken { audit: &self.audit, entries: entries.into(), down: false };
        match self.store.add_audit(&taken.entries).await {
            Ok(()) => taken.down = true,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "cannot write the audit log; trying again");
            }
        }
    }

    /// Forgets entries that were kept long enough.
    pub async fn forget_audit(&self) {
        let before = self.clock.now().before(self.audit_rules.keep);
        loop {
            match self.store.forget_audit(before, FORGET).await {
                Ok(FORGET) => {}
                Ok(_) => return,
                Err(error) => {
                    return tracing::warn!(error = &error as &dyn std::error::Error, "cannot forget old audit entries");
                }
            }
        }
    }

    /// What `choice` picks of the audit log of the caller's tenant, the newest first unless it says the oldest.
    /// Entries of namespaces that the token does not reach are left out.
    ///
    /// # Errors
    /// [`KvError::Forbidden`]; [`KvError::Invalid`] for a limit over 1,000.
    pub async fn audit_log(&self, caller: &Caller, choice: &Choice) -> Result<Vec<AuditEntry>, KvError> {
        self.audited(caller, Deed::read("read_audit_log"), self.read_audit(caller, choice)).await
    }

    async fn read_audit(&self, caller: &Caller, choice: &Choice) -> Result<Vec<AuditEntry>, KvError> {
        caller.may(Permission::ReadAuditLog)?;
        let limit = choice.limit.unwrap_or(USUAL);
        if limit > MOST {
            return Err(KvError::Invalid(format!("the audit log is read {MOST} entries at a time")));
        }
        self.flush_audit().await;
        let oldest_first = choice.order.first().is_some_and(|order| !order.descending);
        let (mut found, mut from, mut skip) = (Vec::new(), None, choice.offset);
        while found.len() < limit {
            let page = self.store.audit(caller.tenant_id, &choice.condition, oldest_first, from, CHUNK).await?;
            let full = page.len() as u64 == CHUNK;
            from = page.last().map(|entry| (entry.at, entry.id));
            for entry in page.into_iter().filter(|entry| sees(caller, entry) && choice.condition.takes(entry)) {
                if skip == 0 {
                    found.push(entry);
                } else {
                    skip -= 1;
                }
            }
            if !full {
                break;
            }
        }
        found.truncate(limit);
        Ok(found)
    }
}

/// Whether the caller's token reaches what the entry is about.
fn sees(caller: &Caller, entry: &AuditEntry) -> bool {
    let Some(namespace) = &entry.namespace else { return true };
    let reached = |name: &String| Namespace::new(name.as_str()).is_ok_and(|it| caller.reaches(&it).is_ok());
    caller.namespaces.contains(&NamespacePattern::All) || reached(namespace)
}
