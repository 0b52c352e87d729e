//! Set, get, list and delete.

use uuid::Uuid;

use super::{
    Service,
    set::{Description, SetOptions, SetRule, check_description},
};
use crate::{
    domain::{
        Address, Caller, Entry, Key, KvError, Namespace, Pair, Permission, Scope, Value, audit::Deed, filter::Selection,
    },
    store::{Applied, Doomed, Effect, Target, Write},
};

/// What a read finds at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The pair.
    Live(Box<Pair>),
    /// A pair that had expired; nobody else is told so.
    Expired,
    /// Nothing.
    Missing,
}

impl Service {
    /// Writes `value` at `at`, replacing what the pair there held. The pair keeps its id and
    /// `created`; its version goes up by one.
    ///
    /// An expired pair counts as absent: its successor gets a new id.
    ///
    /// # Errors
    /// [`KvError::Forbidden`], [`KvError::ForbiddenNamespace`], [`KvError::ValueTooLarge`],
    /// [`KvError::TooManyPairs`], and what the options refuse: [`KvError::Invalid`],
    /// [`KvError::AlreadyExists`] and [`KvError::Changed`]. Then nothing is written.
    pub async fn set(&self, caller: &Caller, at: Address, value: Value, options: SetOptions) -> Result<Pair, KvError> {
        let deed = Deed::change("set_key_value").within(at.namespace.as_str()).key(at.key.as_str());
        self.audited(caller, deed, async {
            caller.reaches(&at.namespace)?;
            if let Description::Put(text) = &options.description {
                check_description(text.as_deref())?;
            }
            let licence = self.licence(caller);
            let size = value.to_json().as_str().len();
            let rule =
                SetRule { caller: caller.clone(), licence: licence.clone(), at: at.clone(), value, size, options };
            let write = Write {
                tenant_id: caller.tenant_id,
                target: Target::Address(at),
                licence: Some(licence),
                decide: Box::new(move |standing| rule.decide(standing)),
            };
            match self.store.write(write).await? {
                Applied::Put(pair) => Ok(pair),
                Applied::Removed(_) | Applied::None => Err(KvError::internal("a set changed nothing")),
            }
        })
        .await
    }

    /// Deletes the pair `id`; `false` where the caller can see no such pair.
    ///
    /// # Errors
    /// [`KvError::Forbidden`].
    pub async fn delete(&self, caller: &Caller, id: Uuid) -> Result<bool, KvError> {
        let deed = Deed::change("delete_key_value").object(id);
        let told = |deed: Deed, pair: &Option<Pair>| pair.iter().fold(deed, Deed::pair);
        let removed = self.audited_as(caller, deed, told, self.remove_one(caller, Target::Id(id))).await?;
        Ok(removed.is_some())
    }

    /// Deletes the pair at `at`; `false` where there is none.
    ///
    /// # Errors
    /// [`KvError::Forbidden`] and [`KvError::ForbiddenNamespace`].
    pub async fn delete_at(&self, caller: &Caller, at: Address) -> Result<bool, KvError> {
        let deed = Deed::change("delete_key_value").within(at.namespace.as_str()).key(at.key.as_str());
        self.audited(caller, deed, async {
            caller.reaches(&at.namespace)?;
            Ok(self.remove_one(caller, Target::Address(at)).await?.is_some())
        })
        .await
    }

    async fn remove_one(&self, caller: &Caller, target: Target) -> Result<Option<Pair>, KvError> {
        caller.may(Permission::DeleteKeyValue)?;
        let reach = caller.clone();
        let write = Write {
            tenant_id: caller.tenant_id,
            target,
            licence: None,
            decide: Box::new(move |standing| {
                let seen = |pair: &Pair| reach.reaches(&pair.address.namespace).is_ok() && pair.is_live(standing.now);
                Ok(if standing.current.is_some_and(seen) { Effect::Remove } else { Effect::Keep })
            }),
        };
        match self.store.write(write).await? {
            Applied::Removed(pair) => Ok(Some(pair)),
            Applied::Put(_) | Applied::None => Ok(None),
        }
    }

    /// Deletes every pair of a namespace whose key starts with `prefix`, byte for byte, in one
    /// transaction; how many there were. The empty prefix takes all.
    ///
    /// # Errors
    /// [`KvError::Forbidden`] and [`KvError::ForbiddenNamespace`].
    pub async fn delete_prefix(&self, caller: &Caller, namespace: &Namespace, prefix: &str) -> Result<u64, KvError> {
        let deed = Deed::change("delete_key_values").within(namespace.as_str());
        self.audited(caller, deed, async {
            caller.may(Permission::DeleteKeyValue)?;
            caller.reaches(namespace)?;
            Ok(self.store.remove(caller.tenant_id, Doomed::Prefix(namespace, prefix)).await?.pairs)
        })
        .await
    }

    /// Deletes the pairs of a namespace with these keys, in one transaction; those keys that there were.
    ///
    /// # Errors
    /// As [`Self::delete_prefix`].
    pub async fn delete_keys(&self, caller: &Caller, at: &Namespace, keys: &[Key]) -> Result<Vec<Key>, KvError> {
        let deed = Deed::change("delete_key_values").within(at.as_str());
        self.audited(caller, deed, async {
            caller.may(Permission::DeleteKeyValue)?;
            caller.reaches(at)?;
            Ok(self.store.remove(caller.tenant_id, Doomed::Keys(at, keys)).await?.keys)
        })
        .await
    }

    /// The pair `id`, where the caller can see it.
    ///
    /// # Errors
    /// [`KvError::Forbidden`].
    pub async fn pair(&self, caller: &Caller, id: Uuid) -> Result<Option<Pair>, KvError> {
        let deed = Deed::read("get_key_value").object(id);
        let told = |deed: Deed, pair: &Option<Pair>| pair.iter().fold(deed, Deed::pair);
        self.audited_as(caller, deed, told, async {
            caller.may(Permission::ReadKeyValue)?;
            let pair = self.store.pair(caller.tenant_id, id).await?;
            Ok(pair.filter(|pair| caller.reaches(&pair.address.namespace).is_ok()))
        })
        .await
    }

    /// The pair at `at`.
    ///
    /// # Errors
    /// [`KvError::Forbidden`] and [`KvError::ForbiddenNamespace`].
    pub async fn get(&self, caller: &Caller, at: &Address) -> Result<Option<Pair>, KvError> {
        let deed = Deed::read("get_key_value").within(at.namespace.as_str()).key(at.key.as_str());
        self.audited(caller, deed, async { Ok(self.row(caller, at).await?.filter(|pair| pair.is_live(self.now()))) })
            .await
    }

    /// As [`Self::get`], for clients that are told once that a pair has expired: the read that finds it so
    /// takes it away.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn get_or_bury(&self, caller: &Caller, at: &Address) -> Result<Found, KvError> {
        let deed = Deed::read("get_key_value").within(at.namespace.as_str()).key(at.key.as_str());
        self.audited(caller, deed, async {
            match self.row(caller, at).await? {
                Some(pair) if pair.is_live(self.now()) => Ok(Found::Live(Box::new(pair))),
                Some(pair) => {
                    let buried = self.store.remove(caller.tenant_id, Doomed::Expired(&[pair.id], self.now())).await?;
                    Ok(if buried.rows > 0 { Found::Expired } else { Found::Missing })
                }
                None => Ok(Found::Missing),
            }
        })
        .await
    }

    /// The row at `at`, live or expired.
    async fn row(&self, caller: &Caller, at: &Address) -> Result<Option<Pair>, KvError> {
        caller.may(Permission::ReadKeyValue)?;
        caller.reaches(&at.namespace)?;
        self.store.row_at(caller.tenant_id, at).await
    }

    /// The keys of a namespace that start with `prefix`, byte for byte, in the order of their bytes; from
    /// after the key `after` on, and at most `limit`.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn keys(
        &self,
        caller: &Caller,
        namespace: &Namespace,
        prefix: &str,
        after: Option<&Key>,
        limit: Option<u64>,
    ) -> Result<Vec<Key>, KvError> {
        let deed = Deed::read("list_key_values").within(namespace.as_str());
        self.audited(caller, deed, async {
            caller.may(Permission::ReadKeyValue)?;
            caller.reaches(namespace)?;
            self.store.keys(caller.tenant_id, namespace, prefix, after, limit).await
        })
        .await
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
        let (deed, scope) = look("list_key_values", caller, namespace, selection);
        self.audited(caller, deed, async { self.store.list(caller.tenant_id, &scope?, selection).await }).await
    }

    /// As [`Self::list`], without the values.
    ///
    /// # Errors
    /// As [`Self::list`].
    pub async fn entries(
        &self,
        caller: &Caller,
        namespace: Option<String>,
        selection: &Selection,
    ) -> Result<Vec<Entry>, KvError> {
        let (deed, scope) = look("list_key_values", caller, namespace, selection);
        self.audited(caller, deed, async { self.store.entries(caller.tenant_id, &scope?, selection).await }).await
    }

    /// As [`Self::list`], only where the pairs are.
    ///
    /// # Errors
    /// As [`Self::list`].
    pub async fn addresses(
        &self,
        caller: &Caller,
        namespace: Option<String>,
        selection: &Selection,
    ) -> Result<Vec<Address>, KvError> {
        let (deed, scope) = look("list_key_values", caller, namespace, selection);
        self.audited(caller, deed, async { self.store.addresses(caller.tenant_id, &scope?, selection).await }).await
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
        let (deed, scope) = look("count_key_values", caller, namespace, selection);
        self.audited(caller, deed, async { self.store.count(caller.tenant_id, &scope?, selection).await }).await
    }
}

/// A look at a namespace's pairs, and where the caller may look.
fn look(
    operation: &'static str,
    caller: &Caller,
    namespace: Option<String>,
    selection: &Selection,
) -> (Deed, Result<Scope, KvError>) {
    let deed = looked(operation, caller, namespace.as_deref(), Some(selection));
    (deed, caller.may(Permission::ReadKeyValue).and_then(|()| scope(caller, namespace)))
}

pub(super) fn scope(caller: &Caller, namespace: Option<String>) -> Result<Scope, KvError> {
    if namespace.as_deref() == Some("*") {
        return Ok(Scope::Any(caller.namespaces.clone()));
    }
    let namespace = namespace.map_or_else(|| Ok(caller.home.clone()), Namespace::new)?;
    caller.reaches(&namespace)?;
    Ok(Scope::One(namespace))
}

/// What a look at a namespace's pairs leaves in the audit log: the key too, where it asks for one alone.
pub(super) fn looked(
    operation: &'static str,
    caller: &Caller,
    namespace: Option<&str>,
    selection: Option<&Selection>,
) -> Deed {
    let deed = Deed::read(operation);
    let deed = match namespace {
        None => deed.within(caller.home.as_str()),
        // A client's text, but for names that there can be, is not kept.
        Some(name) if name == "*" || Namespace::new(name).is_ok() => deed.within(name),
        Some(_) => deed,
    };
    match selection.and_then(Selection::only_key).filter(|key| Key::new(*key).is_ok()) {
        Some(key) => deed.key(key),
        None => deed,
    }
}
