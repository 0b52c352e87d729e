//! A flow, read and checked.

use std::collections::BTreeMap;

use anyhow::Result;
use minijinja::Value;

use super::value;
use crate::{
    cli::{
        exit::{Exit, failure},
        template,
        yaml::Node,
    },
    domain::JsonText,
};

/// Where the tasks for pairs are, by the generation of Kestra.
const KV: [&str; 3] = ["io.kestra.plugin.core.kv.", "io.kestra.plugin.kv.", "io.kestra.core.tasks.kv."];

/// The other tasks that are known, by the generation of Kestra.
const OTHERS: [(&str, Kind); 7] = [
    ("io.kestra.plugin.core.log.Log", Kind::Log),
    ("io.kestra.plugin.log.Log", Kind::Log),
    ("io.kestra.core.tasks.log.Log", Kind::Log),
    ("io.kestra.plugin.core.debug.Return", Kind::Return),
    ("io.kestra.plugin.debug.Return", Kind::Return),
    ("io.kestra.core.tasks.debugs.Return", Kind::Return),
    ("io.kestra.plugin.core.output.OutputValues", Kind::Values),
];

/// What a task does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Set,
    Get,
    GetKeys,
    Delete,
    Log,
    Return,
    Values,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        let other = OTHERS.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind);
        other.or_else(|| match KV.iter().find_map(|package| name.strip_prefix(package))? {
            "Set" => Some(Self::Set),
            "Get" => Some(Self::Get),
            "GetKeys" => Some(Self::GetKeys),
            "Delete" => Some(Self::Delete),
            _ => None,
        })
    }

    /// The properties that a task of this kind has, besides those that all have.
    fn properties(self) -> &'static [&'static str] {
        match self {
            Self::Set => &["key", "value", "namespace", "overwrite", "ttl", "kvType", "kvDescription"],
            Self::Get | Self::Delete => &["key", "namespace", "errorOnMissing"],
            Self::GetKeys => &["prefix", "namespace"],
            Self::Log => &["message", "level"],
            Self::Return => &["format"],
            Self::Values => &["values"],
        }
    }
}

/// Properties of every task. Those that say how an execution is supervised change nothing here.
const COMMON: [&str; 13] = [
    "id",
    "type",
    "description",
    "disabled",
    "allowFailure",
    "runIf",
    "version",
    "retry",
    "timeout",
    "logLevel",
    "logToFile",
    "workerGroup",
    "allowWarning",
];

/// A task.
pub(super) struct Task<'a> {
    pub(super) id: String,
    pub(super) line: usize,
    pub(super) kind: Kind,
    pub(super) allow_failure: bool,
    pub(super) run_if: Option<&'a str>,
    properties: BTreeMap<&'a str, &'a Node>,
}

impl<'a> Task<'a> {
    fn read(node: &'a Node) -> Result<Option<Self>> {
        let properties: BTreeMap<_, _> =
            node.fields("a task")?.iter().map(|(name, value)| (name.as_str(), value)).collect();
        let text = |name: &str| properties.get(name).map(|value| value.text(name)).transpose();
        let flag = |name: &str| properties.get(name).map_or(Ok(false), |value| value.boolean(name));
        let id = text("id")?.ok_or_else(|| node.error("the task has no id"))?;
        let name = text("type")?.ok_or_else(|| node.error("the task has no type"))?;
        let kind = Kind::of(name).ok_or_else(|| {
            let place = properties.get("type").copied().unwrap_or(node);
            let known = "kv.Set, kv.Get, kv.GetKeys, kv.Delete, log.Log, debug.Return and output.OutputValues";
            place.error(&format!("task {id} is a {name}, which is not run here; nothing was done. Known are {known}"))
        })?;
        let known = |name: &&str| COMMON.contains(name) || kind.properties().contains(name);
        if let Some((name, value)) = properties.iter().find(|(name, _)| !known(name)) {
            let known = kind.properties().join(", ");
            return Err(value.error(&format!("task {id} has no property {name:?}; it has {known}")));
        }
        if flag("disabled")? {
            return Ok(None);
        }
        let (run_if, allow_failure) = (text("runIf")?, flag("allowFailure")?);
        Ok(Some(Self { id: id.to_owned(), line: node.line(), kind, allow_failure, run_if, properties }))
    }

    /// A property that may be left out.
    pub(super) fn property(&self, name: &str) -> Option<&'a Node> {
        self.properties.get(name).copied()
    }

    /// A property that may not.
    pub(super) fn required(&self, name: &str) -> Result<&'a Node> {
        let missing = || failure(Exit::Failed, format!("the property {name:?} is missing"));
        self.property(name).ok_or_else(missing)
    }
}

/// A flow.
pub(super) struct Flow<'a> {
    /// The token's own namespace where none is given.
    pub(super) namespace: Option<String>,
    /// What expressions know of the flow: `flow`, `vars`, `inputs`.
    pub(super) context: BTreeMap<&'static str, Value>,
    pub(super) tasks: Vec<Task<'a>>,
}

impl<'a> Flow<'a> {
    /// The flow of a document, in its own namespace or else in `namespace`.
    pub(super) fn read(document: &'a Node, namespace: Option<String>, given: &[(String, String)]) -> Result<Self> {
        let fields = document.fields("a flow")?;
        let field = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        let text = |name: &str| field(name).map(|value| value.text(name)).transpose();
        let namespace = text("namespace")?.map(ToOwned::to_owned).or(namespace);
        let tasks = field("tasks").ok_or_else(|| document.error("the flow has no tasks"))?.items("tasks")?;
        let tasks = tasks.iter().filter_map(|task| Task::read(task).transpose()).collect::<Result<_>>()?;
        let id = text("id")?.unwrap_or_default();
        let flow = Value::from_pairs([("id", Value::from(id)), ("namespace", Value::from(namespace.clone()))]);
        let vars = field("variables").map_or_else(|| Ok(Value::from_pairs::<_, String, Value>([])), value)?;
        let inputs = Value::from_pairs(inputs(field("inputs"), given)?);
        Ok(Self { namespace, context: [("flow", flow), ("vars", vars), ("inputs", inputs)].into(), tasks })
    }
}

/// The inputs of a flow: what is given, else their defaults.
fn inputs(declared: Option<&Node>, given: &[(String, String)]) -> Result<Vec<(String, Value)>> {
    let mut inputs = Vec::new();
    for node in declared.map(|node| node.items("inputs")).transpose()?.unwrap_or_default() {
        let fields = node.fields("an input")?;
        let field = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        let id = field("id").or_else(|| field("name")).ok_or_else(|| node.error("the input has no id"))?.text("id")?;
        let kind = field("type").map_or(Ok("STRING"), |value| value.text("type"))?;
        let required = field("required").map_or(Ok(true), |value| value.boolean("required"))?;
        let value = match (given.iter().rev().find(|(name, _)| name == id), field("defaults")) {
            (Some((_, text)), _) => typed(kind, text).ok_or_else(|| {
                failure(Exit::Usage, format!("the input {id} is of type {kind}, and --input {id}=... is not"))
            })?,
            (None, Some(default)) => value(default)?,
            (None, None) if required => return Err(failure(Exit::Usage, format!("the flow needs --input {id}=..."))),
            (None, None) => Value::from(()),
        };
        inputs.push((id.to_owned(), value));
    }
    if let Some((name, _)) = given.iter().find(|(name, _)| inputs.iter().all(|(known, _)| known != name)) {
        return Err(failure(Exit::Usage, format!("the flow has no input {name}")));
    }
    Ok(inputs)
}

fn typed(kind: &str, text: &str) -> Option<Value> {
    match kind {
        "INT" | "FLOAT" | "BOOLEAN" | "BOOL" | "JSON" | "ARRAY" => {
            JsonText::parse(text).ok().map(|json| template::from_json(&json))
        }
        _ => Some(Value::from(text)),
    }
}
