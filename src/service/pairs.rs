//! Set, get, list and delete.

use uuid::Uuid;

use super::{Service, ids::new_id};
use crate::{
    domain::{Address, Caller, KvError, Namespace, Pair, Permission, Scope, Timestamp, Value, filter::Selection},
    store::{Applied, Effect, Standing, Target, Write},
};

/// What a set carries beside the value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetOptions {
    /// Free text for people.
    pub description: Option<String>,
    /// From this instant on the pair counts as absent.
    pub expires_at: Option<Timestamp>,
}

impl Service {
    /// Writes `value` at `at`, replacing what the pair there held. The pair keeps its id and
    /// `created`; its version goes up by one.
    ///
    /// An expired pair counts as absent: its successor gets a new id.
    ///
    /// # Errors
    /// [`KvError::Forbidden`], [`KvError::ForbiddenNamespace`], [`KvError::ValueTooLarge`] and
    /// [`KvError::TooManyPairs`]; then nothing is written.
    pub async fn set(&self, caller: &Caller, at: Address, value: Value, options: SetOptions) -> Result<Pair, KvError> {
        caller.reaches(&at.namespace)?;
        caller.tier.check_size(&value.to_json())?;
        let rule = SetRule { caller: caller.clone(), at: at.clone(), value, options };
        let write = Write {
            tenant_id: caller.tenant_id,
            target: Target::Address(at),
            pair_limit: caller.tier.limits.pairs,
            decide: Box::new(move |standing| rule.decide(standing)),
        };
        match self.store.write(write).await? {
            Applied::Put(pair) => Ok(pair),
            Applied::Removed(_) | Applied::None => Err(KvError::internal("a set changed nothing")),
        }
    }

    /// Deletes the pair `id`; `false` where the caller can see no such pair.
    ///
    /// # Errors
    /// [`KvError::Forbidden`].
    pub async fn delete(&self, caller: &Caller, id: Uuid) -> Result<bool, KvError> {
        caller.may(Permission::DeleteKeyValue)?;
        let reach = caller.clone();
        let write = Write {
            tenant_id: caller.tenant_id,
            target: Target::Id(id),
            pair_limit: None,
            decide: Box::new(move |standing| {
                let seen = |pair: &Pair| reach.reaches(&pair.address.namespace).is_ok() && pair.is_live(standing.now);
                Ok(if standing.current.is_some_and(seen) { Effect::Remove } else { Effect::Keep })
            }),
        };
        Ok(matches!(self.store.write(write).await?, Applied::Removed(_)))
    }

    /// The pair `id`, where the caller can see it.
    ///
    /// # Errors
    /// [`KvError::Forbidden`].
    pub async fn pair(&self, caller: &Caller, id: Uuid) -> Result<Option<Pair>, KvError> {
        caller.may(Permission::ReadKeyValue)?;
        let pair = self.store.pair(caller.tenant_id, id).await?;
        Ok(pair.filter(|pair| caller.reaches(&pair.address.namespace).is_ok()))
    }

    /// The live pairs that `selection` picks in `namespace`: one by name, every one that the token
    /// reaches for `*`, the token's home for none.
    ///
    /// # Errors
    /// [`KvError::Forbidden`], [`KvError::ForbiddenNamespace`] and [`KvError::BadNamespace`].
    pub async fn list(
        &self,
        caller: &Caller,
        namespace: Option<String>,
        selection: &Selection,
    ) -> Result<Vec<Pair>, KvError> {
        caller.may(Permission::ReadKeyValue)?;
        let scope = scope(caller, namespace)?;
        self.store.list(caller.tenant_id, &scope, selection).await
    }

    /// How many pairs [`Self::list`] would give.
    ///
    /// # Errors
    /// As [`Self::list`].
    pub async fn count(
        &self,
        caller: &Caller,
        namespace: Option<String>,
        selection: &Selection,
    ) -> Result<u64, KvError> {
        caller.may(Permission::ReadKeyValue)?;
        let scope = scope(caller, namespace)?;
        self.store.count(caller.tenant_id, &scope, selection).await
    }
}

pub(super) fn scope(caller: &Caller, namespace: Option<String>) -> Result<Scope, KvError> {
    if namespace.as_deref() == Some("*") {
        return Ok(Scope::Any(caller.namespaces.clone()));
    }
    let namespace = namespace.map_or_else(|| Ok(caller.home.clone()), Namespace::new)?;
    caller.reaches(&namespace)?;
    Ok(Scope::One(namespace))
}

/// The rule of a set, decided under the tenant's lock.
struct SetRule {
    caller: Caller,
    at: Address,
    value: Value,
    options: SetOptions,
}

impl SetRule {
    fn decide(&self, standing: &Standing<'_>) -> Result<Effect, KvError> {
        let now = standing.now;
        let (id, created, version) = if let Some(pair) = standing.current.filter(|pair| pair.is_live(now)) {
            self.caller.may(Permission::UpdateKeyValue)?;
            (pair.id, pair.created, pair.version + 1)
        } else {
            self.caller.may(Permission::CreateKeyValue)?;
            self.caller.tier.check_room(standing.pairs)?;
            (new_id(), now, 1)
        };
        Ok(Effect::Put(Box::new(Pair {
            id,
            tenant_id: self.caller.tenant_id,
            address: self.at.clone(),
            value: self.value.clone(),
            description: self.options.description.clone(),
            version,
            revision: 0,
            expires_at: self.options.expires_at,
            created,
            updated: now,
        })))
    }
}
