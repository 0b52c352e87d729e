//! The hour in which a pair was last written: on PostgreSQL that is in the index, and not the instant. A pair that is
//! written again in the same hour keeps its place in every index, and PostgreSQL writes its row in place.

use entities::key_value::{self, Column};
use sea_orm::{
    DbBackend, ExprTrait,
    sea_query::{Expr, SimpleExpr},
};

use crate::domain::{Timestamp, filter::Compare};

/// An hour in microseconds.
const HOUR: i64 = 3_600_000_000;

/// The column that PostgreSQL makes of `updated` by itself. Not the entity's: nobody reads or writes it.
fn updated_hour() -> SimpleExpr {
    Expr::col((key_value::Entity, "updated_hour"))
}

fn hour(at: Timestamp) -> i64 {
    at.micros() / HOUR
}

/// Where the hours are of the instants that `compare` takes.
pub(super) fn within(backend: DbBackend, compare: &Compare<Timestamp>) -> Option<SimpleExpr> {
    if backend != DbBackend::Postgres {
        return None;
    }
    match compare {
        Compare::Eq(at) => Some(updated_hour().eq(hour(*at))),
        Compare::Gt(at) | Compare::Gte(at) => Some(updated_hour().gte(hour(*at))),
        Compare::Lt(at) | Compare::Lte(at) => Some(updated_hour().lte(hour(*at))),
        Compare::In(set) => {
            let (first, last) = (set.items().iter().min()?, set.items().iter().max()?);
            Some(updated_hour().between(hour(*first), hour(*last)))
        }
        Compare::Neq(_) | Compare::Nin(_) | Compare::IsNull(_) => None,
    }
}

/// What to sort by before `column`, to the same effect, so that an index has most of the order.
pub(in crate::store) fn before(backend: DbBackend, column: Column) -> Option<SimpleExpr> {
    (backend == DbBackend::Postgres && matches!(column, Column::Updated)).then(updated_hour)
}
