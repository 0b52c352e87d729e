//! Requests per minute: a term of the licence, counted for a tenant over all servers.
//!
//! Each server counts in memory; once a second it adds what it counted to the database's figure and takes
//! over what the others added. So a tenant may pass its limit by what comes in within that second, and
//! no request waits for the database.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use super::Service;
use crate::domain::{Caller, KvError, TenantId, Timestamp};

/// A tenant's requests in the present minute.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    minute: i64,
    /// Of all servers, when they were last asked.
    shared: u64,
    /// Of this server since then.
    own: u64,
}

/// The tenants whose licence limits requests.
#[derive(Default)]
pub(super) struct Rates(Mutex<HashMap<TenantId, Count>>);

impl Service {
    /// Counts a request of the caller's.
    ///
    /// # Errors
    /// [`KvError::TooManyRequests`] where its tenant's licence has no room for it in this minute.
    pub fn admit(&self, caller: &Caller) -> Result<(), KvError> {
        let Some(limit) = caller.tier.limits.requests_per_minute else { return Ok(()) };
        let now = self.clock.now();
        let minute = minute(now);
        let mut rates = self.rates.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = rates.entry(caller.tenant_id).or_default();
        if count.minute != minute {
            *count = Count { minute, ..Count::default() };
        }
        if count.shared + count.own >= limit {
            let seconds = u64::try_from(60 - now.seconds().rem_euclid(60)).unwrap_or(60);
            return Err(KvError::TooManyRequests { limit, tier: caller.tier.name.clone(), seconds });
        }
        count.own += 1;
        Ok(())
    }

    /// Adds this server's counts to the database's, and takes over what the others added.
    pub async fn share_rates(&self) {
        let now = minute(self.clock.now());
        let counted: Vec<_> = {
            let mut rates = self.rates.0.lock().unwrap_or_else(PoisonError::into_inner);
            rates.retain(|_, count| count.minute == now);
            rates.iter().map(|(tenant_id, count)| (*tenant_id, count.own)).collect()
        };
        for (tenant_id, own) in counted {
            match self.store.add_requests(tenant_id, now, own).await {
                Ok(shared) => {
                    let mut rates = self.rates.0.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some(count) = rates.get_mut(&tenant_id).filter(|count| count.minute == now) {
                        *count = Count { shared, own: count.own.saturating_sub(own), ..*count };
                    }
                }
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "cannot share the count of requests");
                }
            }
        }
    }
}

fn minute(now: Timestamp) -> i64 {
    now.seconds().div_euclid(60)
}
