//! Giving a pair another key.

use super::Service;
use crate::{
    domain::{Address, Caller, Key, KvError, Pair, Permission, Timestamp, audit::Deed},
    store::{Applied, Effect, Move},
};

impl Service {
    /// Gives the pair at `at` another key in its namespace, in one transaction. It stays the same pair: id, value,
    /// type, description, end and `created` are kept, its version goes up by one. For readers of changes it is a
    /// delete under the old key and a set under the new one.
    ///
    /// With `overwrite` it takes the place of a pair that has the new key.
    ///
    /// # Errors
    /// [`KvError::NoSuchKey`]; [`KvError::AlreadyExists`]; [`KvError::Invalid`] where both keys are the same;
    /// [`KvError::ForbiddenNamespace`]; [`KvError::Forbidden`] without the permissions to read, to delete, and to
    /// create or, where a pair is replaced, to update. Then nothing is written.
    pub async fn rename(&self, caller: &Caller, at: Address, key: Key, overwrite: bool) -> Result<Pair, KvError> {
        let deed = Deed::change("rename_key_value").within(at.namespace.as_str()).key(at.key.as_str());
        self.audited(caller, deed, async {
            caller.may(Permission::ReadKeyValue)?;
            caller.may(Permission::DeleteKeyValue)?;
            caller.reaches(&at.namespace)?;
            if at.key == key {
                return Err(KvError::Invalid("the new key is the old one".to_owned()));
            }
            let (caller, to) = (caller.clone(), Address { namespace: at.namespace.clone(), key });
            let moving = Move {
                tenant_id: caller.tenant_id,
                from: at,
                to: to.clone(),
                take: Box::new(|standing| match standing.current.filter(|pair| pair.is_live(standing.now)) {
                    Some(_) => Ok(Effect::Remove),
                    None => Err(KvError::NoSuchKey),
                }),
                place: Box::new(move |pair, standing| {
                    let there = standing.current.is_some_and(|pair| pair.is_live(standing.now));
                    caller.may(if there { Permission::UpdateKeyValue } else { Permission::CreateKeyValue })?;
                    if there && !overwrite {
                        return Err(KvError::AlreadyExists { what: "key-value pair" });
                    }
                    Ok(Effect::Put(Box::new(moved(pair, &to, standing.now))))
                }),
            };
            match self.store.relocate(moving).await? {
                Applied::Put(pair) => Ok(pair),
                Applied::Removed(_) | Applied::None => Err(KvError::internal("a rename moved nothing")),
            }
        })
        .await
    }
}

/// The pair as it is at `to`, written at `now`.
fn moved(pair: &Pair, to: &Address, now: Timestamp) -> Pair {
    Pair { address: to.clone(), version: pair.version + 1, updated: now, ..pair.clone() }
}
