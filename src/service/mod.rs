//! The rules: who may, how much, how long. Every door calls this, and nothing else decides.

mod api_keys;
mod audit;
mod changes;
mod fault;
mod identity;
pub mod ids;
mod licence;
mod members;
mod namespaces;
mod pairs;
mod people;
mod rate;
mod rename;
mod secrets;
mod sessions;
mod set;
mod sweeper;
mod tenants;
mod tokens;

use std::{fmt, sync::Arc};

pub use api_keys::NewApiKey;
pub use audit::AuditRules;
pub use fault::log_fault;
pub use licence::{LicenceUsage, Term};
pub use members::Newcomer;

pub use pairs::Found;
pub use people::{Membership, Person};
pub use secrets::Secret;
pub use sessions::SessionTokens;
pub use set::{Description, Expiry, Only, SetOptions};
pub use sweeper::Sweep;
pub use tenants::DEFAULT_TENANT;
pub use tokens::{Grant, Issued};

pub use crate::store::ApiKey;

use crate::{
    domain::{Clock, KvError, Tiers},
    store::Store,
};

/// The store behind its rules; cheap to clone.
#[derive(Clone)]
pub struct Service {
    store: Store,
    clock: Arc<dyn Clock>,
    tiers: Arc<Tiers>,
    feeds: Arc<changes::Feeds>,
    watch: Arc<identity::Watch>,
    uses: Arc<identity::Uses>,
    audit: Arc<audit::Audit>,
    audit_rules: AuditRules,
    rates: Arc<rate::Rates>,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Service {
    /// The rules over `store`, with the tiers that the configuration names.
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>, tiers: Tiers) -> Self {
        Self {
            store,
            clock,
            tiers: Arc::new(tiers),
            feeds: Arc::default(),
            watch: Arc::default(),
            uses: Arc::default(),
            audit: Arc::default(),
            audit_rules: AuditRules::default(),
            rates: Arc::default(),
        }
    }

    /// The same, with an audit log kept by other rules.
    #[must_use]
    pub fn auditing(self, audit_rules: AuditRules) -> Self {
        Self { audit_rules, ..self }
    }

    /// The clock that the rules go by.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// The licence tiers there are.
    #[must_use]
    pub fn tiers(&self) -> &Tiers {
        &self.tiers
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`KvError::Unavailable`] where it does not.
    pub async fn health(&self) -> Result<(), KvError> {
        self.store.ping().await
    }

    /// Writes down what gathered in memory, and lets go of the database.
    ///
    /// # Errors
    /// [`KvError::Internal`].
    pub async fn close(self) -> Result<(), KvError> {
        self.flush().await;
        self.store.close().await
    }
}
