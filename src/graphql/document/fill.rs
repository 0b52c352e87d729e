//! Puts the literals of a text into a copy of the document that its template says.

use async_graphql::{
    Name, Positioned, Value as ConstValue,
    parser::types::{Directive, ExecutableDocument, Selection, SelectionSet},
};
use async_graphql_value::Value;

use super::literal::{Literal, place_of};

/// Puts `literals` where the document holds their stand-ins. Brackets are bounded by the scan, so is the recursion.
pub(super) fn fill(document: &mut ExecutableDocument, literals: &[Literal<'_>]) {
    let filler = Filler { literals };
    for operation in super::operations_mut(&mut document.operations).into_iter().map(|(_, operation)| operation) {
        for definition in &mut operation.variable_definitions {
            filler.directives(&mut definition.node.directives);
            if let Some(default) = &mut definition.node.default_value {
                filler.constant(&mut default.node);
            }
        }
        filler.directives(&mut operation.directives);
        filler.selections(&mut operation.selection_set.node);
    }
    for fragment in document.fragments.values_mut() {
        filler.directives(&mut fragment.node.directives);
        filler.selections(&mut fragment.node.selection_set.node);
    }
}

/// Puts `literals` into what is given for a field.
pub(super) fn fill_arguments(given: &mut [(Positioned<Name>, Positioned<Value>)], literals: &[Literal<'_>]) {
    let filler = Filler { literals };
    for (_, value) in given {
        filler.value(&mut value.node);
    }
}

struct Filler<'a> {
    literals: &'a [Literal<'a>],
}

impl Filler<'_> {
    fn selections(&self, set: &mut SelectionSet) {
        for selection in &mut set.items {
            match &mut selection.node {
                Selection::Field(field) => {
                    for (_, value) in &mut field.node.arguments {
                        self.value(&mut value.node);
                    }
                    self.directives(&mut field.node.directives);
                    self.selections(&mut field.node.selection_set.node);
                }
                Selection::InlineFragment(fragment) => {
                    self.directives(&mut fragment.node.directives);
                    self.selections(&mut fragment.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => self.directives(&mut spread.node.directives),
            }
        }
    }

    fn directives(&self, directives: &mut [Positioned<Directive>]) {
        for (_, value) in directives.iter_mut().flat_map(|directive| &mut directive.node.arguments) {
            self.value(&mut value.node);
        }
    }

    fn value(&self, value: &mut Value) {
        match value {
            Value::String(string) => {
                if let Some(literal) = self.literal(string) {
                    *value = Value::from(literal);
                }
            }
            Value::List(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.value(field)),
            _ => {}
        }
    }

    fn constant(&self, value: &mut ConstValue) {
        match value {
            ConstValue::String(string) => {
                if let Some(literal) = self.literal(string) {
                    *value = literal;
                }
            }
            ConstValue::List(items) => items.iter_mut().for_each(|item| self.constant(item)),
            ConstValue::Object(fields) => fields.values_mut().for_each(|field| self.constant(field)),
            _ => {}
        }
    }

    fn literal(&self, string: &str) -> Option<ConstValue> {
        self.literals.get(place_of(string)?).map(Literal::value)
    }
}
