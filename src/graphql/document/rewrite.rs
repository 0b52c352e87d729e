//! Literals in the document, brought to the form that the schema's scalars take.
//!
//! The engine does not tell a scalar whether its value was a literal or a variable, and the two
//! differ for `JSON`: a literal string is JSON text to be parsed, a variable is the value itself
//! (contract prefect.md, section 0, point 4). So literals are rewritten here, by type, before
//! validation; JSON of either source reaches its scalar as `Value::Binary` with the exact text.

use std::{
    collections::{HashMap, HashSet},
    fmt::Write,
};

use async_graphql::{
    Name, Pos, Positioned, Value as ConstValue,
    indexmap::IndexMap,
    parser::types::{BaseType, Field, Selection, SelectionSet, Type, VariableDefinition},
};
use async_graphql_value::Value;

use super::{
    Refusal, RefusalKind,
    literal::marked_number,
    types::{Inputs, Output, TypeMap, base, is_json, twin},
};
use crate::domain::{JsonText, KvError};

/// Rewrites the literals of one operation and of the fragments.
pub(super) struct Rewriter<'a> {
    types: &'a TypeMap,
    definitions: HashMap<Name, Type>,
    defaults: HashMap<Name, ConstValue>,
    /// What was given; none for an operation that is not to run.
    variables: Option<&'a IndexMap<Name, ConstValue>>,
    /// Variables whose scalar is to be spelled the other way.
    pub(super) respelled: HashMap<Name, &'static str>,
    /// Variables that still stand in the document.
    kept: HashSet<Name>,
    /// Variables that were put into a literal, or left out since they are absent.
    taken: HashSet<Name>,
    /// The first literal or variable that cannot be what its place demands.
    pub(super) error: Option<Refusal>,
}

impl<'a> Rewriter<'a> {
    pub(super) fn new(
        types: &'a TypeMap,
        definitions: &[Positioned<VariableDefinition>],
        variables: Option<&'a IndexMap<Name, ConstValue>>,
    ) -> Self {
        let named = |definition: &Positioned<VariableDefinition>| definition.node.name.node.clone();
        Self {
            types,
            definitions: definitions.iter().map(|it| (named(it), it.node.var_type.node.clone())).collect(),
            defaults: definitions
                .iter()
                .filter_map(|it| Some((named(it), it.node.default_value.as_ref()?.node.clone())))
                .collect(),
            variables,
            respelled: HashMap::new(),
            kept: HashSet::new(),
            taken: HashSet::new(),
            error: None,
        }
    }

    /// Whether the rewriting removed the last use of a variable; then its definition must go too.
    pub(super) fn is_spent(&self, variable: &Name) -> bool {
        self.taken.contains(variable) && !self.kept.contains(variable)
    }

    /// Rewrites what is selected on the type `parent`. Brackets are bounded by the scan, so is this recursion.
    pub(super) fn selections(&mut self, set: &mut SelectionSet, parent: &str) {
        for selection in &mut set.items {
            let directives = selection.node.directives();
            for (_, value) in directives.iter().flat_map(|directive| &directive.node.arguments) {
                if let Value::Variable(name) = &value.node {
                    self.kept.insert(name.clone());
                }
            }
            match &mut selection.node {
                Selection::Field(field) => self.field(&mut field.node, parent),
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref().map(|condition| condition.node.on.node.clone());
                    self.selections(&mut fragment.node.selection_set.node, on.as_deref().unwrap_or(parent));
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn field(&mut self, field: &mut Field, parent: &str) {
        let types = self.types;
        // What the schema does not know is left to validation.
        let Some(output) = types.output(parent, &field.name.node) else { return };
        field.arguments.retain(|(name, value)| {
            !output.arguments.get(&name.node).is_some_and(|input| self.leaves_out(&value.node, &input.of, value.pos))
        });
        self.arguments(&mut field.arguments, output);
        self.selections(&mut field.selection_set.node, &output.of);
    }

    /// Rewrites what is given for a field.
    pub(super) fn arguments(&mut self, given: &mut [(Positioned<Name>, Positioned<Value>)], to: &Output) {
        for (name, value) in given {
            if let Some(input) = to.arguments.get(&name.node) {
                self.value(&mut value.node, &input.of, value.pos);
            }
        }
    }

    /// The default of a variable, rewritten like any literal.
    pub(super) fn default_value(&mut self, definition: &mut VariableDefinition) {
        let Some(default) = &mut definition.default_value else { return };
        let mut value = Value::from(std::mem::take(&mut default.node));
        self.value(&mut value, &definition.var_type.node, default.pos);
        default.node = value.into_const().unwrap_or_default();
    }

    fn value(&mut self, value: &mut Value, of: &Type, at: Pos) {
        match (&of.base, &mut *value) {
            (_, Value::Null | Value::Binary(_)) => {}
            (_, Value::Variable(name)) => {
                self.kept.insert(name.clone());
                self.respell(name, base(of));
            }
            (BaseType::List(inner), Value::List(items)) => {
                for item in items {
                    if self.leaves_out(item, inner, at) {
                        *item = Value::Null;
                    }
                    self.value(item, inner, at);
                }
            }
            (BaseType::List(inner), _) => self.value(value, inner, at),
            (BaseType::Named(name), _) if is_json(name) => match self.json(value, name == "JSON") {
                Ok(text) => *value = Value::Binary(text.as_str().to_owned().into()),
                Err(error) => self.fail(error.to_string(), at),
            },
            (BaseType::Named(name), Value::Object(fields)) => {
                if let Some(inputs) = self.types.input(name) {
                    self.object(fields, inputs, at);
                }
            }
            (BaseType::Named(name), Value::String(literal)) if marked_number(literal).is_some() => {
                self.fail(format!("this number is not a value of type \"{name}\""), at);
            }
            _ => {}
        }
    }

    fn object(&mut self, fields: &mut IndexMap<Name, Value>, inputs: &Inputs, at: Pos) {
        // An absent variable makes its field absent (GraphQL, section 3.10).
        fields.retain(|name, value| !inputs.get(name).is_some_and(|input| self.leaves_out(value, &input.of, at)));
        for (name, value) in fields {
            if let Some(input) = inputs.get(name) {
                self.value(value, &input.of, at);
            }
        }
    }

    /// Whether `value` is a variable that is neither given nor has a default, where `of` is expected.
    fn leaves_out(&mut self, value: &Value, of: &Type, at: Pos) -> bool {
        let Value::Variable(name) = value else { return false };
        self.check(name, of, at);
        let given = self.variables.is_none_or(|given| given.contains_key(name));
        let absent = !given && self.definitions.contains_key(name) && !self.defaults.contains_key(name);
        if absent {
            self.taken.insert(name.clone());
        }
        absent
    }

    /// Notes that a variable is declared by the twin of the scalar that its place demands.
    fn respell(&mut self, variable: &Name, expected: &Name) {
        if let Some(declared) = self.definitions.get(variable)
            && let Some(other) = twin(base(declared))
            && other == expected.as_str()
        {
            self.respelled.insert(variable.clone(), other);
        }
    }

    /// Refuses a variable that is declared as something else than its place demands, as Hasura says
    /// it. The engine looks at arguments only, not into objects and lists; whether null may come is
    /// seen when it does.
    fn check(&mut self, variable: &Name, expected: &Type, at: Pos) {
        let Some(declared) = self.definitions.get(variable) else { return };
        if !fits(declared, expected) {
            let message =
                format!("variable \"{variable}\" is declared as {declared}, but used where {expected} is expected");
            self.error.get_or_insert(Refusal { kind: RefusalKind::Validation, message, at: Some(at) });
        }
    }

    fn fail(&mut self, message: String, at: Pos) {
        self.error.get_or_insert(Refusal { kind: RefusalKind::Input, message, at: Some(at) });
    }

    /// The JSON that a literal writes; where `text` is set, a literal string is JSON text itself.
    fn json(&mut self, value: &Value, text: bool) -> Result<JsonText, KvError> {
        if let Value::String(literal) = value
            && text
            && marked_number(literal).is_none()
        {
            return JsonText::parse(literal);
        }
        let mut out = String::new();
        self.write(value, &mut out)?;
        JsonText::parse(&out)
    }

    fn write(&mut self, value: &Value, out: &mut String) -> Result<(), KvError> {
        match value {
            Value::Variable(name) => {
                self.taken.insert(name.clone());
                match self.variables.and_then(|given| given.get(name)).or_else(|| self.defaults.get(name)).cloned() {
                    Some(value) => self.write(&Value::from(value), out)?,
                    None => out.push_str("null"),
                }
            }
            Value::Null => out.push_str("null"),
            Value::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
            Value::Number(number) => {
                let _ = write!(out, "{number}");
            }
            Value::String(string) => match marked_number(string) {
                Some(number) => out.push_str(number),
                None => JsonText::quote(string, out),
            },
            Value::Binary(text) => out.push_str(&String::from_utf8_lossy(text)),
            Value::Enum(_) => {
                return Err(KvError::Invalid("a bare word is no JSON value; put text into quotes".to_owned()));
            }
            Value::List(items) => self.join('[', ']', items.iter().map(|item| (None, item)), out)?,
            Value::Object(fields) => {
                self.join('{', '}', fields.iter().map(|(name, item)| (Some(name), item)), out)?;
            }
        }
        Ok(())
    }

    fn join<'v>(
        &mut self,
        open: char,
        close: char,
        items: impl Iterator<Item = (Option<&'v Name>, &'v Value)>,
        out: &mut String,
    ) -> Result<(), KvError> {
        out.push(open);
        for (at, (name, item)) in items.enumerate() {
            if at > 0 {
                out.push(',');
            }
            if let Some(name) = name {
                JsonText::quote(name, out);
                out.push(':');
            }
            self.write(item, out)?;
        }
        out.push(close);
        Ok(())
    }
}

/// Whether a variable of type `declared` can stand where `expected` is; both spellings of a scalar can.
fn fits(declared: &Type, expected: &Type) -> bool {
    match (&declared.base, &expected.base) {
        (BaseType::Named(declared), BaseType::Named(expected)) => {
            declared == expected || twin(declared) == Some(expected.as_str())
        }
        (BaseType::List(declared), BaseType::List(expected)) => fits(declared, expected),
        _ => false,
    }
}
