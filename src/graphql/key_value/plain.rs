//! Lists of pairs that are written as text, in one go.
//!
//! The engine makes a future and a tree of every field of every pair, which takes longer than to read them.
//! A query that asks for the pairs' columns as they are, as nearly all do, needs neither. A test holds the
//! text against the engine's answer.

use std::borrow::Cow;

use async_graphql::{
    Context, ContextSelectionSet, Name, OutputType, Positioned, ServerResult, Value,
    parser::types::{Field, Selection as Selected},
    registry::Registry,
};
use axum::body::Bytes;

use super::{
    column::{Column, Detail, Shown},
    model::KeyValue,
};
use crate::{
    domain::{Caller, JsonText, Pair, Selection},
    graphql::{Request, document::FieldsOnce, error::Result},
    service::Service,
};

/// Pairs written before others have their turn.
const BREATH: usize = 1_000;

/// The pairs of a list.
pub(super) enum Pairs {
    /// For the engine to ask for what is selected.
    Objects(Vec<KeyValue>),
    /// What is selected, as JSON text.
    Text(Bytes),
}

impl Pairs {
    /// The pairs that the service lists, for what the field that is being resolved selects.
    pub(super) async fn list(ctx: &Context<'_>, namespace: Option<String>, selection: &Selection) -> Result<Self> {
        let (service, caller) = (ctx.service(), ctx.caller());
        match Plain::of(ctx) {
            Some(plain) => plain.list(service, caller, namespace, selection).await.map(Self::Text),
            None => Ok(Self::objects(service.list(caller, namespace, selection).await?)),
        }
    }

    /// These pairs, for what the field that is being resolved selects.
    pub(super) async fn selected(ctx: &Context<'_>, pairs: Vec<Pair>) -> Self {
        match Plain::of(ctx) {
            Some(plain) => Self::Text(plain.pairs(pairs).await),
            None => Self::objects(pairs),
        }
    }

    fn objects(pairs: Vec<Pair>) -> Self {
        Self::Objects(pairs.into_iter().map(KeyValue).collect())
    }
}

impl OutputType for Pairs {
    fn type_name() -> Cow<'static, str> {
        Vec::<KeyValue>::type_name()
    }

    fn qualified_type_name() -> String {
        Vec::<KeyValue>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Vec::<KeyValue>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match self {
            Self::Objects(pairs) => pairs.resolve(ctx, field).await,
            Self::Text(text) => Ok(Value::Binary(text.clone())),
        }
    }
}

/// A selection of columns and of nothing else: no fragment, no directive, no argument.
pub(super) struct Plain<'a>(Vec<(&'a Name, Column)>);

impl<'a> Plain<'a> {
    /// What the field that is being resolved selects of each pair, where that is plain.
    fn of(ctx: &Context<'a>) -> Option<Self> {
        // The engine merges what comes twice under one key, and cannot merge texts.
        ctx.data_opt::<FieldsOnce>()?;
        Self::selected(&ctx.item.node)
    }

    /// What `field` selects of each pair, where that is plain; its document has to hold [`FieldsOnce`].
    pub(super) fn selected(field: &'a Field) -> Option<Self> {
        let column = |selected: &'a Positioned<Selected>| {
            let Selected::Field(field) = &selected.node else { return None };
            let is_bare = field.node.arguments.is_empty() && field.node.directives.is_empty();
            let column = Column::of(&field.node.name.node).filter(|_| is_bare)?;
            Some((&field.node.response_key().node, column))
        };
        field.selection_set.node.items.iter().map(column).collect::<Option<_>>().map(Self)
    }

    /// The pairs that the service lists.
    pub(super) async fn list(
        &self,
        service: &Service,
        caller: &Caller,
        namespace: Option<String>,
        selection: &Selection,
    ) -> Result<Bytes> {
        Ok(match self.detail() {
            Detail::Address => self.write(service.addresses(caller, namespace, selection).await?).await,
            Detail::Entry => self.write(service.entries(caller, namespace, selection).await?).await,
            Detail::Pair => self.pairs(service.list(caller, namespace, selection).await?).await,
        })
    }

    /// What has to be known of each pair.
    fn detail(&self) -> Detail {
        self.0.iter().map(|(_, column)| column.detail()).max().unwrap_or(Detail::Address)
    }

    async fn pairs(&self, pairs: Vec<Pair>) -> Bytes {
        let pairs = pairs.into_iter().map(Pair::into_parts);
        self.write(pairs.map(|(entry, value)| (entry, value.to_json()))).await
    }

    async fn write(&self, pairs: impl IntoIterator<Item = impl Shown>) -> Bytes {
        let mut keys: Vec<String> = Vec::with_capacity(self.0.len());
        for (key, _) in &self.0 {
            let mut written = String::from(if keys.is_empty() { "{" } else { "," });
            JsonText::quote(key, &mut written);
            written.push(':');
            keys.push(written);
        }
        let mut out = String::from("[");
        for (at, pair) in pairs.into_iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            for (key, (_, column)) in keys.iter().zip(&self.0) {
                out.push_str(key);
                column.write(&pair, &mut out);
            }
            out.push('}');
            if at % BREATH == BREATH - 1 {
                tokio::task::yield_now().await;
            }
        }
        out.push(']');
        out.into()
    }
}
