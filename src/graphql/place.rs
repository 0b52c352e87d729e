//! Places in a query.

use std::fmt;

use async_graphql::{Context, QueryPathNode, QueryPathSegment};

use super::error::{Error, Result};
use crate::domain::{Fault, KvError};

const BAD_LIMIT: &str = "expected a non-negative 32-bit integer for type \"Int\", but found an integer";

/// A place in a query, as Hasura writes it: `$.selectionSet.key_value.args.where._and[0].key._eq`.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    /// The arguments of a field.
    Arguments(Option<QueryPathNode<'a>>),
    /// An argument, or a field of an object.
    Name(&'a Place<'a>, &'a str),
    /// An item of a list.
    Item(&'a Place<'a>, usize),
}

impl<'a> Place<'a> {
    /// The arguments of the field that is being resolved.
    pub(super) fn arguments(ctx: &Context<'a>) -> Self {
        Self::Arguments(ctx.path_node)
    }

    /// The arguments of the field of the root that answers by `key`.
    pub(super) fn of_root(key: &'a str) -> Self {
        Self::Arguments(Some(QueryPathNode { parent: None, segment: QueryPathSegment::Name(key) }))
    }

    /// What is called `name` here.
    pub(super) fn name(&'a self, name: &'a str) -> Self {
        Self::Name(self, name)
    }

    /// The item at `index` here.
    pub(super) fn item(&'a self, index: usize) -> Self {
        Self::Item(self, index)
    }

    /// The argument `limit` here, as Hasura takes it.
    pub(super) fn limit(&self, limit: Option<i64>) -> Result<Option<u64>> {
        let Some(limit) = limit else { return Ok(None) };
        let natural = i32::try_from(limit).ok().and_then(|limit| u64::try_from(limit).ok());
        natural.map(Some).ok_or_else(|| self.name("limit").blame(KvError::bad_query(Fault::Query, BAD_LIMIT)))
    }

    /// The argument `offset` here; nothing is skipped where it is not given.
    pub(super) fn offset(&self, offset: Option<i64>) -> Result<u64> {
        let refuse = |_| self.name("offset").blame(KvError::bad_query(Fault::Text, "OFFSET must not be negative"));
        u64::try_from(offset.unwrap_or(0)).map_err(refuse)
    }

    /// `error`, which this place is to blame for.
    pub(super) fn blame(&self, error: KvError) -> Error {
        Error::at(error, self.to_string())
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arguments(node) => {
                f.write_str("$")?;
                let steps = node.map(QueryPathNode::to_string_vec).unwrap_or_default();
                // Of the answer's path, the places in lists are of no interest: a query has none.
                for name in steps.iter().filter(|step| !step.starts_with(|c: char| c.is_ascii_digit())) {
                    write!(f, ".selectionSet.{name}")?;
                }
                f.write_str(".args")
            }
            Self::Name(parent, name) => write!(f, "{parent}.{name}"),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}
