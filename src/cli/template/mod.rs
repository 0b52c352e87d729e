//! Templates with `kv()` and `json()`, for configuration files and for the expressions of flows.

mod coalesce;
mod dates;
mod filters;
mod values;

use std::sync::Arc;

use minijinja::{
    Environment, Error, ErrorKind, UndefinedBehavior, escape_formatter,
    syntax::SyntaxConfig,
    value::{Kwargs, Rest, Value, ValueKind},
};

use super::exit::{Exit, failure};
use crate::{
    client::{Client, Pair, Refusal},
    domain::{Clock, JsonText, Kind, SystemClock},
};

pub(super) use self::values::{from_json, to_json};

/// Steps that one template may take: far more than any needs, far fewer than for ever.
const FUEL: u64 = 10_000_000;

/// Renders templates, with values of a store in them.
pub(super) struct Templates {
    environment: Environment<'static>,
}

/// Where `kv()` looks.
struct Source {
    client: Client,
    /// The namespace of those calls that name none; the token's own where none is given.
    namespace: Option<String>,
}

impl Templates {
    /// Templates over a server's pairs, by default over those of `namespace` and its parents.
    pub(super) fn new(client: Client, namespace: Option<String>) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        let mut syntax = SyntaxConfig::builder();
        syntax.keep_trailing_newline(true);
        if let Ok(syntax) = syntax.build() {
            environment.set_syntax(syntax);
        }
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment.set_fuel(Some(FUEL));
        // As in Kestra: null is nothing, true is true, and lists and mappings are JSON.
        environment.set_formatter(|out, state, value| match value.kind() {
            ValueKind::None => Ok(()),
            ValueKind::Bool => {
                escape_formatter(out, state, &Value::from(if value.is_true() { "true" } else { "false" }))
            }
            ValueKind::Map | ValueKind::Seq | ValueKind::Iterable => {
                escape_formatter(out, state, &Value::from(to_json(value)?))
            }
            _ => escape_formatter(out, state, value),
        });
        filters::add(&mut environment);
        let source = Arc::new(Source { client, namespace });
        environment.add_function("kv", move |args: Rest<Value>, named: Kwargs| source.kv(&args, &named));
        for name in ["json", "fromJson", "jsonDecode"] {
            environment.add_function(name, parse);
        }
        environment.add_global("null", ());
        environment.add_function("now", || SystemClock.now().to_string());
        Self { environment }
    }

    /// The text that `template` makes; errors name it by `name`.
    ///
    /// # Errors
    /// A sentence with the line.
    pub(super) fn render(&self, name: &str, template: &str, context: &Value) -> anyhow::Result<String> {
        self.environment.render_named_str(name, &coalesce::template(template), context.clone()).map_err(told)
    }

    /// What `template` makes, by its own type where all of it is one expression.
    ///
    /// # Errors
    /// As [`Self::render`].
    pub(super) fn evaluate(&self, name: &str, template: &str, context: &Value) -> anyhow::Result<Value> {
        let inside = template.trim().strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
        match inside.filter(|inside| !inside.contains("{{") && !inside.contains("}}")) {
            Some(expression) => {
                let expression = coalesce::expression(expression.trim_matches('-')).into_owned();
                let compiled = self.environment.compile_expression_owned(expression).map_err(told)?;
                compiled.eval(context.clone()).map_err(told)
            }
            None => self.render(name, template, context).map(Value::from),
        }
    }
}

impl Source {
    /// `kv(key, namespace, errorOnMissing)`: without a namespace the parents are asked too (contract kestra.md,
    /// section 2).
    fn kv(&self, args: &[Value], named: &Kwargs) -> Result<Value, Error> {
        let argument = |at: usize, name: &str| -> Result<Option<Value>, Error> {
            let value = match args.get(at) {
                Some(value) => Some(value.clone()),
                None => named.get::<Option<Value>>(name)?,
            };
            Ok(value.filter(|value| !value.is_none() && !value.is_undefined()))
        };
        let key = argument(0, "key")?;
        let (namespace, strict) = (argument(1, "namespace")?, argument(2, "errorOnMissing")?);
        named.assert_all_used()?;
        let key = key.as_ref().and_then(|key| key.as_str());
        let key = key.ok_or_else(|| refused("kv() needs a key: kv('key', namespace, errorOnMissing)"))?;
        let namespace = namespace.map(|it| it.to_string());
        let pair = tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(async {
                match &namespace {
                    Some(namespace) => Ok(self.client.get(Some(namespace), key).await?),
                    None => find(&self.client, self.namespace.as_deref(), key).await,
                }
            })
        });
        let pair = pair.map_err(|error| refused("the pair cannot be read").with_source(Told(error)))?;
        match pair {
            Some(pair) => Ok(from_pair(&pair)),
            None if strict.is_some_and(|strict| !strict.is_true()) => Ok(Value::from(())),
            None => {
                let missing =
                    failure(Exit::NotFound, format!("there is no pair {key:?}; errorOnMissing=false allows that"));
                Err(refused("kv()").with_source(Told(missing)))
            }
        }
    }
}

/// The pair of a namespace, or else of the nearest parent that has one.
///
/// # Errors
/// As of any request; a parent that the token does not reach counts as empty.
pub(super) async fn find(client: &Client, namespace: Option<&str>, key: &str) -> anyhow::Result<Option<Pair>> {
    let found = client.get(namespace, key).await?;
    let mut parents = namespace.and_then(|name| name.rsplit_once('.')).map(|(parent, _)| parent);
    if found.is_some() {
        return Ok(found);
    }
    while let Some(parent) = parents {
        match client.get(Some(parent), key).await {
            Ok(Some(pair)) => return Ok(Some(pair)),
            Err(error) if error.refusal() != Some(Refusal::Forbidden) => return Err(error.into()),
            Ok(None) | Err(_) => parents = parent.rsplit_once('.').map(|(parent, _)| parent),
        }
    }
    Ok(None)
}

/// A pair's value as templates see it; bytes as base64.
pub(super) fn from_pair(pair: &Pair) -> Value {
    match pair.kind {
        Kind::Json | Kind::Number | Kind::Boolean => from_json(&pair.value),
        _ => pair.value.content().map_or_else(|| Value::from(pair.value.as_str()), Value::from),
    }
}

/// `json(text)`: what the text says; what is no text is itself.
fn parse(value: &Value) -> Result<Value, Error> {
    let Some(text) = value.as_str() else { return Ok(value.clone()) };
    let json = JsonText::parse(text).map_err(|error| refused("json()").with_source(error))?;
    Ok(from_json(&json))
}

fn refused(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

/// An error on its way through the engine.
#[derive(Debug, thiserror::Error)]
#[error("{0:#}")]
struct Told(anyhow::Error);

/// The engine's error as ours, with the meaning of what was behind it.
fn told(error: Error) -> anyhow::Error {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    let mut exit = Exit::Failed;
    while let Some(inner) = cause {
        if let Some(Told(inner)) = inner.downcast_ref() {
            exit = super::exit::exit(inner);
        }
        cause = inner.source();
    }
    failure(exit, format!("{:#}", anyhow::Error::new(error)))
}
