//! What a batch found under the lock, and what becomes of it. No database here: what was found goes in, what
//! changes comes out.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use super::{About, Applied, Effect, Move, Standing, Task};
use crate::domain::{Address, Change, KvError, Namespace, Operation, Pair, TenantId, Timestamp};

/// Expired rows, of a tenant near its limit, that need not wait for the sweeper.
const CROWD: i64 = 500;

/// A tenant as its row is under the lock.
#[derive(Debug, Clone)]
pub(super) struct Tenancy {
    pub(super) id: TenantId,
    /// Its licence tier.
    pub(super) tier: String,
    pub(super) revision: i64,
    /// Rows, expired ones included.
    pub(super) pairs: i64,
}

/// A tenant's counters as the batch moves them.
#[derive(Debug, Clone)]
struct Books {
    tier: String,
    /// The revision before the batch.
    before: i64,
    revision: i64,
    /// Rows, expired ones included.
    rows: i64,
    /// Rows that are expired; counted only where a limit is near.
    expired: i64,
    moved: bool,
}

/// One address: the row that is there, and the pair that will be.
#[derive(Debug, Clone, Default)]
struct Slot {
    stored: Option<Stored>,
    pair: Option<Pair>,
    moved: bool,
}

/// What has to be known of a row that is there once its pair has changed.
#[derive(Debug, Clone, Copy)]
struct Stored {
    id: Uuid,
    expires_at: Option<Timestamp>,
    updated: Timestamp,
}

type Place = (TenantId, Address);

/// A decision, as [`super::Decide`].
type Rule<'a> = dyn Fn(&Standing<'_>) -> Result<Effect, KvError> + 'a;

/// The tenants and addresses of one batch, locked.
#[derive(Debug, Clone)]
pub(super) struct Ledger {
    now: Timestamp,
    books: HashMap<TenantId, Books>,
    slots: HashMap<Place, Slot>,
    ids: HashMap<Uuid, Place>,
    changes: Vec<Change>,
}

/// What a batch changes.
#[derive(Debug)]
pub(super) struct Delta {
    /// The instant of the batch.
    pub(super) now: Timestamp,
    /// The rows that go; they go first, since others may take their addresses.
    pub(super) gone: Vec<Uuid>,
    /// The rows that come.
    pub(super) added: Vec<Pair>,
    /// The rows that change.
    pub(super) changed: Vec<Changed>,
    /// The namespaces that rows come to.
    pub(super) namespaces: BTreeSet<(TenantId, Namespace)>,
    /// What goes into the log.
    pub(super) changes: Vec<Change>,
    /// The tenants' counters.
    pub(super) turned: Vec<Turned>,
}

/// A row that changes: everything in it may, but its id, its address and when it was created.
#[derive(Debug)]
pub(super) struct Changed {
    pub(super) pair: Pair,
    /// Whether its end does.
    pub(super) end: bool,
    /// When it was last written, before this.
    pub(super) before: Timestamp,
}

/// A tenant's counters after a batch.
#[derive(Debug)]
pub(super) struct Turned {
    pub(super) tenant_id: TenantId,
    /// The revision before.
    pub(super) before: i64,
    pub(super) revision: i64,
    pub(super) pairs: i64,
}

impl Ledger {
    /// A batch at the instant `now`, of tenants that are locked.
    pub(super) fn open(tenants: impl IntoIterator<Item = Tenancy>, now: Timestamp) -> Self {
        let books = |Tenancy { tier, revision, pairs, .. }| Books {
            tier,
            before: revision,
            revision,
            rows: pairs,
            expired: 0,
            moved: false,
        };
        Self {
            now,
            books: tenants.into_iter().map(|tenancy| (tenancy.id, books(tenancy))).collect(),
            slots: HashMap::new(),
            ids: HashMap::new(),
            changes: Vec::new(),
        }
    }

    /// Takes note of a row that is there.
    pub(super) fn found(&mut self, pair: Pair) {
        let place = (pair.tenant_id, pair.address.clone());
        self.ids.insert(pair.id, place.clone());
        let stored = Some(Stored { id: pair.id, expires_at: pair.expires_at, updated: pair.updated });
        self.slots.insert(place, Slot { stored, pair: Some(pair), moved: false });
    }

    /// Whether a row is known already; what is known to be absent is asked for again.
    pub(super) fn knows(&self, tenant_id: TenantId, about: About<'_>) -> bool {
        match about {
            About::Address(address) => self.slots.contains_key(&(tenant_id, address.clone())),
            About::Id(id) => self.ids.contains_key(&id),
        }
    }

    /// The tenants that `tasks` might fill: for these, expired rows have to be counted.
    pub(super) fn near_limit(&self, tasks: &[Task]) -> BTreeSet<TenantId> {
        let near = |task: &&Task| {
            let Some(books) = self.books.get(&task.tenant_id()) else { return false };
            // A tier that is unknown lets the decision fail, whatever the count.
            let tier = task.licence().and_then(|licence| licence.tier(&books.tier).ok());
            let limit = tier.and_then(|tier| tier.limits.pairs);
            limit.is_some_and(|limit| books.rows.unsigned_abs() + tasks.len() as u64 > limit)
        };
        tasks.iter().filter(near).map(Task::tenant_id).collect()
    }

    /// Takes note of how many rows of a tenant are expired.
    pub(super) fn expired(&mut self, tenant_id: TenantId, rows: i64) {
        if let Some(books) = self.books.get_mut(&tenant_id) {
            books.expired = rows;
        }
    }

    /// The instant of the batch.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// Lets one task decide on the state that its forerunners in the batch left.
    pub(super) fn decide(&mut self, task: &Task) -> Result<Applied, KvError> {
        match task {
            Task::Write(write) => self.apply(write.tenant_id, write.target.about(), &write.decide),
            Task::Move(moving) => {
                let before = self.clone();
                self.relocate(moving).inspect_err(|_| *self = before)
            }
        }
    }

    fn relocate(&mut self, moving: &Move) -> Result<Applied, KvError> {
        let Move { tenant_id, from, to, take, place } = moving;
        let Applied::Removed(pair) = self.apply(*tenant_id, About::Address(from), take)? else {
            return Ok(Applied::None);
        };
        self.apply(*tenant_id, About::Address(to), &|standing| place(&pair, standing))
    }

    fn apply(&mut self, tenant_id: TenantId, about: About<'_>, rule: &Rule<'_>) -> Result<Applied, KvError> {
        let books = self.books.get_mut(&tenant_id).ok_or(KvError::NoSuchId { what: "tenant" })?;
        let place = match about {
            About::Address(address) => Some((tenant_id, address.clone())),
            About::Id(id) => self.ids.get(&id).filter(|(whose, _)| *whose == tenant_id).cloned(),
        };
        let slot = place.as_ref().and_then(|place| self.slots.get(place));
        let current = slot.and_then(|slot| slot.pair.as_ref()).filter(|pair| match about {
            About::Id(id) => pair.id == id,
            About::Address(_) => true,
        });
        let pairs = books.rows.saturating_sub(books.expired).unsigned_abs();
        let effect = rule(&Standing { current, pairs, tier: &books.tier, now: self.now })?;
        let removed = current.cloned();
        let next = match (effect, &place) {
            (Effect::Put(mut pair), Some(_)) => {
                pair.revision = books.revision + 1;
                Some(*pair)
            }
            (Effect::Remove, Some(_)) => None,
            _ => return Ok(Applied::None),
        };
        let Some(place) = place else { return Ok(Applied::None) };
        books.turn(removed.as_ref(), next.as_ref(), self.now);
        if let Some(pair) = next.as_ref().or(removed.as_ref()) {
            self.changes.push(change(pair, books.revision, next.is_none(), self.now));
        }
        if let Some(pair) = &next {
            self.ids.insert(pair.id, place.clone());
        }
        let slot = self.slots.entry(place).or_default();
        slot.pair.clone_from(&next);
        slot.moved = true;
        Ok(match (next, removed) {
            (Some(pair), _) => Applied::Put(pair),
            (None, Some(pair)) => Applied::Removed(pair),
            (None, None) => Applied::None,
        })
    }

    /// The tenants with so many expired rows that counting them takes long.
    pub(super) fn crowded(&self) -> Vec<TenantId> {
        let crowded = self.books.iter().filter(|(_, books)| books.expired > CROWD);
        crowded.map(|(tenant_id, _)| *tenant_id).collect()
    }

    /// What has to be written; none where nothing moved.
    pub(super) fn close(self) -> Option<Delta> {
        let turned = |(tenant_id, books): (_, Books)| Turned {
            tenant_id,
            before: books.before,
            revision: books.revision,
            pairs: books.rows,
        };
        let turned: Vec<_> = self.books.into_iter().filter(|(_, books)| books.moved).map(turned).collect();
        if turned.is_empty() {
            return None;
        }
        let mut delta = Delta {
            now: self.now,
            gone: Vec::new(),
            added: Vec::new(),
            changed: Vec::new(),
            namespaces: BTreeSet::new(),
            changes: self.changes,
            turned,
        };
        for ((tenant_id, _), slot) in self.slots.into_iter().filter(|(_, slot)| slot.moved) {
            match (slot.stored, slot.pair) {
                (Some(stored), Some(pair)) if stored.id == pair.id => {
                    let end = stored.expires_at != pair.expires_at;
                    delta.changed.push(Changed { pair, end, before: stored.updated });
                }
                (stored, pair) => {
                    if let Some(pair) = pair {
                        if stored.is_none() {
                            delta.namespaces.insert((tenant_id, pair.address.namespace.clone()));
                        }
                        delta.added.push(pair);
                    }
                    delta.gone.extend(stored.map(|stored| stored.id));
                }
            }
        }
        Some(delta)
    }
}

/// The log's entry for a write that put or removed `pair`.
fn change(pair: &Pair, revision: i64, deleted: bool, at: Timestamp) -> Change {
    Change {
        tenant_id: pair.tenant_id,
        revision,
        operation: if deleted { Operation::Delete } else { Operation::Set },
        pair_id: pair.id,
        address: pair.address.clone(),
        version: pair.version,
        at,
    }
}

impl Books {
    /// Counts a write that turns `before` into `after`.
    fn turn(&mut self, before: Option<&Pair>, after: Option<&Pair>, now: Timestamp) {
        if before.is_none() && after.is_none() {
            return;
        }
        self.revision += 1;
        self.rows += i64::from(after.is_some()) - i64::from(before.is_some());
        let expired = |pair: &Pair| i64::from(!pair.is_live(now));
        self.expired = (self.expired + after.map_or(0, expired) - before.map_or(0, expired)).max(0);
        self.moved = true;
    }
}
