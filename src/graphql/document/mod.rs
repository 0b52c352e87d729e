//! From a request's text to a document that the engine can validate and run.
//!
//! async-graphql parses, validates and executes; what it cannot know of Prefect's and Hasura's
//! dialects happens here, in one place, before validation: see the submodules.

mod budget;
mod cache;
mod call;
mod fill;
mod literal;
mod once;
mod parse;
mod places;
mod rewrite;
mod roots;
mod scan;
mod types;
mod variables;
mod weight;

use std::sync::Arc;

use async_graphql::{
    Name, Pos, Request, Variables,
    parser::types::{BaseType, DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Type},
};
use serde_json::value::RawValue;

pub(super) use self::{
    budget::Budget, cache::Documents, call::Call, once::FieldsOnce, parse::Template, places::Places, roots::Root,
    types::TypeMap, weight::NEST,
};

use self::{fill::fill, rewrite::Rewriter, roots::Collector, scan::Scanned, variables::Coercer};

/// What a request asks to run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) query: &'a str,
    pub(super) operation_name: Option<&'a str>,
    /// A JSON object; none for no variables.
    pub(super) variables: Option<&'a RawValue>,
}

/// A document ready to be validated and run.
pub(super) struct Ready {
    pub(super) request: Request,
    pub(super) operation: OperationType,
    /// The fields of the answer's root, in the order they were asked for.
    pub(super) roots: Vec<Root>,
    /// Where in the text stands what the engine's errors tell the place of.
    pub(super) places: Places,
    /// The template, where its validity depends on nothing else of the request.
    pub(super) template: Option<Arc<Template>>,
}

/// Why a document is refused before it is validated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) kind: RefusalKind,
    pub(super) message: String,
    pub(super) at: Option<Pos>,
}

/// Which step refused; Apollo's codes (contract filter.md, section 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RefusalKind {
    /// The text is no GraphQL.
    Parse,
    /// The document makes no sense.
    Validation,
    /// The variables do not fit.
    Input,
}

const REPEATED: &str = "a mutation's field comes twice under the same name; give each a name of its own (alias: field)";

/// A text that was taken apart, and what its template says.
pub(super) struct Document<'a> {
    asked: Asked<'a>,
    scanned: Scanned<'a>,
    template: Arc<Template>,
}

impl<'a> Document<'a> {
    /// Reads what was `asked`, within the `budget`.
    pub(super) fn read(documents: &Documents, asked: Asked<'a>, budget: &mut Budget) -> Result<Self, Refusal> {
        let scanned = parse::scan(asked.query, budget)?;
        let too_much = |message| refuse(RefusalKind::Validation, message);
        budget.may_select(scanned.fields).map_err(too_much)?;
        let placed = |refusal: Refusal| refusal.placed(&Places::new(asked.query, &scanned.literals));
        let template = documents.parsed(&scanned).map_err(placed)?;
        budget.spend(&template.weight).map_err(too_much)?;
        Ok(Self { asked, scanned, template })
    }

    /// What it asks to run, by the schema's `types`.
    pub(super) fn prepare(&self, types: &TypeMap, budget: &mut Budget) -> Result<Ready, Refusal> {
        let ready = assemble(types, self, budget).map_err(|refusal| refusal.placed(&self.places()))?;
        Ok(Ready { places: self.places(), ..ready })
    }

    /// Where in the text stands what is somewhere in its template.
    pub(super) fn places(&self) -> Places {
        Places::new(self.asked.query, &self.scanned.literals)
    }
}

impl Refusal {
    fn placed(self, places: &Places) -> Self {
        Self { at: self.at.map(|at| places.find(at)), ..self }
    }
}

/// As [`Document::prepare`], with places as they are in the template.
fn assemble(types: &TypeMap, read: &Document<'_>, budget: &mut Budget) -> Result<Ready, Refusal> {
    let Document { asked, scanned, template } = read;
    let mut document = template.document.clone();
    fill(&mut document, &scanned.literals);

    let ExecutableDocument { operations, fragments } = &mut document;
    let operations_count = operations.iter().len();
    let (name, chosen) = choose(operations, asked.operation_name)?;
    let ty = chosen.ty;
    let definitions: Vec<_> = chosen.variable_definitions.iter().map(|definition| &definition.node).collect();
    let values = Coercer::new(types, budget)
        .coerce_all(&definitions, asked.variables)
        .map_err(|message| refuse(RefusalKind::Input, message))?;

    let is_typical = operations_count == 1 && variables::all_given(&definitions, &values);

    let mut collector = Collector::new(types, fragments, &chosen.variable_definitions, &values);
    collector.collect(&chosen.selection_set.node, root(ty));
    if let Some(at) = collector.repeated().filter(|_| ty == OperationType::Mutation) {
        // GraphQL runs equal fields once, the engine each time: a set would write twice.
        return Err(Refusal { at: Some(at), ..refuse(RefusalKind::Validation, REPEATED) });
    }
    let roots = collector.finish();

    // The engine validates every operation of the document, so every one is rewritten.
    let mut error = None;
    for (known, operation) in operations_mut(operations) {
        let is_chosen = known == name;
        let mut rewriter = Rewriter::new(types, &operation.variable_definitions, is_chosen.then_some(&values));
        rewriter.selections(&mut operation.selection_set.node, root(operation.ty));
        for fragment in fragments.values_mut().filter(|_| is_chosen) {
            let on = fragment.node.type_condition.node.on.node.clone();
            rewriter.selections(&mut fragment.node.selection_set.node, &on);
        }
        for definition in &mut operation.variable_definitions {
            rewriter.default_value(&mut definition.node);
            if let Some(spelling) = rewriter.respelled.get(&definition.node.name.node) {
                respell(&mut definition.node.var_type.node, spelling);
            }
        }
        operation.variable_definitions.retain(|definition| !rewriter.is_spent(&definition.node.name.node));
        error = error.or(rewriter.error);
    }
    if let Some(refusal) = error {
        return Err(refusal);
    }
    let mut request = Request::new("").variables(values.into_iter().collect::<Values>().0);
    request.operation_name = asked.operation_name.map(ToOwned::to_owned);
    request.set_parsed_query(document);
    if let Some(fields_once) = template.fields_once {
        request = request.data(fields_once);
    }
    Ok(Ready {
        request,
        operation: ty,
        roots,
        places: Places::default(),
        template: is_typical.then(|| Arc::clone(template)),
    })
}

/// The engine's variables, from pairs.
struct Values(Variables);

impl FromIterator<(Name, async_graphql::Value)> for Values {
    fn from_iter<T: IntoIterator<Item = (Name, async_graphql::Value)>>(pairs: T) -> Self {
        let mut variables = Variables::default();
        for (name, value) in pairs {
            variables.insert(name, value);
        }
        Self(variables)
    }
}

fn refuse(kind: RefusalKind, message: impl Into<String>) -> Refusal {
    Refusal { kind, message: message.into(), at: None }
}

/// The operation to run, with its name (GraphQL, section 6.1).
fn choose<'d>(
    operations: &'d DocumentOperations,
    wanted: Option<&str>,
) -> Result<(Option<Name>, &'d OperationDefinition), Refusal> {
    if wanted.is_none() && operations.iter().len() > 1 {
        return Err(refuse(
            RefusalKind::Validation,
            "the document has several operations; say which one by \"operationName\"",
        ));
    }
    operations
        .iter()
        .find(|(name, _)| wanted.is_none() || name.map(Name::as_str) == wanted)
        .map(|(name, operation)| (name.cloned(), &operation.node))
        .ok_or_else(|| refuse(RefusalKind::Validation, "\"operationName\" names no operation of the document"))
}

fn operations_mut(operations: &mut DocumentOperations) -> Vec<(Option<Name>, &mut OperationDefinition)> {
    match operations {
        DocumentOperations::Single(operation) => vec![(None, &mut operation.node)],
        DocumentOperations::Multiple(named) => {
            named.iter_mut().map(|(name, operation)| (Some(name.clone()), &mut operation.node)).collect()
        }
    }
}

fn root(operation: OperationType) -> &'static str {
    match operation {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    }
}

fn respell(of: &mut Type, spelling: &str) {
    match &mut of.base {
        BaseType::Named(name) => *name = Name::new(spelling),
        BaseType::List(inner) => respell(inner, spelling),
    }
}
