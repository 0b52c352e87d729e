//! How much work a document is, measured before anything is done with it.
//!
//! The engine walks a selection as often as fragments lead to it, so twenty fragments that each
//! spread the next one twice are a million visits; here every fragment is weighed once.

use std::collections::HashMap;

use async_graphql::{
    Name, Pos, Positioned,
    parser::types::{ExecutableDocument, Field, FragmentDefinition, Selection, SelectionSet},
};

/// Deepest nesting of selection sets, with every fragment in its place.
pub(in crate::graphql) const NEST: usize = 64;

/// The lists of introspection, and about how long they are.
const LISTS: [(&str, usize); 6] =
    [("types", 64), ("fields", 8), ("inputFields", 8), ("enumValues", 8), ("args", 4), ("directives", 4)];

/// How much a document holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Weight {
    pub(super) aliases: usize,
    pub(super) directives: usize,
    /// With every fragment in its place. All operations together, since the engine validates all.
    pub(super) fields: usize,
    /// Of the operation that has most.
    pub(super) roots: usize,
    /// About how many values introspection gives.
    pub(super) introspection: usize,
    /// Nested fields.
    pub(super) depth: usize,
}

/// A document that cannot be weighed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Endless {
    pub(super) message: String,
    pub(super) at: Pos,
}

impl Weight {
    /// Weighs all of `document`.
    pub(super) fn of(document: &ExecutableDocument) -> Result<Self, Endless> {
        let mut scale = Scale { fragments: &document.fragments, known: HashMap::new(), aliases: 0, directives: 0 };
        let mut weight = Self::default();
        // Those that no operation spreads as well: validation walks them too.
        for (name, fragment) in &document.fragments {
            let set = scale.fragment(name, fragment.pos, 1)?;
            weight.fields = weight.fields.max(set.fields);
        }
        let mut fields = 0_usize;
        for (_, operation) in document.operations.iter() {
            let set = scale.set(&operation.node.selection_set, 1)?;
            fields = fields.saturating_add(set.fields);
            weight.roots = weight.roots.max(set.roots);
            weight.introspection = weight.introspection.max(set.introspection);
            weight.depth = weight.depth.max(set.depth);
            let variables = operation.node.variable_definitions.iter();
            let on_variables: usize = variables.map(|variable| variable.node.directives.len()).sum();
            scale.directives += operation.node.directives.len() + on_variables;
        }
        weight.fields = weight.fields.max(fields);
        Ok(Self { aliases: scale.aliases, directives: scale.directives, ..weight })
    }
}

/// What a selection set holds.
#[derive(Debug, Clone, Copy, Default)]
struct Set {
    fields: usize,
    roots: usize,
    depth: usize,
    /// Values it gives where it stands inside introspection.
    values: usize,
    introspection: usize,
    /// Selection sets inside one another, itself one of them.
    nest: usize,
}

struct Scale<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    /// None for a fragment that is being weighed.
    known: HashMap<&'a str, Option<Set>>,
    aliases: usize,
    directives: usize,
}

impl<'a> Scale<'a> {
    /// Weighs a set that stands inside `level - 1` others.
    fn set(&mut self, set: &'a Positioned<SelectionSet>, level: usize) -> Result<Set, Endless> {
        if level > NEST {
            return Err(too_deep(set.pos));
        }
        let mut sum = Set::default();
        for selection in &set.node.items {
            self.directives += selection.node.directives().len();
            let part = match &selection.node {
                Selection::Field(field) => self.field(&field.node, level)?,
                Selection::InlineFragment(inline) => self.set(&inline.node.selection_set, level + 1)?,
                Selection::FragmentSpread(spread) => {
                    self.fragment(&spread.node.fragment_name.node, spread.pos, level + 1)?
                }
            };
            sum.fields = sum.fields.saturating_add(part.fields);
            sum.roots = sum.roots.saturating_add(part.roots);
            sum.values = sum.values.saturating_add(part.values);
            sum.introspection = sum.introspection.saturating_add(part.introspection);
            sum.depth = sum.depth.max(part.depth);
            sum.nest = sum.nest.max(part.nest);
        }
        sum.nest += 1;
        Ok(sum)
    }

    fn field(&mut self, field: &'a Field, level: usize) -> Result<Set, Endless> {
        self.aliases += usize::from(field.alias.is_some());
        let inner = if field.selection_set.node.items.is_empty() {
            Set::default()
        } else {
            self.set(&field.selection_set, level + 1)?
        };
        let name = field.name.node.as_str();
        let length = LISTS.iter().find(|(list, _)| *list == name).map_or(1, |(_, length)| *length);
        let values = inner.values.saturating_mul(length).saturating_add(1);
        Ok(Set {
            fields: inner.fields.saturating_add(1),
            roots: 1,
            depth: inner.depth + 1,
            values,
            introspection: if matches!(name, "__schema" | "__type") { values } else { inner.introspection },
            nest: inner.nest,
        })
    }

    fn fragment(&mut self, name: &str, at: Pos, level: usize) -> Result<Set, Endless> {
        match self.known.get(name) {
            Some(Some(set)) if level + set.nest > NEST + 1 => return Err(too_deep(at)),
            Some(Some(set)) => return Ok(*set),
            Some(None) => return Err(Endless { message: format!("the fragment \"{name}\" spreads itself"), at }),
            None => {}
        }
        // What is spread but not there is left to validation.
        let Some((name, fragment)) = self.fragments.get_key_value(name) else {
            return Ok(Set { fields: 1, ..Set::default() });
        };
        self.known.insert(name, None);
        self.directives += fragment.node.directives.len();
        let set = self.set(&fragment.node.selection_set, level)?;
        self.known.insert(name, Some(set));
        Ok(set)
    }
}

fn too_deep(at: Pos) -> Endless {
    Endless { message: format!("selections and fragments nest more than {NEST} deep"), at }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use async_graphql::parser::parse_query;

    use super::*;

    fn weigh(text: &str) -> Result<Weight, String> {
        Weight::of(&parse_query(text).unwrap()).map_err(|endless| endless.message)
    }

    /// Fragments that each spread the next one `times` times.
    fn chain(length: usize, times: usize) -> String {
        let mut text = format!("{{ ...F0 }} fragment F{length} on Query {{ hello }}");
        for at in 0..length {
            write!(text, " fragment F{at} on Query {{ {} }}", format!("...F{} ", at + 1).repeat(times)).unwrap();
        }
        text
    }

    #[test]
    fn a_document_weighs_what_it_holds() {
        let text = "query A($n: Int @x) @x { a: b(n: $n) { c { d } ... @skip(if: true) { e } } ...F }
            mutation B { c ...F } fragment F on Query @x { g h: g { i } }";
        let weight = weigh(text).unwrap();
        let expected = Weight { aliases: 2, directives: 4, fields: 4 + 3 + 1 + 3, roots: 3, depth: 3, ..weight };
        assert_eq!((weight, weight.introspection), (expected, 0));
    }

    #[test]
    fn doubling_fragments_are_weighed_at_once() {
        assert_eq!(weigh(&chain(10, 2)).unwrap().fields, 1 << 10);
        assert_eq!(weigh(&chain(60, 9)).unwrap().fields, usize::MAX);
    }

    #[test]
    fn what_has_no_end_or_is_too_deep_is_told_in_words() {
        let circle = "{ ...A } fragment A on Query { ...B } fragment B on Query { a { ...A } }";
        assert!(weigh(circle).unwrap_err().ends_with("spreads itself"));
        assert!(weigh(&chain(NEST - 2, 1)).is_ok());
        assert_eq!(weigh(&chain(NEST - 1, 1)), Err(format!("selections and fragments nest more than {NEST} deep")));
        assert!(weigh(&chain(1_500, 1)).is_err());
    }

    #[test]
    fn introspection_weighs_by_the_lists_it_goes_through() {
        let values = |text: &str| weigh(text).unwrap().introspection;
        assert_eq!(values("{ __schema { types { name } } fields { types { a } } }"), 1 + 1 + 64);
        let circular =
            format!("{{ __schema {{ types {{ {} name {} }} }} }}", "fields { type {".repeat(6), "} }".repeat(6));
        assert!(values(&circular) > 10_000_000);
    }
}
