//! The fields of an answer's root, in the order they were asked for.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Pos, Positioned, Value as ConstValue,
    indexmap::{IndexMap, map::Entry},
    parser::types::{Directive, FragmentDefinition, Selection, SelectionSet, VariableDefinition},
};
use async_graphql_value::Value;

use super::types::TypeMap;

/// A field of the answer's root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::graphql) struct Root {
    /// Its key in the answer.
    pub(in crate::graphql) key: Name,
    /// Whether it may be null.
    pub(in crate::graphql) nullable: bool,
}

/// Walks an operation as execution does (GraphQL, section 6.3.2, `CollectFields`).
pub(super) struct Collector<'a> {
    types: &'a TypeMap,
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    definitions: &'a [Positioned<VariableDefinition>],
    values: &'a IndexMap<Name, ConstValue>,
    visited: HashSet<&'a Name>,
    roots: IndexMap<Name, bool>,
    repeated: Option<Pos>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(
        types: &'a TypeMap,
        fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
        definitions: &'a [Positioned<VariableDefinition>],
        values: &'a IndexMap<Name, ConstValue>,
    ) -> Self {
        Self { types, fragments, definitions, values, visited: HashSet::new(), roots: IndexMap::new(), repeated: None }
    }

    /// Collects what `set` selects on the type `parent`. A fragment counts once, so that neither a
    /// circle nor a doubling of fragments makes this long.
    pub(super) fn collect(&mut self, set: &'a SelectionSet, parent: &str) {
        for selection in &set.items {
            if self.is_skipped(selection.node.directives()) {
                continue;
            }
            match &selection.node {
                Selection::Field(field) => {
                    let output = self.types.output(parent, &field.node.name.node);
                    let nullable = output.is_some_and(|output| output.nullable);
                    let root = self.roots.entry(field.node.response_key().node.clone());
                    if matches!(root, Entry::Occupied(_)) && field.node.name.node != "__typename" {
                        self.repeated = self.repeated.or(Some(field.pos));
                    }
                    root.or_insert(nullable);
                }
                Selection::InlineFragment(fragment) => self.collect(&fragment.node.selection_set.node, parent),
                Selection::FragmentSpread(spread) => {
                    let Some((name, fragment)) = self.fragments.get_key_value(&spread.node.fragment_name.node) else {
                        continue;
                    };
                    if self.visited.insert(name) {
                        self.collect(&fragment.node.selection_set.node, parent);
                    } else {
                        self.repeated = self.repeated.or(Some(spread.pos));
                    }
                }
            }
        }
    }

    /// Where a field, or a fragment, comes again that was there before.
    pub(super) fn repeated(&self) -> Option<Pos> {
        self.repeated
    }

    pub(super) fn finish(self) -> Vec<Root> {
        self.roots.into_iter().map(|(key, nullable)| Root { key, nullable }).collect()
    }

    fn is_skipped(&self, directives: &[Positioned<Directive>]) -> bool {
        directives.iter().any(|directive| {
            let skips_on = match directive.node.name.node.as_str() {
                "skip" => true,
                "include" => false,
                _ => return false,
            };
            match directive.node.get_argument("if").map(|value| &value.node) {
                Some(Value::Boolean(flag)) => *flag == skips_on,
                Some(Value::Variable(name)) => self.flag(name) == Some(skips_on),
                _ => false,
            }
        })
    }

    fn flag(&self, variable: &Name) -> Option<bool> {
        let default = || {
            let definition = self.definitions.iter().find(|definition| definition.node.name.node == *variable)?;
            definition.node.default_value.as_ref().map(|value| &value.node)
        };
        match self.values.get(variable).or_else(default) {
            Some(ConstValue::Boolean(flag)) => Some(*flag),
            _ => None,
        }
    }
}
