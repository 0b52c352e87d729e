//! Documents whose answer holds every field once.

use std::collections::HashSet;

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

/// Says of a document that it has no fragments, and no response key twice in one set: that each of its fields
/// is answered by itself, with nothing to merge (GraphQL, section 6.3.2, `CollectFields`).
#[derive(Debug, Clone, Copy)]
pub(in crate::graphql) struct FieldsOnce;

impl FieldsOnce {
    /// Says so of `document`, where it is so. Brackets are bounded by the scan, so is the recursion.
    pub(super) fn of(document: &ExecutableDocument) -> Option<Self> {
        let mut operations = document.operations.iter();
        operations.all(|(_, operation)| holds(&operation.node.selection_set.node)).then_some(Self)
    }
}

fn holds(set: &SelectionSet) -> bool {
    let mut keys = HashSet::with_capacity(set.items.len());
    set.items.iter().all(|item| match &item.node {
        Selection::Field(field) => {
            keys.insert(&field.node.response_key().node) && holds(&field.node.selection_set.node)
        }
        Selection::FragmentSpread(_) | Selection::InlineFragment(_) => false,
    })
}
