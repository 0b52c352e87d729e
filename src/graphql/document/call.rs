//! Operations of one field, with the values that it is given.
//!
//! What clients send thousands of times is one field of the root with nothing around it. Once the engine found such
//! a document valid, its field can be asked by itself, and all that is needed of a request are its arguments.

use async_graphql::{
    InputType, Name, Pos, Positioned, Value as ConstValue,
    parser::types::{Field, OperationDefinition, OperationType, Selection},
};

use super::{
    Budget, Document, TypeMap,
    fill::fill_arguments,
    rewrite::Rewriter,
    roots::Root,
    variables::{Coercer, all_given},
};

/// A field of the root that is asked for alone.
pub(in crate::graphql) struct Call<'d> {
    pub(in crate::graphql) operation: OperationType,
    pub(in crate::graphql) field: &'d Field,
    /// Where the field stands in the template.
    pub(in crate::graphql) at: Pos,
    /// The field as a part of the answer's root.
    pub(in crate::graphql) root: Root,
    arguments: Vec<(Name, ConstValue)>,
    /// What is left of the budget when it is answered.
    pub(in crate::graphql) left: Budget,
}

impl Document<'_> {
    /// The only field that it asks for, where the engine found the document valid, nothing is unusual about it, and
    /// whoever answers `takes` the field.
    ///
    /// What is wrong with a literal or a variable is for [`Document::prepare`] to say.
    pub(in crate::graphql) fn call(
        &self,
        types: &TypeMap,
        budget: Budget,
        takes: impl FnOnce(OperationType, &Field) -> bool,
    ) -> Option<Call<'_>> {
        let template = Some(&self.template).filter(|it| it.is_valid() && it.fields_once.is_some())?;
        let mut operations = template.document.operations.iter();
        let (name, operation) = operations.next().filter(|_| operations.next().is_none())?;
        let is_meant = self.asked.operation_name.is_none_or(|wanted| name.is_some_and(|name| name == wanted));
        let field = only_field(&operation.node).filter(|_| is_meant)?;
        if !takes(operation.node.ty, &field.node) {
            return None;
        }
        let output = types.output(super::root(operation.node.ty), &field.node.name.node)?;

        let mut left = budget;
        let definitions: Vec<_> = operation.node.variable_definitions.iter().map(|it| &it.node).collect();
        let given = Coercer::new(types, &mut left).coerce_all(&definitions, self.asked.variables).ok()?;
        if !all_given(&definitions, &given) {
            return None;
        }
        let mut arguments = field.node.arguments.clone();
        fill_arguments(&mut arguments, &self.scanned.literals);
        let mut rewriter = Rewriter::new(types, &operation.node.variable_definitions, Some(&given));
        rewriter.arguments(&mut arguments, output);
        if rewriter.error.is_some() {
            return None;
        }
        let constant = |(name, value): (Positioned<Name>, Positioned<async_graphql_value::Value>)| {
            let value = value.node.into_const_with(|variable| given.get(&variable).cloned().ok_or(()));
            value.ok().map(|value| (name.node, value))
        };
        let arguments = arguments.into_iter().map(constant).collect::<Option<_>>()?;
        Some(Call {
            operation: operation.node.ty,
            field: &field.node,
            at: field.pos,
            root: Root { key: field.node.response_key().node.clone(), nullable: output.nullable },
            arguments,
            left,
        })
    }
}

impl Call<'_> {
    /// The argument of this name; none where it is not what the schema says.
    pub(in crate::graphql) fn argument<T: InputType>(&mut self, name: &str) -> Option<T> {
        let place = self.arguments.iter().position(|(given, _)| given == name);
        T::parse(place.map(|place| self.arguments.swap_remove(place).1)).ok()
    }
}

fn only_field(operation: &OperationDefinition) -> Option<&Positioned<Field>> {
    match operation.selection_set.node.items.as_slice() {
        [Positioned { node: Selection::Field(field), .. }] if is_bare(operation, &field.node) => Some(field),
        _ => None,
    }
}

/// Whether no directive says anything of it, and no default may be wrong.
fn is_bare(operation: &OperationDefinition, field: &Field) -> bool {
    let mut variables = operation.variable_definitions.iter().map(|definition| &definition.node);
    operation.directives.is_empty()
        && field.directives.is_empty()
        && variables.all(|variable| variable.directives.is_empty() && variable.default_value.is_none())
}
