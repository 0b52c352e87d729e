//! Places in a query.

use std::fmt;

use async_graphql::{Context, QueryPathNode};

use super::error::Error;
use crate::domain::KvError;

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

    /// What is called `name` here.
    pub(super) fn name(&'a self, name: &'a str) -> Self {
        Self::Name(self, name)
    }

    /// The item at `index` here.
    pub(super) fn item(&'a self, index: usize) -> Self {
        Self::Item(self, index)
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
