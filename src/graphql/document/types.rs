//! The input side of the schema, for passes that run before validation.

use async_graphql::{
    Name,
    parser::{
        parse_schema,
        types::{BaseType, InputValueDefinition, Type, TypeKind, TypeSystemDefinition},
    },
};
use rustc_hash::FxHashMap;

/// The arguments of a field, or the fields of an input object: name to type, and whether a default stands in.
pub(super) type Inputs = FxHashMap<Name, Input>;

/// An argument or input field.
#[derive(Debug, Clone)]
pub(super) struct Input {
    pub(super) of: Type,
    pub(super) has_default: bool,
}

/// A field that can be selected.
#[derive(Debug, Clone)]
pub(super) struct Output {
    pub(super) arguments: Inputs,
    pub(super) of: Name,
    pub(super) nullable: bool,
}

/// What the schema says of inputs. Its names are the schema's own, so that no client chooses how they hash.
#[derive(Debug, Clone, Default)]
pub(crate) struct TypeMap {
    objects: FxHashMap<Name, FxHashMap<Name, Output>>,
    inputs: FxHashMap<Name, Inputs>,
    enums: FxHashMap<Name, Vec<Name>>,
}

impl TypeMap {
    /// Reads the printed schema.
    pub(crate) fn of_sdl(sdl: &str) -> Result<Self, async_graphql::parser::Error> {
        let mut map = Self::default();
        for definition in parse_schema(sdl)?.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let name = definition.node.name.node;
            match definition.node.kind {
                TypeKind::Object(object) => {
                    let fields = object.fields.into_iter().map(|field| {
                        let arguments = inputs(field.node.arguments.into_iter().map(|argument| argument.node));
                        let of = base(&field.node.ty.node).clone();
                        (field.node.name.node, Output { arguments, of, nullable: field.node.ty.node.nullable })
                    });
                    map.objects.insert(name, fields.collect());
                }
                TypeKind::InputObject(object) => {
                    map.inputs.insert(name, inputs(object.fields.into_iter().map(|field| field.node)));
                }
                TypeKind::Enum(symbols) => {
                    let names = symbols.values.into_iter().map(|symbol| symbol.node.value.node);
                    map.enums.insert(name, names.collect());
                }
                TypeKind::Scalar | TypeKind::Interface(_) | TypeKind::Union(_) => {}
            }
        }
        Ok(map)
    }

    /// A field of an object type.
    pub(super) fn output(&self, parent: &str, field: &str) -> Option<&Output> {
        self.objects.get(parent)?.get(field)
    }

    /// The fields of an input object type.
    pub(super) fn input(&self, name: &str) -> Option<&Inputs> {
        self.inputs.get(name)
    }

    /// The symbols of an enum.
    pub(super) fn symbols(&self, name: &str) -> Option<&[Name]> {
        self.enums.get(name).map(Vec::as_slice)
    }
}

fn inputs(definitions: impl Iterator<Item = InputValueDefinition>) -> Inputs {
    definitions
        .map(|definition| {
            let has_default = definition.default_value.is_some();
            (definition.name.node, Input { of: definition.ty.node, has_default })
        })
        .collect()
}

/// The named type inside any lists.
pub(super) fn base(of: &Type) -> &Name {
    match &of.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => base(inner),
    }
}

/// Prefect's and Hasura's names of one and the same scalar (contract filter.md, section 3).
const TWINS: [(&str, &str); 3] = [("UUID", "uuid"), ("JSON", "jsonb"), ("DateTime", "timestamptz")];

/// The other spelling of a scalar that has two.
pub(super) fn twin(name: &str) -> Option<&'static str> {
    TWINS.iter().find_map(|(prefect, hasura)| match name {
        _ if name == *prefect => Some(*hasura),
        _ if name == *hasura => Some(*prefect),
        _ => None,
    })
}

/// Whether a scalar holds any JSON.
pub(super) fn is_json(name: &str) -> bool {
    matches!(name, "JSON" | "jsonb")
}
