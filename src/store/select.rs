//! Selections of pairs: by one statement where there is one, else by the evaluator.

use entities::key_value;
use sea_orm::{
    ColumnTrait, Condition, DbBackend, DbErr, EntityTrait, ExprTrait, IsolationLevel, Order, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select, TransactionOptions, TransactionTrait,
    sea_query::{Expr, NullOrdering, SimpleExpr},
};

use super::{
    Store, filter,
    pairs::{address, from_row, key_of, live},
    retry,
    rows::{addresses, keys, without_values},
};
use crate::domain::{
    Address, Entry, KvError, Pair, Scope, Selection, TenantId,
    filter::{Filter, Row},
};

/// Rows that are evaluated in one go.
const BREATH: usize = 32;

/// Rows read at once where the evaluator has to look at them.
const CHUNK: u64 = 2_000;

/// Rows read at first where a few may be enough.
const FIRST: u64 = 100;

impl Store {
    /// The live pairs of a tenant that `selection` picks in `scope`, in its order.
    ///
    /// Where the whole selection has SQL, the database answers it; else the database takes what it can
    /// and the evaluator decides on the surviving rows, a chunk at a time.
    ///
    /// # Errors
    /// As [`Self::pair`].
    pub async fn list(&self, tenant_id: TenantId, scope: &Scope, selection: &Selection) -> Result<Vec<Pair>, KvError> {
        if let Some(found) = self.single(tenant_id, scope, selection).await {
            return found;
        }
        self.run(&self.query(tenant_id, scope, selection), selection).await
    }

    /// As [`Self::list`], without the values: none is read, unless the selection asks about values.
    ///
    /// # Errors
    /// As [`Self::pair`].
    pub async fn entries(
        &self,
        tenant_id: TenantId,
        scope: &Scope,
        selection: &Selection,
    ) -> Result<Vec<Entry>, KvError> {
        if let Some(found) = self.single(tenant_id, scope, selection).await {
            return Ok(found?.into_iter().map(Entry::from).collect());
        }
        let query = self.query(tenant_id, scope, selection);
        let query = if selection.reads_values() { query } else { query.without_values() };
        Ok(self.run(&query, selection).await?.into_iter().map(Entry::from).collect())
    }

    /// As [`Self::list`], only where the pairs are.
    ///
    /// # Errors
    /// As [`Self::pair`].
    pub async fn addresses(
        &self,
        tenant_id: TenantId,
        scope: &Scope,
        selection: &Selection,
    ) -> Result<Vec<Address>, KvError> {
        if let Some(found) = self.single(tenant_id, scope, selection).await {
            return Ok(found?.into_iter().map(|pair| pair.address).collect());
        }
        let Query::Whole(query) = self.query(tenant_id, scope, selection) else {
            let entries = self.entries(tenant_id, scope, selection).await?;
            return Ok(entries.into_iter().map(|entry| entry.address).collect());
        };
        let found: Option<_> = if let Scope::One(namespace) = scope {
            let query = keys(query);
            let rows = retry::read(|| self.rows(&query)).await?.into_iter();
            rows.map(|key| Some(Address { namespace: namespace.clone(), key: key_of(key)? })).collect()
        } else {
            let query = addresses(query);
            let rows = retry::read(|| self.rows(&query)).await?.into_iter();
            rows.map(|(namespace, key)| address(namespace, key)).collect()
        };
        found.ok_or_else(|| KvError::internal("an address is broken"))
    }

    /// How many pairs [`Self::list`] would give.
    ///
    /// # Errors
    /// As [`Self::pair`].
    pub async fn count(&self, tenant_id: TenantId, scope: &Scope, selection: &Selection) -> Result<u64, KvError> {
        let (base, exact) = self.base(tenant_id, scope, &selection.filter);
        if !exact || !selection.distinct_on.is_empty() {
            return Ok(self.entries(tenant_id, scope, selection).await?.len() as u64);
        }
        let counted = base.select_only().column_as(key_value::Column::Id.count(), "count");
        let count = retry::read(|| counted.clone().into_tuple::<i64>().one(&self.db)).await?;
        let after = count.unwrap_or_default().unsigned_abs().saturating_sub(selection.offset);
        Ok(selection.limit.map_or(after, |limit| Ord::min(after, limit)))
    }

    /// The first statement that [`Self::list`] sends for this, its operands in their places: what to
    /// hand to the database's EXPLAIN.
    #[must_use]
    pub fn statement(&self, tenant_id: TenantId, scope: &Scope, selection: &Selection) -> String {
        if let Some(statement) = self.single_statement(tenant_id, scope, selection) {
            return statement;
        }
        let query = match self.query(tenant_id, scope, selection) {
            Query::Whole(query) => query,
            Query::Chunks(query) => query.limit(CHUNK),
        };
        query.build(self.db.get_database_backend()).to_string()
    }

    async fn run(&self, query: &Query, selection: &Selection) -> Result<Vec<Pair>, KvError> {
        retry::read(|| async {
            match query {
                Query::Whole(query) => self.rows(query).await?.into_iter().map(from_row).collect(),
                Query::Chunks(query) => self.evaluate(query, selection).await,
            }
        })
        .await
    }

    fn query(&self, tenant_id: TenantId, scope: &Scope, selection: &Selection) -> Query {
        let (base, exact) = self.base(tenant_id, scope, &selection.filter);
        match ordered(base.clone(), selection) {
            Some(query) if exact => {
                let offset = Some(selection.offset).filter(|offset| *offset > 0);
                // SQLite takes no OFFSET without a LIMIT.
                let limit = selection.limit.or(offset.map(|_| i64::MAX.unsigned_abs()));
                Query::Whole(query.limit(limit).offset(offset))
            }
            _ => Query::Chunks(
                // The order of the index on addresses: a chunk is read without sorting the tenant.
                base.order_by_asc(key_value::Column::Namespace).order_by_asc(key_value::Column::Key),
            ),
        }
    }

    /// The rows that `filter` takes in `scope`, in no order; and whether there are no others among them.
    fn base(&self, tenant_id: TenantId, scope: &Scope, filter: &Filter) -> (Select<key_value::Entity>, bool) {
        let translation = filter::translate(self.db.get_database_backend(), filter);
        let base = key_value::Entity::find()
            .filter(live(tenant_id, self.clock.now()))
            .filter(filter::scope(scope))
            .filter(Condition::all().add_option(translation.condition));
        (base, translation.exact)
    }

    /// Reads the chunks of `query`, in one snapshot, and keeps what the selection takes.
    async fn evaluate(&self, query: &Select<key_value::Entity>, selection: &Selection) -> Result<Vec<Pair>, DbErr> {
        let is_postgres = self.db.get_database_backend() == DbBackend::Postgres;
        let options = TransactionOptions {
            // A transaction of SQLite's is a snapshot anyway, and sqlx warns of every level that is named there.
            isolation_level: is_postgres.then_some(IsolationLevel::RepeatableRead),
            access_mode: None,
            sqlite_transaction_mode: None,
        };
        let txn = self.db.begin_with_options(options).await?;
        let mut taken = Vec::new();
        let mut after = None;
        let mut chunk = if selection.limit.is_some() { FIRST } else { CHUNK };
        loop {
            let rows = query.clone().filter(Condition::all().add_option(after)).limit(chunk).all(&txn).await?;
            after = rows.last().map(|row| beyond(&row.namespace, &row.key));
            let last = (rows.len() as u64) < chunk;
            chunk = Ord::min(2 * chunk, CHUNK);
            for (at, row) in rows.into_iter().enumerate() {
                if at % BREATH == 0 {
                    // A filter may take long over a row; others, and the request's timeout, have their turn.
                    tokio::task::yield_now().await;
                }
                let pair = from_row(row)?;
                if selection.filter.takes(&Row::new(&pair)) {
                    taken.push(pair);
                }
            }
            if last || selection.is_full(taken.len()) {
                break;
            }
        }
        txn.commit().await?;
        Ok(selection.arrange(taken))
    }
}

/// How a selection is answered.
enum Query {
    /// By one statement.
    Whole(Select<key_value::Entity>),
    /// By the evaluator, from a superset in chunks; this reads it whole.
    Chunks(Select<key_value::Entity>),
}

impl Query {
    /// The same rows with null for a value.
    fn without_values(self) -> Self {
        match self {
            Self::Whole(query) => Self::Whole(without_values(query)),
            Self::Chunks(query) => Self::Chunks(without_values(query)),
        }
    }
}

/// The rows after this address.
fn beyond(namespace: &str, key: &[u8]) -> SimpleExpr {
    let columns = [key_value::Column::Namespace, key_value::Column::Key].map(Expr::col);
    Expr::tuple(columns).gt(Expr::tuple([Expr::val(namespace), Expr::val(key.to_vec())]))
}

/// `query` in the selection's order, where the database sorts as the domain does.
fn ordered(mut query: Select<key_value::Entity>, selection: &Selection) -> Option<Select<key_value::Entity>> {
    if !selection.distinct_on.is_empty() {
        return None;
    }
    for order in &selection.order {
        let direction = if order.descending { Order::Desc } else { Order::Asc };
        let column = filter::sortable(order.column)?;
        query = if matches!(column, key_value::Column::ExpiresAt) {
            let nulls = if order.nulls_first { NullOrdering::First } else { NullOrdering::Last };
            query.order_by_with_nulls(column, direction, nulls)
        } else {
            if let Some(period) = filter::periods::before(column) {
                query = query.order_by(period, direction.clone());
            }
            // Never null; saying where nulls go would keep the database from using an index.
            query.order_by(column, direction)
        };
    }
    Some(query)
}
