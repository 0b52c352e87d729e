//! Writing a pair: the options, and the rule that is decided under the tenant's lock.

use std::{fmt, sync::Arc, time::Duration};

use super::ids::new_id;
use crate::{
    domain::{Address, Caller, KvError, Licence, Pair, Permission, Span, Timestamp, Value},
    store::{Effect, Standing},
};

/// What a set carries beside the value.
#[derive(Debug, Clone, Default)]
pub struct SetOptions {
    /// Free text for people.
    pub description: Description,
    /// When the pair ends; none for never, also where the pair that is replaced had an end.
    pub expiry: Option<Expiry>,
    /// What must be true of the pair that is there, or nothing is written.
    pub only: Only,
}

/// What becomes of a pair's description.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Description {
    /// A pair that is replaced keeps its own; a new one has none.
    #[default]
    Keep,
    /// This one, or none.
    Put(Option<String>),
}

/// When a pair ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// At this instant, which must be in the future.
    At(Timestamp),
    /// So long after the write, by the server's clock. Nothing: the pair is gone as it is written.
    After(Duration),
}

/// What must be true of the pair that is there.
#[derive(Clone, Default)]
pub enum Only {
    /// Anything.
    #[default]
    Always,
    /// There is none.
    IfAbsent,
    /// Its version is this one; 0 where there is none.
    IfVersion(i64),
    /// There is one, and this holds of it. Pure: it may be asked again.
    If(Arc<dyn Fn(&Pair) -> bool + Send + Sync>),
}

impl fmt::Debug for Only {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Always => "Always",
            Self::IfAbsent => "IfAbsent",
            Self::IfVersion(_) => "IfVersion",
            Self::If(_) => "If",
        })
    }
}

/// Longest description, in bytes.
const DESCRIPTION_BYTES: usize = 4_096;

/// Refuses a description that is too long, or that a database cannot hold.
pub(super) fn check_description(text: Option<&str>) -> Result<(), KvError> {
    let text = text.unwrap_or_default();
    if text.len() > DESCRIPTION_BYTES {
        let size = text.len();
        return Err(KvError::Invalid(format!(
            "the description is {size} bytes long, at most {DESCRIPTION_BYTES} are allowed"
        )));
    }
    if text.contains('\0') {
        return Err(KvError::Invalid("the description holds a NUL character".to_owned()));
    }
    Ok(())
}

/// The end of time that clients can write down.
const LAST: i64 = 253_402_300_800_000_000;

impl Expiry {
    /// So long after the write.
    ///
    /// # Errors
    /// [`KvError::Invalid`] for a negative span.
    pub fn ttl(span: Span) -> Result<Self, KvError> {
        span.length().map(Self::After).ok_or_else(|| KvError::Invalid("ttl cannot be negative".to_owned()))
    }

    /// The instant, for a write at `now`.
    ///
    /// # Errors
    /// [`KvError::Invalid`].
    fn instant(self, now: Timestamp) -> Result<Timestamp, KvError> {
        let end = match self {
            Self::At(end) if end <= now => {
                return Err(KvError::Invalid("the end of the pair is not in the future".to_owned()));
            }
            Self::At(end) => end,
            Self::After(span) => now.after(span),
        };
        if end.micros() < LAST {
            Ok(end)
        } else {
            Err(KvError::Invalid("the end of the pair is after the year 9999".to_owned()))
        }
    }
}

impl Only {
    /// Refuses a write beside `current`.
    fn check(&self, current: Option<&Pair>) -> Result<(), KvError> {
        let holds = match self {
            Self::IfAbsent if current.is_some() => return Err(KvError::AlreadyExists { what: "key-value pair" }),
            Self::Always | Self::IfAbsent => true,
            Self::IfVersion(version) => current.map_or(0, |pair| pair.version) == *version,
            Self::If(holds) => current.is_some_and(|pair| holds(pair)),
        };
        if holds { Ok(()) } else { Err(KvError::Changed { version: current.map_or(0, |pair| pair.version) }) }
    }
}

/// The rule of a set, decided under the tenant's lock.
pub(super) struct SetRule {
    pub(super) caller: Caller,
    pub(super) licence: Licence,
    pub(super) at: Address,
    pub(super) value: Value,
    /// Of the value's compact JSON, in bytes.
    pub(super) size: usize,
    pub(super) options: SetOptions,
}

impl SetRule {
    pub(super) fn decide(&self, standing: &Standing<'_>) -> Result<Effect, KvError> {
        let now = standing.now;
        let tier = self.licence.tier(standing.tier)?;
        tier.check_size(self.size)?;
        let current = standing.current.filter(|pair| pair.is_live(now));
        self.caller.may(if current.is_some() { Permission::UpdateKeyValue } else { Permission::CreateKeyValue })?;
        self.options.only.check(current)?;
        let expires_at = self.options.expiry.map(|expiry| expiry.instant(now)).transpose()?;
        let (id, created, version) = if let Some(pair) = current {
            (pair.id, pair.created, pair.version + 1)
        } else {
            tier.check_room(standing.pairs)?;
            (new_id(), now, 1)
        };
        let description = match &self.options.description {
            Description::Keep => current.and_then(|pair| pair.description.clone()),
            Description::Put(text) => text.clone(),
        };
        Ok(Effect::Put(Box::new(Pair {
            id,
            tenant_id: self.caller.tenant_id,
            address: self.at.clone(),
            value: self.value.clone(),
            description,
            version,
            revision: 0,
            expires_at,
            created,
            updated: now,
        })))
    }
}
