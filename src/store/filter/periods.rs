//! The ten minutes in which a pair was last written: those are in the index, and not the instant. A pair that is written
//! again in the same ten minutes keeps its place in the index, which then need not be touched.

use entities::key_value::{self, Column};
use sea_orm::{
    DbBackend, ExprTrait,
    sea_query::{Expr, SimpleExpr},
};

use super::members::{self, Operand};
use crate::domain::{Timestamp, filter::Compare};

/// Ten minutes in microseconds, as the migrations have it that made the column.
const PERIOD: i64 = 600_000_000;

/// The column that PostgreSQL makes of `updated` by itself, and that the writer of SQLite writes. Not the entity's, since
/// nobody else reads or writes it.
fn updated_period() -> SimpleExpr {
    Expr::col((key_value::Entity, "updated_period"))
}

/// When the period began that `at` is in.
pub(in crate::store) fn period(at: Timestamp) -> i64 {
    at.micros() - at.micros() % PERIOD
}

/// Where the periods are of the instants that `compare` takes.
pub(super) fn within(backend: DbBackend, compare: &Compare<Timestamp>) -> Option<SimpleExpr> {
    match compare {
        Compare::Eq(at) => Some(updated_period().eq(period(*at))),
        Compare::Gt(at) | Compare::Gte(at) => Some(updated_period().gte(period(*at))),
        Compare::Lt(at) | Compare::Lte(at) => Some(updated_period().lte(period(*at))),
        Compare::In(set) => {
            let mut periods: Vec<i64> = set.items().iter().map(|at| period(*at)).collect();
            periods.dedup();
            let periods: Vec<Operand<'_>> = periods.into_iter().map(Operand::Int).collect();
            // An array of nothing has no type.
            (!periods.is_empty()).then(|| members::among(backend, updated_period(), &periods))
        }
        Compare::Neq(_) | Compare::Nin(_) | Compare::IsNull(_) => None,
    }
}

/// What to sort by before `column`, to the same effect, so that an index has most of the order.
pub(in crate::store) fn before(column: Column) -> Option<SimpleExpr> {
    matches!(column, Column::Updated).then(updated_period)
}
