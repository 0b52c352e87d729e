//! What a file of pairs would change, and doing it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use crate::{
    client::{Client, Description, Draft, Expiry, Pair, Query},
    domain::{JsonText, Kind, Timestamp},
};

/// A pair as a file has it.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// The token's own where none is given.
    pub(super) namespace: Option<String>,
    pub(super) key: String,
    pub(super) kind: Kind,
    pub(super) value: JsonText,
    pub(super) description: Option<String>,
    pub(super) expiry: Option<Expiry>,
    /// Where it is in the file, from 1.
    pub(super) line: usize,
}

/// A wanted pair beside what is there.
pub(super) struct Step {
    pub(super) wanted: Wanted,
    pub(super) current: Option<Pair>,
}

/// How many pairs went which way.
#[derive(Default, Clone, Copy)]
pub(super) struct Tally {
    pub(super) added: usize,
    pub(super) changed: usize,
    pub(super) unchanged: usize,
    pub(super) deleted: usize,
}

impl Step {
    /// Whether what is there is what is wanted.
    ///
    /// A `ttl` counts from the moment of writing: a pair that is as wanted and ends at some time is left alone.
    pub(super) fn is_done(&self) -> bool {
        let Some(current) = &self.current else { return false };
        let wanted = &self.wanted;
        let ends = current.expires_at.as_deref();
        let expiry = match &wanted.expiry {
            None => ends.is_none(),
            Some(Expiry::Ttl(_)) => ends.is_some(),
            Some(Expiry::At(end)) => ends.is_some_and(|ends| instant(ends) == instant(end)),
        };
        let same =
            (wanted.kind, &wanted.value, &wanted.description) == (current.kind, &current.value, &current.description);
        expiry && same
    }

    /// The write that makes it so, where the pair is still as it was seen.
    pub(super) fn draft(&self) -> Draft {
        let Wanted { namespace, key, kind, value, description, expiry, .. } = self.wanted.clone();
        Draft {
            namespace,
            key,
            kind: Some(kind),
            value,
            description: Description::Put(description),
            expiry,
            if_version: Some(self.current.as_ref().map_or(0, |pair| pair.version)),
        }
    }

    /// Counts this step as one to do, or as none.
    pub(super) fn count(&self, tally: &mut Tally) {
        match (&self.current, self.is_done()) {
            (_, true) => tally.unchanged += 1,
            (Some(_), false) => tally.changed += 1,
            (None, false) => tally.added += 1,
        }
    }
}

/// The microseconds of an instant; none where it is no instant.
pub(super) fn instant(text: &str) -> Option<i64> {
    Timestamp::parse(text).ok().map(Timestamp::micros)
}

/// The wanted pairs beside what is there, in the same order.
pub(super) async fn compare(client: &Client, wanted: Vec<Wanted>) -> Result<Vec<Step>> {
    let mut keys: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
    for pair in &wanted {
        keys.entry(pair.namespace.as_deref()).or_default().push(&pair.key);
    }
    let mut found = BTreeMap::new();
    for (namespace, keys) in keys {
        for pair in client.get_all(namespace, &keys).await? {
            found.insert((namespace.map(ToOwned::to_owned), pair.key.clone()), pair);
        }
    }
    let step = |wanted: Wanted| {
        let current = found.remove(&(wanted.namespace.clone(), wanted.key.clone()));
        Step { wanted, current }
    };
    Ok(wanted.into_iter().map(step).collect())
}

/// The pairs that are there and not wanted, in the namespaces that the wanted ones are in, and in `also`.
pub(super) async fn surplus(client: &Client, wanted: &[Wanted], also: Option<&str>) -> Result<Vec<Pair>> {
    let mut namespaces: BTreeSet<Option<&str>> = wanted.iter().map(|pair| pair.namespace.as_deref()).collect();
    namespaces.extend(also.map(Some));
    let names: BTreeSet<(Option<&str>, &str)> =
        wanted.iter().map(|pair| (pair.namespace.as_deref(), pair.key.as_str())).collect();
    let (mut surplus, mut home) = (BTreeMap::new(), None);
    // None comes first: it is the token's own namespace, whose pairs may be named with it or without.
    for namespace in namespaces {
        let query = Query { namespace: namespace.map(ToOwned::to_owned), prefix: String::new() };
        for pair in client.list_all(&query).await? {
            if namespace.is_none() {
                home.get_or_insert_with(|| pair.namespace.clone());
            }
            let own = home.as_ref() == Some(&pair.namespace) && names.contains(&(None, &pair.key));
            if !own && !names.contains(&(Some(&pair.namespace), &pair.key)) {
                surplus.insert(pair.id.clone(), pair);
            }
        }
    }
    let mut surplus: Vec<_> = surplus.into_values().collect();
    surplus.sort_by(|a, b| (&a.namespace, &a.key).cmp(&(&b.namespace, &b.key)));
    Ok(surplus)
}
