//! What a batch found under the lock, and what becomes of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entities::{key_value, key_value_change, namespace, tenant};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::OnConflict,
};
use uuid::Uuid;

use super::{Applied, Effect, Standing, Target, Write, prune};
use crate::{
    domain::{Address, Clock, KvError, Pair, TenantId, Timestamp},
    store::{changes, pairs, point},
};

/// Expired rows, of a tenant near its limit, that need not wait for the sweeper.
const CROWD: i64 = 500;

/// A tenant's counters as the batch moves them.
struct Books {
    /// The tenant's licence tier.
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
#[derive(Default)]
struct Slot {
    stored: Option<Uuid>,
    pair: Option<Pair>,
    moved: bool,
}

type Place = (TenantId, Address);

/// A decision, as [`super::Decide`].
type Rule<'a> = dyn Fn(&Standing<'_>) -> Result<Effect, KvError> + Send + Sync + 'a;

/// The tenants and addresses of one batch, locked.
pub(super) struct Ledger {
    now: Timestamp,
    books: HashMap<TenantId, Books>,
    slots: HashMap<Place, Slot>,
    ids: HashMap<Uuid, Place>,
    /// What goes into the log.
    changes: Vec<key_value_change::ActiveModel>,
}

impl Ledger {
    /// Locks the tenants of `writes`, in order, and reads what the writes are about.
    pub(super) async fn lock(txn: &DatabaseTransaction, writes: &[Write], clock: &dyn Clock) -> Result<Self, DbErr> {
        let tenants: BTreeSet<Uuid> = writes.iter().map(|write| write.tenant_id.0).collect();
        let locked = tenant::Entity::find()
            .filter(tenant::COLUMN.id.is_in(tenants))
            .order_by_asc(tenant::COLUMN.id)
            .lock_exclusive()
            .all(txn)
            .await?;
        // After the lock, so that instants follow revisions.
        let now = clock.now();
        let books = |row: &tenant::Model| Books {
            tier: row.tier.clone(),
            before: row.revision,
            revision: row.revision,
            rows: row.pairs,
            expired: 0,
            moved: false,
        };
        let mut ledger = Self {
            now,
            books: locked.iter().map(|row| (TenantId(row.id), books(row))).collect(),
            slots: HashMap::new(),
            ids: HashMap::new(),
            changes: Vec::new(),
        };
        for row in stored(txn, writes).await? {
            let pair = pairs::from_row(row)?;
            let place = (pair.tenant_id, pair.address.clone());
            ledger.ids.insert(pair.id, place.clone());
            ledger.slots.insert(place, Slot { stored: Some(pair.id), pair: Some(pair), moved: false });
        }
        ledger.count_expired(txn, writes).await?;
        Ok(ledger)
    }

    /// Counts expired rows of the tenants that this batch might fill.
    async fn count_expired(&mut self, txn: &DatabaseTransaction, writes: &[Write]) -> Result<(), DbErr> {
        let near = |books: &Books, write: &Write| {
            // A tier that is unknown lets the decision fail, whatever the count.
            let tier = write.licence.as_ref().and_then(|licence| licence.tier(&books.tier).ok());
            let limit = tier.and_then(|tier| tier.limits.pairs);
            limit.is_some_and(|limit| books.rows.unsigned_abs() + writes.len() as u64 > limit)
        };
        for (tenant_id, books) in &mut self.books {
            if writes.iter().any(|write| write.tenant_id == *tenant_id && near(books, write)) {
                let expired = key_value::Entity::find()
                    .filter(key_value::COLUMN.tenant_id.eq(tenant_id.0))
                    .filter(key_value::COLUMN.expires_at.lte(self.now.micros()))
                    .count(txn)
                    .await?;
                books.expired = i64::try_from(expired).unwrap_or(i64::MAX);
            }
        }
        Ok(())
    }

    /// Lets one write decide on the state that its forerunners in the batch left.
    pub(super) fn decide(&mut self, write: &Write) -> Result<Applied, KvError> {
        self.decide_by(write, &write.decide)
    }

    /// The same by another rule than the write's own.
    pub(super) fn decide_by(&mut self, write: &Write, rule: &Rule<'_>) -> Result<Applied, KvError> {
        let books = self.books.get_mut(&write.tenant_id).ok_or(KvError::NoSuchId { what: "tenant" })?;
        let place = match &write.target {
            Target::Address(address) => Some((write.tenant_id, address.clone())),
            Target::Id(id) => self.ids.get(id).filter(|(tenant_id, _)| *tenant_id == write.tenant_id).cloned(),
        };
        let slot = place.as_ref().and_then(|place| self.slots.get(place));
        let current = slot.and_then(|slot| slot.pair.as_ref()).filter(|pair| match &write.target {
            Target::Id(id) => pair.id == *id,
            Target::Address(_) => true,
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
            self.changes.push(changes::to_row(pair, books.revision, next.is_none(), self.now));
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

    /// Writes what moved; `false` where nothing did.
    pub(super) async fn save(self, txn: &DatabaseTransaction) -> Result<bool, DbErr> {
        let mut gone = Vec::new();
        let mut rows = Vec::new();
        let mut namespaces = BTreeMap::new();
        for ((tenant_id, _), slot) in self.slots.into_iter().filter(|(_, slot)| slot.moved) {
            let kept = slot.pair.as_ref().map(|pair| pair.id);
            gone.extend(slot.stored.filter(|stored| kept != Some(*stored)));
            if let Some(pair) = slot.pair {
                if slot.stored.is_none() {
                    namespaces.insert((tenant_id.0, pair.address.namespace.as_str().to_owned()), self.now.micros());
                }
                rows.push(pairs::to_row(pair));
            }
        }
        let moved = self.books.values().any(|books| books.moved);
        if !gone.is_empty() {
            key_value::Entity::delete_many().filter(key_value::COLUMN.id.is_in(gone)).exec(txn).await?;
        }
        save_namespaces(txn, namespaces).await?;
        if !rows.is_empty() {
            key_value::Entity::insert_many(rows).on_conflict(overwrite()).exec_without_returning(txn).await?;
        }
        if !self.changes.is_empty() {
            key_value_change::Entity::insert_many(self.changes).exec_without_returning(txn).await?;
        }
        for (tenant_id, books) in self.books.into_iter().filter(|(_, books)| books.moved) {
            prune(txn, tenant_id, books.before, books.revision).await?;
            let row =
                tenant::ActiveModel { revision: Set(books.revision), pairs: Set(books.rows), ..Default::default() };
            tenant::Entity::update_many().set(row).filter(tenant::COLUMN.id.eq(tenant_id.0)).exec(txn).await?;
        }
        Ok(moved)
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

/// The rows that `writes` are about, whatever their state.
async fn stored(txn: &DatabaseTransaction, writes: &[Write]) -> Result<Vec<key_value::Model>, DbErr> {
    let mut keys: BTreeMap<(Uuid, &str), BTreeSet<&[u8]>> = BTreeMap::new();
    let mut ids: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
    for write in writes {
        match &write.target {
            Target::Address(address) => {
                let group = (write.tenant_id.0, address.namespace.as_str());
                keys.entry(group).or_default().insert(address.key.as_str().as_bytes());
            }
            Target::Id(id) => {
                ids.entry(write.tenant_id.0).or_default().insert(*id);
            }
        }
    }
    let mut rows = Vec::new();
    let mut any = Condition::any();
    if txn.get_database_backend() == DbBackend::Postgres && !keys.is_empty() {
        // A list of keys leaves the planner a choice, which it makes badly over a table it knows little of yet.
        let places = keys
            .iter()
            .flat_map(|((tenant_id, namespace), keys)| keys.iter().map(move |key| (*tenant_id, (*namespace, *key))));
        let (tenants, (namespaces, keys)): (_, (Vec<_>, Vec<_>)) = places.unzip();
        let statement = point::rows_at(tenants, namespaces, keys);
        rows = key_value::Entity::find().from_raw_sql(statement).all(txn).await?;
    } else {
        for ((tenant_id, namespace), keys) in keys {
            any = any.add(
                Condition::all()
                    .add(key_value::COLUMN.tenant_id.eq(tenant_id))
                    .add(key_value::COLUMN.namespace.eq(namespace))
                    .add(key_value::Column::Key.is_in(keys.into_iter().map(<[u8]>::to_vec))),
            );
        }
    }
    for (tenant_id, ids) in ids {
        let own = key_value::COLUMN.tenant_id.eq(tenant_id);
        any = any.add(Condition::all().add(own).add(key_value::COLUMN.id.is_in(ids)));
    }
    if !any.is_empty() {
        rows.extend(key_value::Entity::find().filter(any).all(txn).await?);
    }
    Ok(rows)
}

async fn save_namespaces(txn: &DatabaseTransaction, names: BTreeMap<(Uuid, String), i64>) -> Result<(), DbErr> {
    if names.is_empty() {
        return Ok(());
    }
    let rows = names.into_iter().map(|((tenant_id, name), created)| namespace::ActiveModel {
        tenant_id: Set(tenant_id),
        name: Set(name),
        description: Set(None),
        created: Set(created),
    });
    let keep = OnConflict::columns([namespace::Column::TenantId, namespace::Column::Name]).do_nothing().to_owned();
    namespace::Entity::insert_many(rows).on_conflict(keep).exec_without_returning(txn).await?;
    Ok(())
}

/// A row that is there takes over everything that an overwrite may change.
fn overwrite() -> OnConflict {
    use key_value::Column as C;
    OnConflict::column(C::Id)
        .update_columns([C::Kind, C::Json, C::Bytes, C::Description, C::Version, C::Revision, C::ExpiresAt, C::Updated])
        .to_owned()
}
