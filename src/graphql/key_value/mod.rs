//! `key_value`: Hasura's queries over the pairs, and Prefect's mutations (contract filter.md, section 2).

mod aggregate;
pub(super) mod called;
mod column;
mod comparison;
mod filter;
mod model;
mod mutation;
mod order;
mod plain;
mod query;
mod subscription;
mod typed;

pub(super) use comparison::{BoolComparison, IntComparison, StringComparison, TimeComparison, UuidComparison};
pub(super) use mutation::KeyValueMutation;
pub(super) use order::OrderBy;
pub(super) use query::KeyValueQuery;
pub(super) use subscription::KeyValueSubscription;
