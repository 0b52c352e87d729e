//! Variables, coerced by their declared types (GraphQL, section 6.1.2).
//!
//! Done here and not by the engine: a JSON value must arrive by its exact text, the written order
//! of keys counts, and a required variable is checked whether it is used or not.

use std::{collections::HashSet, fmt};

use async_graphql::{
    Name, Value,
    indexmap::IndexMap,
    parser::types::{BaseType, Type, VariableDefinition},
};
use serde_json::value::RawValue;

use super::{
    budget::Budget,
    types::{Inputs, TypeMap, is_json},
};
use crate::{
    domain::JsonText,
    graphql::raw::{self, RawObject},
};

/// Whether there is a value for each of the `definitions`. Left out, a variable changes the document; null, it may be
/// refused where the document is valid.
pub(super) fn all_given(definitions: &[&VariableDefinition], values: &IndexMap<Name, Value>) -> bool {
    values.len() == definitions.len() && !values.values().any(|value| *value == Value::Null)
}

/// Deepest nesting of input objects and lists in a variable.
const DEPTH: usize = 100;

/// Coerces the variables of one operation.
pub(super) struct Coercer<'a> {
    types: &'a TypeMap,
    budget: &'a mut Budget,
    /// Where we are, for messages.
    path: Vec<Step<'a>>,
}

/// A step on the way to a value.
#[derive(Clone, Copy)]
enum Step<'a> {
    Variable(&'a Name),
    Field(&'a Name),
    Item(usize),
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "${name}"),
            Self::Field(name) => write!(f, ".{name}"),
            Self::Item(at) => write!(f, "[{at}]"),
        }
    }
}

impl<'a> Coercer<'a> {
    pub(super) fn new(types: &'a TypeMap, budget: &'a mut Budget) -> Self {
        Self { types, budget, path: Vec::new() }
    }

    /// The values that the JSON object `given` holds for `definitions`. What is neither given nor
    /// required is left out.
    pub(super) fn coerce_all(
        mut self,
        definitions: &[&'a VariableDefinition],
        given: Option<&RawValue>,
    ) -> Result<IndexMap<Name, Value>, String> {
        let declared: HashSet<_> = definitions.iter().map(|definition| definition.name.node.as_str()).collect();
        let given = given.map(|raw| raw::fields(raw, |name| declared.contains(name))).transpose();
        let (given, _) = given.map_err(|_| "\"variables\" must be a JSON object")?.unwrap_or_default();
        let mut values = IndexMap::new();
        for definition in definitions {
            let name = &definition.name.node;
            let of = &definition.var_type.node;
            match given.get(name.as_str()) {
                Some(raw) => {
                    let value = self.within(Step::Variable(name), |it| it.coerce(of, raw, DEPTH))?;
                    values.insert(name.clone(), value);
                }
                None if !of.nullable && definition.default_value.is_none() => {
                    return Err(format!("variable \"${name}\" of required type \"{of}\" was not provided"));
                }
                None => {}
            }
        }
        Ok(values)
    }

    fn coerce(&mut self, of: &Type, raw: &RawValue, depth: usize) -> Result<Value, String> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(self.error(&format!("nests more than {DEPTH} deep")));
        };
        self.budget.spend_value()?;
        match (&of.base, raw.get().as_bytes().first()) {
            (_, Some(b'n')) if of.nullable => Ok(Value::Null),
            (_, Some(b'n')) => Err(self.error(&format!("must be of type \"{of}\", not null"))),
            (BaseType::List(inner), Some(b'[')) => {
                let most = self.budget.values().saturating_add(1);
                let items = raw::items(raw, most).map_err(|_| self.error("is no list"))?.into_iter().enumerate();
                let list = items.map(|(at, item)| self.within(Step::Item(at), |it| it.coerce(inner, item, depth)));
                Ok(Value::List(list.collect::<Result<_, _>>()?))
            }
            // A single value stands for a list of one (GraphQL, section 3.11).
            (BaseType::List(inner), _) => Ok(Value::List(vec![self.coerce(inner, raw, depth)?])),
            (BaseType::Named(name), Some(first)) => self.named(name, raw, *first, depth),
            (BaseType::Named(_), None) => Err(self.error("is empty")),
        }
    }

    fn named(&mut self, name: &Name, raw: &RawValue, first: u8, depth: usize) -> Result<Value, String> {
        if is_json(name) {
            let text = JsonText::from_raw(raw).map_err(|error| self.error(&error.to_string()))?;
            return Ok(Value::Binary(text.as_str().to_owned().into()));
        }
        let types = self.types;
        if let Some(fields) = types.input(name) {
            return self.object(name, fields, raw, depth);
        }
        let expected = match name.as_str() {
            "String" => first == b'"',
            "Boolean" => matches!(first, b't' | b'f'),
            "Int" => raw.get().parse::<i64>().is_ok(),
            "Float" => matches!(first, b'-' | b'0'..=b'9'),
            "ID" => matches!(first, b'"' | b'-' | b'0'..=b'9'),
            // Every other scalar is written as text, a number or a truth value.
            _ => !matches!(first, b'[' | b'{'),
        };
        let value = serde_json::from_str(raw.get()).ok().filter(|_| expected);
        match (types.symbols(name), value) {
            (None, Some(value)) => Ok(value),
            (Some(symbols), Some(Value::String(symbol))) if symbols.iter().any(|known| *known == symbol) => {
                Ok(Value::Enum(Name::new(symbol)))
            }
            (Some(symbols), _) => {
                let known: Vec<_> = symbols.iter().map(Name::as_str).collect();
                Err(self.error(&format!("must be one of {} for type \"{name}\"", known.join(", "))))
            }
            (None, None) => Err(self.error(&format!("must be of type \"{name}\""))),
        }
    }

    fn object(&mut self, name: &Name, fields: &'a Inputs, raw: &RawValue, depth: usize) -> Result<Value, String> {
        let (given, others): (RawObject<'_>, _) = raw::fields(raw, |field| fields.contains_key(field))
            .map_err(|_| self.error(&format!("must be an object of type \"{name}\"")))?;
        if others {
            let mut known: Vec<_> = fields.keys().map(Name::as_str).collect();
            known.sort_unstable();
            let known = known.join(", ");
            return Err(self.error(&format!("has a field that \"{name}\" does not know; it knows {known}")));
        }
        let missing = fields
            .iter()
            .find(|(field, input)| !input.of.nullable && !input.has_default && !given.contains_key(field.as_str()));
        if let Some((field, input)) = missing {
            return Err(self.error(&format!("lacks the field \"{field}\" of required type \"{}\"", input.of)));
        }
        let mut object = IndexMap::with_capacity(given.len());
        for (field, raw) in given {
            let Some((known, input)) = fields.get_key_value(field.as_ref()) else { continue };
            let value = self.within(Step::Field(known), |it| it.coerce(&input.of, raw, depth))?;
            object.insert(known.clone(), value);
        }
        Ok(Value::Object(object))
    }

    fn within<T>(&mut self, step: Step<'a>, work: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let done = work(self);
        self.path.pop();
        done
    }

    fn error(&self, what: &str) -> String {
        let path: String = self.path.iter().map(Step::to_string).collect();
        format!("variable \"{path}\" {what}")
    }
}
