//! Reading pairs: rows in, domain out, the tenant first.

use entities::key_value;
use sea_orm::{
    ActiveValue::Set,
    Condition, DbErr, EntityTrait, ExprTrait, IsolationLevel, Order, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select, TransactionOptions, TransactionTrait,
    sea_query::{Expr, NullOrdering, SimpleExpr},
};
use uuid::Uuid;

use super::{Store, fault, filter};
use crate::domain::{
    Address, JsonText, Key, KvError, Namespace, Pair, Scope, Selection, TenantId, Timestamp, Value, filter::Row,
};

/// Rows that are evaluated in one go.
const BREATH: usize = 32;

/// Rows read at once where the evaluator has to look at them.
const CHUNK: u64 = 2_000;

impl Store {
    /// The live pair `id` of a tenant.
    ///
    /// # Errors
    /// [`KvError::Unavailable`] and [`KvError::Internal`], as every read.
    pub async fn pair(&self, tenant_id: TenantId, id: Uuid) -> Result<Option<Pair>, KvError> {
        let row = key_value::Entity::find_by_id(id)
            .filter(live(tenant_id, self.clock.now()))
            .one(&self.db)
            .await
            .map_err(fault::classify)?;
        row.map(from_row).transpose().map_err(fault::classify)
    }

    /// The live pairs of a tenant that `selection` picks in `scope`, in its order.
    ///
    /// Where the whole selection has SQL, the database answers it; else the database takes what it can
    /// and the evaluator decides on the surviving rows, a chunk at a time.
    ///
    /// # Errors
    /// As [`Self::pair`].
    pub async fn list(&self, tenant_id: TenantId, scope: &Scope, selection: &Selection) -> Result<Vec<Pair>, KvError> {
        let found = match self.query(tenant_id, scope, selection) {
            Query::Whole(query) => query.all(&self.db).await.and_then(|rows| rows.into_iter().map(from_row).collect()),
            Query::Chunks(query) => self.evaluate(query, selection).await,
        };
        found.map_err(fault::classify)
    }

    /// The first statement that [`Self::list`] sends for this, its operands in their places: what to
    /// hand to the database's EXPLAIN.
    #[must_use]
    pub fn statement(&self, tenant_id: TenantId, scope: &Scope, selection: &Selection) -> String {
        let (Query::Whole(query) | Query::Chunks(query)) = self.query(tenant_id, scope, selection);
        query.build(self.db.get_database_backend()).to_string()
    }

    fn query(&self, tenant_id: TenantId, scope: &Scope, selection: &Selection) -> Query {
        let translation = filter::translate(self.db.get_database_backend(), &selection.filter);
        let base = key_value::Entity::find()
            .filter(live(tenant_id, self.clock.now()))
            .filter(filter::scope(scope))
            .filter(Condition::all().add_option(translation.condition));
        match ordered(base.clone(), selection) {
            Some(query) if translation.exact => {
                let offset = Some(selection.offset).filter(|offset| *offset > 0);
                // SQLite takes no OFFSET without a LIMIT.
                let limit = selection.limit.or(offset.map(|_| i64::MAX.unsigned_abs()));
                Query::Whole(query.limit(limit).offset(offset))
            }
            _ => Query::Chunks(
                // The order of the index on addresses: a chunk is read without sorting the tenant.
                base.order_by_asc(key_value::Column::Namespace).order_by_asc(key_value::Column::Key).limit(CHUNK),
            ),
        }
    }

    /// Reads the chunks of `query`, in one snapshot, and keeps what the selection takes.
    async fn evaluate(&self, query: Select<key_value::Entity>, selection: &Selection) -> Result<Vec<Pair>, DbErr> {
        let options = TransactionOptions {
            isolation_level: Some(IsolationLevel::RepeatableRead),
            access_mode: None,
            sqlite_transaction_mode: None,
        };
        let txn = self.db.begin_with_options(options).await?;
        let mut taken = Vec::new();
        let mut after = None;
        loop {
            let rows = query.clone().filter(Condition::all().add_option(after)).all(&txn).await?;
            after = rows.last().map(|row| beyond(&row.namespace, &row.key));
            let last = (rows.len() as u64) < CHUNK;
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
    /// By the evaluator, from a superset in chunks; this reads the first of them.
    Chunks(Select<key_value::Entity>),
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
            // Never null; saying where nulls go would keep the database from using an index.
            query.order_by(column, direction)
        };
    }
    Some(query)
}

/// The rows of a tenant that exist at `now`: the first filter of every read.
pub(super) fn live(tenant_id: TenantId, now: Timestamp) -> Condition {
    let lasting =
        Condition::any().add(key_value::COLUMN.expires_at.is_null()).add(key_value::COLUMN.expires_at.gt(now.micros()));
    Condition::all().add(key_value::COLUMN.tenant_id.eq(tenant_id.0)).add(lasting)
}

/// The pair that `row` holds.
pub(super) fn from_row(row: key_value::Model) -> Result<Pair, DbErr> {
    let broken = |what: &str| DbErr::Type(format!("key_value {}: {what} is broken", row.id));
    let key = String::from_utf8(row.key).map_err(|_| broken("key"))?;
    let namespace = Namespace::new(row.namespace).map_err(|_| broken("namespace"))?;
    let value = match (row.json, row.bytes) {
        (Some(text), None) => {
            let kind = row.kind.parse().map_err(|_| broken("kind"))?;
            Value::Json { kind, text: JsonText::stored(text) }
        }
        (None, Some(bytes)) => Value::Bytes(bytes),
        _ => return Err(broken("value")),
    };
    Ok(Pair {
        id: row.id,
        tenant_id: TenantId(row.tenant_id),
        address: Address { namespace, key: Key::new(key).map_err(|_| broken("key"))? },
        value,
        description: row.description,
        version: row.version,
        revision: row.revision,
        expires_at: row.expires_at.map(Timestamp::from_micros),
        created: Timestamp::from_micros(row.created),
        updated: Timestamp::from_micros(row.updated),
    })
}

/// The row that holds `pair`.
pub(super) fn to_row(pair: Pair) -> key_value::ActiveModel {
    let kind = pair.value.kind().name().to_owned();
    let (json, bytes) = match pair.value {
        Value::Json { text, .. } => (Some(text.as_str().to_owned()), None),
        Value::Bytes(bytes) => (None, Some(bytes)),
    };
    key_value::ActiveModel {
        id: Set(pair.id),
        tenant_id: Set(pair.tenant_id.0),
        namespace: Set(pair.address.namespace.as_str().to_owned()),
        key: Set(pair.address.key.into_string().into_bytes()),
        kind: Set(kind),
        json: Set(json),
        bytes: Set(bytes),
        description: Set(pair.description),
        version: Set(pair.version),
        revision: Set(pair.revision),
        expires_at: Set(pair.expires_at.map(Timestamp::micros)),
        created: Set(pair.created.micros()),
        updated: Set(pair.updated.micros()),
    }
}
