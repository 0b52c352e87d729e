//! Tokens that were verified already, for as long as what was found out about them holds.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use quick_cache::{Equivalent, Weighter, sync::Cache};

use crate::domain::{Identity, Timestamp};

/// Memory for tokens and what they say, in bytes.
const BYTES: u64 = 16 << 20;

/// Tokens that the cache expects to hold.
const TOKENS: usize = 10_000;

/// What an entry takes beside the token's text, roughly.
const ENTRY: u64 = 512;

/// How often the use of a token is noted.
const NOTE: Duration = Duration::from_secs(10);

/// A token as it was sent, and the tenant that was asked for with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Asked<'a> {
    pub(super) token: &'a str,
    pub(super) tenant: Option<&'a str>,
}

/// An [`Asked`] that is kept.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Kept {
    token: Box<str>,
    tenant: Option<Box<str>>,
}

impl Equivalent<Kept> for Asked<'_> {
    fn equivalent(&self, kept: &Kept) -> bool {
        *self.token == *kept.token && self.tenant == kept.tenant.as_deref()
    }
}

/// What a token proved.
#[derive(Debug)]
pub(super) struct Verified {
    pub(super) identity: Arc<Identity>,
    /// From when on it counts, in seconds.
    pub(super) starts: Option<i64>,
    /// From when on its signature counts no more.
    end: Option<Timestamp>,
    /// When its use was last noted, in microseconds.
    noted: AtomicI64,
}

impl Verified {
    pub(super) fn new(identity: Identity, starts: Option<i64>, end: Option<Timestamp>) -> Arc<Self> {
        Arc::new(Self { identity: Arc::new(identity), starts, end, noted: AtomicI64::new(i64::MIN) })
    }

    /// Whether it counts at `now`.
    fn holds(&self, now: Timestamp) -> bool {
        let before = |end: Option<Timestamp>| end.is_none_or(|end| now < end);
        before(self.identity.expires_at) && before(self.end) && self.starts.is_none_or(|start| now.seconds() >= start)
    }

    /// Whether this use of it is worth a note.
    pub(super) fn is_worth_noting(&self, now: Timestamp) -> bool {
        let noted = Timestamp::from_micros(self.noted.load(Ordering::Relaxed));
        let due = noted.after(NOTE) <= now;
        if due {
            self.noted.store(now.micros(), Ordering::Relaxed);
        }
        due
    }
}

/// What was verified in an epoch of the service's.
#[derive(Clone)]
struct Entry {
    epoch: u64,
    verified: Arc<Verified>,
}

#[derive(Clone)]
struct Bytes;

impl Weighter<Kept, Entry> for Bytes {
    fn weight(&self, kept: &Kept, _: &Entry) -> u64 {
        kept.token.len() as u64 + ENTRY
    }
}

/// The tokens that were verified, bounded by bytes.
pub(super) struct Cached(Cache<Kept, Entry, Bytes>);

impl fmt::Debug for Cached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cached").field("len", &self.0.len()).finish_non_exhaustive()
    }
}

impl Default for Cached {
    fn default() -> Self {
        Self(Cache::with_weighter(TOKENS, BYTES, Bytes))
    }
}

impl Cached {
    /// What `asked` proved before, where that was in `epoch` and it counts at `now`.
    pub(super) fn get(&self, asked: Asked<'_>, epoch: u64, now: Timestamp) -> Option<Arc<Verified>> {
        let entry = self.0.get(&asked)?;
        (entry.epoch == epoch && entry.verified.holds(now)).then_some(entry.verified)
    }

    /// Keeps what `asked` proved, by what the database said in `epoch`.
    pub(super) fn keep(&self, asked: Asked<'_>, epoch: u64, verified: Arc<Verified>) {
        let kept = Kept { token: asked.token.into(), tenant: asked.tenant.map(Into::into) };
        self.0.insert(kept, Entry { epoch, verified });
    }
}
