//! Doing what a task says.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use minijinja::Value;

use super::{
    flow::{Flow, Kind, Task},
    value,
};
use crate::{
    cli::{
        exit::{Exit, failure},
        output,
        template::{self, Templates},
        yaml::{Content, Node},
    },
    client::{Client, Description, Draft, Expiry, Query, Refusal},
    domain::{self, JsonText},
};

/// A flow under way.
pub(super) struct Runner {
    client: Client,
    templates: Templates,
    namespace: Option<String>,
    context: BTreeMap<&'static str, Value>,
    outputs: Vec<(String, Value)>,
}

impl Runner {
    pub(super) fn new(client: Client, flow: &Flow<'_>) -> Self {
        let templates = Templates::new(client.clone(), flow.namespace.clone());
        Self {
            client,
            templates,
            namespace: flow.namespace.clone(),
            context: flow.context.clone(),
            outputs: Vec::new(),
        }
    }

    /// Runs a task and keeps its outputs for those after it.
    pub(super) async fn run(&mut self, task: &Task<'_>) -> Result<()> {
        self.context.insert("outputs", Value::from_pairs(self.outputs.clone()));
        if let Some(condition) = task.run_if
            && !is_true(&self.templates.evaluate(&task.id, condition, &self.context())?)
        {
            return Ok(());
        }
        let output = match task.kind {
            Kind::Set => self.set(task).await?,
            Kind::Get => self.get(task).await?,
            Kind::GetKeys => self.keys(task).await?,
            Kind::Delete => self.delete(task).await?,
            Kind::Log => self.log(task)?,
            Kind::Return => vec![("value", self.rendered(task, task.required("format")?)?)],
            Kind::Values => vec![("values", self.rendered(task, task.required("values")?)?)],
        };
        self.outputs.push((task.id.clone(), Value::from_pairs(output)));
        Ok(())
    }

    fn context(&self) -> Value {
        Value::from_pairs(self.context.clone())
    }

    /// A property's value, every text in it rendered; a text that is one expression keeps the expression's type.
    fn rendered(&self, task: &Task<'_>, node: &Node) -> Result<Value> {
        match &node.content {
            Content::Scalar { text, .. } if text.contains("{{") || text.contains("{%") => {
                self.templates.evaluate(&task.id, text, &self.context())
            }
            Content::Scalar { .. } => value(node),
            Content::List(items) => items.iter().map(|item| self.rendered(task, item)).collect(),
            Content::Map(fields) => {
                let field = |(name, node): &(String, Node)| Ok((name.clone(), self.rendered(task, node)?));
                Ok(Value::from_pairs(fields.iter().map(field).collect::<Result<Vec<_>>>()?))
            }
        }
    }

    /// A property as text, rendered; a number by the text that it is written as.
    fn text(&self, task: &Task<'_>, node: &Node, what: &str) -> Result<String> {
        self.templates.render(&task.id, node.text(what)?, &self.context())
    }

    fn optional(&self, task: &Task<'_>, name: &str) -> Result<Option<String>> {
        task.property(name).map(|node| self.text(task, node, name)).transpose()
    }

    fn flag(&self, task: &Task<'_>, name: &str, default: bool) -> Result<bool> {
        let Some(node) = task.property(name) else { return Ok(default) };
        match self.text(task, node, name)?.trim() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(node.error(&format!("{name} is true or false"))),
        }
    }

    fn key(&self, task: &Task<'_>) -> Result<String> {
        self.text(task, task.required("key")?, "key")
    }

    /// The namespace that a task names, and else the flow's.
    fn namespace(&self, task: &Task<'_>) -> Result<Option<String>> {
        Ok(self.optional(task, "namespace")?.or_else(|| self.namespace.clone()))
    }

    async fn set(&self, task: &Task<'_>) -> Result<Vec<(&'static str, Value)>> {
        let key = self.key(task)?;
        let node = task.required("value")?;
        let kind = self.optional(task, "kvType")?.map(|name| name.parse::<domain::Kind>()).transpose()?;
        let value = stored(kind, node, &self.rendered(task, node)?)?;
        let overwrite = self.flag(task, "overwrite", true)?;
        let draft = Draft {
            namespace: self.namespace(task)?,
            key: key.clone(),
            kind: Some(value.kind()),
            value: value.to_json(),
            // As in Kestra, a set without a description or a ttl leaves none.
            description: Description::Put(self.optional(task, "kvDescription")?),
            expiry: self.optional(task, "ttl")?.map(Expiry::Ttl),
            if_version: (!overwrite).then_some(0),
        };
        match self.client.set(&draft).await {
            Err(error) if !overwrite && error.refusal() == Some(Refusal::Conflict) => {
                Err(failure(Exit::Conflict, format!("the key {key:?} is there already, and `overwrite` is false")))
            }
            done => Ok(done.map(|_| Vec::new())?),
        }
    }

    async fn get(&self, task: &Task<'_>) -> Result<Vec<(&'static str, Value)>> {
        let (key, namespace) = (self.key(task)?, self.namespace(task)?);
        let found = if namespace == self.namespace {
            template::find(&self.client, namespace.as_deref(), &key).await?
        } else {
            self.client.get(namespace.as_deref(), &key).await?
        };
        if found.is_none() && self.flag(task, "errorOnMissing", false)? {
            return Err(missing(&key));
        }
        Ok(vec![("value", found.as_ref().map_or_else(|| Value::from(()), template::from_pair))])
    }

    async fn keys(&self, task: &Task<'_>) -> Result<Vec<(&'static str, Value)>> {
        let prefix = self.optional(task, "prefix")?.unwrap_or_default();
        let query = Query { namespace: self.namespace(task)?, prefix };
        Ok(vec![("keys", Value::from(self.client.keys(&query, None).await?))])
    }

    async fn delete(&self, task: &Task<'_>) -> Result<Vec<(&'static str, Value)>> {
        let (key, namespace) = (self.key(task)?, self.namespace(task)?);
        let deleted = self.client.delete(namespace.as_deref(), &key).await?;
        if !deleted && self.flag(task, "errorOnMissing", false)? {
            return Err(missing(&key));
        }
        Ok(vec![("deleted", Value::from(deleted))])
    }

    fn log(&self, task: &Task<'_>) -> Result<Vec<(&'static str, Value)>> {
        let message = task.required("message")?;
        match &message.content {
            Content::List(messages) => {
                for message in messages {
                    output::line(&self.text(task, message, "a message")?)?;
                }
            }
            _ => output::line(self.text(task, message, "message")?.trim_end_matches('\n'))?,
        }
        Ok(Vec::new())
    }
}

fn missing(key: &str) -> anyhow::Error {
    failure(Exit::NotFound, format!("there is no pair {key:?}"))
}

/// What a Set stores: text is STRING unless `kvType` says how to read it; what an expression makes keeps its type.
fn stored(kind: Option<domain::Kind>, node: &Node, value: &Value) -> Result<domain::Value> {
    let written = match &node.content {
        // A plain 1.10 is the text 1.10, for there is no type to a property of the file itself.
        Content::Scalar { text, .. } if !text.contains("{{") && !text.contains("{%") => Some(text.as_str()),
        _ => value.as_str(),
    };
    let json = || -> Result<JsonText> { Ok(JsonText::parse(&template::to_json(value)?)?) };
    match (kind, written) {
        (None | Some(domain::Kind::String), Some(text)) => Ok(domain::Value::of_text(domain::Kind::String, text)?),
        (None, None) => Ok(domain::Value::json(json()?)),
        (Some(domain::Kind::String), None) => Ok(domain::Value::of_text(domain::Kind::String, json()?.as_str())?),
        (Some(kind), Some(text)) => domain::Value::of_text(kind, text.trim()).context("kvType does not fit"),
        (Some(kind), None) => domain::Value::typed(kind, json()?).context("kvType does not fit"),
    }
}

/// As Kestra takes a condition: text that says false, 0 or nothing is false.
fn is_true(value: &Value) -> bool {
    value.as_str().map_or_else(|| value.is_true(), |text| !matches!(text.trim(), "" | "false" | "0" | "-0"))
}
