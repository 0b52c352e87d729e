//! Namespaces: made by a first write or by hand, described, and deleted when nothing is in them.

use std::collections::{HashMap, HashSet};

use super::{Service, set::check_description};
use crate::{
    domain::{Caller, Entry, KvError, Namespace, NamespaceInfo, Permission, Scope, Selection, audit::Deed},
    store::Doomed,
};

impl Service {
    /// The namespaces that the caller's token reaches, by name: all of them, or the one called `name`.
    ///
    /// # Errors
    /// [`KvError::Forbidden`].
    pub async fn namespaces(
        &self,
        caller: &Caller,
        name: Option<Namespace>,
        limit: Option<u64>,
        offset: u64,
    ) -> Result<Vec<NamespaceInfo>, KvError> {
        let deed = Deed::read("list_namespaces");
        self.audited(caller, deed, async {
            caller.may(Permission::ReadKeyValue)?;
            let scope = match name {
                Some(name) if caller.reaches(&name).is_err() => return Ok(Vec::new()),
                Some(name) => Scope::One(name),
                None => Scope::Any(caller.namespaces.clone()),
            };
            self.store.namespaces(caller.tenant_id, &scope, limit, offset).await
        })
        .await
    }

    /// How many live pairs each of these namespaces holds, by name; those that hold none are left out.
    ///
    /// # Errors
    /// [`KvError::Forbidden`] and [`KvError::ForbiddenNamespace`].
    pub async fn pairs_in(&self, caller: &Caller, names: &[Namespace]) -> Result<HashMap<String, u64>, KvError> {
        caller.may(Permission::ReadKeyValue)?;
        names.iter().try_for_each(|name| caller.reaches(name))?;
        self.store.pairs_in(caller.tenant_id, names).await
    }

    /// The live pairs of the namespaces above this one by dot, without the values: those of the nearest first, each
    /// by key; of pairs with the same key, the nearest. A namespace above that the token does not reach passes
    /// nothing on.
    ///
    /// # Errors
    /// [`KvError::Forbidden`] and [`KvError::ForbiddenNamespace`].
    pub async fn inherited(&self, caller: &Caller, namespace: &Namespace) -> Result<Vec<Entry>, KvError> {
        let deed = Deed::read("list_key_values").within(namespace.as_str());
        self.audited(caller, deed, async {
            caller.may(Permission::ReadKeyValue)?;
            caller.reaches(namespace)?;
            let (mut seen, mut inherited) = (HashSet::new(), Vec::new());
            for above in namespace.ancestors().filter(|above| caller.reaches(above).is_ok()) {
                let entries = self.store.entries(caller.tenant_id, &Scope::One(above), &Selection::by_key()).await?;
                inherited.extend(entries.into_iter().filter(|entry| seen.insert(entry.address.key.clone())));
            }
            Ok(inherited)
        })
        .await
    }

    /// Makes a namespace that is not there yet.
    ///
    /// # Errors
    /// [`KvError::Forbidden`], [`KvError::ForbiddenNamespace`], [`KvError::AlreadyExists`] and, for a
    /// description that is too long, [`KvError::Invalid`].
    pub async fn create_namespace(
        &self,
        caller: &Caller,
        name: Namespace,
        description: Option<String>,
    ) -> Result<NamespaceInfo, KvError> {
        let deed = Deed::change("create_namespace").within(name.as_str());
        self.audited(caller, deed, async {
            caller.may(Permission::CreateKeyValue)?;
            caller.reaches(&name)?;
            check_description(description.as_deref())?;
            let new = NamespaceInfo { name, description, created: self.now() };
            self.store.add_namespace(caller.tenant_id, &new).await?;
            Ok(new)
        })
        .await
    }

    /// Gives a namespace another description, or none; `false` where there is no such namespace.
    ///
    /// # Errors
    /// As [`Self::create_namespace`], without [`KvError::AlreadyExists`].
    pub async fn describe_namespace(
        &self,
        caller: &Caller,
        name: &Namespace,
        description: Option<String>,
    ) -> Result<bool, KvError> {
        let deed = Deed::change("update_namespace").within(name.as_str());
        self.audited(caller, deed, async {
            caller.may(Permission::UpdateKeyValue)?;
            caller.reaches(name)?;
            check_description(description.as_deref())?;
            self.store.describe_namespace(caller.tenant_id, name, description).await
        })
        .await
    }

    /// Deletes a namespace, and with `force` the pairs in it; `false` where there is no such namespace.
    /// Those below it by dot stay.
    ///
    /// # Errors
    /// [`KvError::Forbidden`], [`KvError::ForbiddenNamespace`], and [`KvError::NotEmpty`] without `force`.
    pub async fn delete_namespace(&self, caller: &Caller, name: &Namespace, force: bool) -> Result<bool, KvError> {
        let deed = Deed::change("delete_namespace").within(name.as_str());
        self.audited(caller, deed, async {
            caller.may(Permission::DeleteKeyValue)?;
            caller.reaches(name)?;
            let removed = self.store.remove(caller.tenant_id, Doomed::Namespace { name, force }).await?;
            if removed.pairs > 0 && !force {
                return Err(KvError::NotEmpty { pairs: removed.pairs });
            }
            Ok(removed.namespace)
        })
        .await
    }
}
