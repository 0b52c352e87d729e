//! Fields that need no engine: what clients send most, read as their resolvers read it.

use async_graphql::{
    Name, ScalarType, Value,
    indexmap::IndexMap,
    parser::types::{Field, OperationType, Selection as Selected},
};

use super::{mutation::SetKeyValueInput, plain::Plain, query::Arguments};
use crate::{
    domain::Caller,
    graphql::{document::Call, error::Result, place::Place, scalars::UpperUuid},
    service::Service,
};

/// Whether `field` is one of these, and selects what can be written without the engine.
pub(in crate::graphql) fn takes(operation: OperationType, field: &Field) -> bool {
    match (operation, field.name.node.as_str()) {
        (OperationType::Query, "key_value") => Plain::selected(field).is_some(),
        (OperationType::Mutation, "set_key_value") => ids(field).is_some(),
        _ => false,
    }
}

/// Answers `call`, whose field [`takes`] took, as the engine would; none where an argument is not what the schema says.
/// Nothing was done then.
pub(in crate::graphql) async fn answer(
    service: &Service,
    caller: &Caller,
    call: &mut Call<'_>,
) -> Option<Result<Value>> {
    match (call.operation, call.field.name.node.as_str()) {
        (OperationType::Query, "key_value") => key_value(service, caller, call).await,
        (OperationType::Mutation, "set_key_value") => set_key_value(service, caller, call).await,
        _ => None,
    }
}

async fn key_value(service: &Service, caller: &Caller, call: &mut Call<'_>) -> Option<Result<Value>> {
    let plain = Plain::selected(call.field)?;
    let arguments = Arguments {
        distinct_on: call.argument("distinct_on")?,
        limit: call.argument("limit")?,
        offset: call.argument("offset")?,
        order_by: call.argument("order_by")?,
        condition: call.argument("where")?,
    };
    let namespace = call.argument("namespace")?;
    let selection = arguments.selection(&Place::of_root(&call.root.key));
    let list = async { Ok(Value::Binary(plain.list(service, caller, namespace, &selection?).await?)) };
    Some(list.await)
}

/// Prefect's clients select the pair's id and nothing else.
async fn set_key_value(service: &Service, caller: &Caller, call: &mut Call<'_>) -> Option<Result<Value>> {
    let keys = ids(call.field)?;
    let input: SetKeyValueInput = call.argument("input")?;
    let pair = input.set(service, caller).await;
    Some(pair.map(|pair| {
        let id = UpperUuid::from(pair.id).to_value();
        Value::from(keys.into_iter().map(|key| (key.clone(), id.clone())).collect::<IndexMap<_, _>>())
    }))
}

/// The keys under which `field` selects an id, where it selects nothing else.
fn ids(field: &Field) -> Option<Vec<&Name>> {
    let mut keys = Vec::new();
    for item in &field.selection_set.node.items {
        let Selected::Field(selected) = &item.node else { return None };
        if selected.node.name.node != "id" || !selected.node.directives.is_empty() {
            return None;
        }
        keys.push(&selected.node.response_key().node);
    }
    Some(keys)
}
