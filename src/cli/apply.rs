//! `highwater apply`.

use std::{io::Write, path::PathBuf};

use anstyle::AnsiColor;
use anyhow::{Context, Result};
use clap::{Args, ValueHint};

use super::{
    connection::ConnectionArgs,
    input,
    kv::PlaceArgs,
    output,
    plan::{self, Step, Tally, Wanted},
    wanted,
    yaml::{self, Content, Node},
};
use crate::{
    client::{Expiry, Pair},
    domain::{JsonText, Kind, Value},
};

/// Longest value that a difference shows in full, in characters.
const SHOWN: usize = 60;

#[derive(Args, Debug)]
#[command(after_long_help = "\
The file says which pairs there should be; the difference is shown first, then made so.

  namespace: company.team        # optional, for all below
  pairs:
    - key: limits
      value: {cpu: 4, memory: 1.50}
    - key: since
      value: 2026-01-01
      type: DATE                 # STRING NUMBER BOOLEAN DATETIME DATE DURATION JSON BINARY
      ttl: P30D                  # or expires_at; counts from the pair's writing
      description: high-water mark
      namespace: company         # this pair's own

`pairs` may also be a mapping of keys to values. Without `type`, a value is what YAML says it is.

Examples:
  highwater apply -f pairs.yaml --dry-run
  highwater apply -f pairs.yaml --prune      deletes what the file does not have, in its namespaces")]
pub(super) struct ApplyArgs {
    /// The file; '-' is standard input
    #[arg(long, short, value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// Delete pairs that the file does not have, in the namespaces that it names
    #[arg(long)]
    prune: bool,
    /// Show the difference, and do nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    connection: ConnectionArgs,
}

pub(super) async fn run(args: ApplyArgs) -> Result<()> {
    let client = args.connection.client()?;
    let file = || args.file.display().to_string();
    let document = yaml::parse(&input::read_text(&args.file)?).with_context(file)?;
    let (wanted, namespace) = read(&document, args.place.namespace).with_context(file)?;
    let surplus = if args.prune { plan::surplus(&client, &wanted, namespace.as_deref()).await? } else { Vec::new() };
    let steps = plan::compare(&client, wanted).await?;
    let mut tally = Tally { deleted: surplus.len(), ..Tally::default() };
    for step in &steps {
        step.count(&mut tally);
    }
    show(&steps, &surplus)?;
    let Tally { added, changed, unchanged, deleted } = tally;
    let done = if args.dry_run { "would be: " } else { "" };
    if !args.dry_run {
        for step in steps.iter().filter(|step| !step.is_done()) {
            let what = || format!("{}; nothing after it was written", output::printable(&step.wanted.key));
            client.set(&step.draft()).await.with_context(what)?;
        }
        for pair in &surplus {
            client.delete_id(&pair.id).await?;
        }
    }
    output::line(&format!("{done}{added} added, {changed} changed, {unchanged} unchanged, {deleted} deleted"))
}

/// The difference, a line a pair.
fn show(steps: &[Step], surplus: &[Pair]) -> Result<()> {
    let mut out = anstream::stdout().lock();
    let (green, yellow, red) =
        (AnsiColor::Green.on_default(), AnsiColor::Yellow.on_default(), AnsiColor::Red.on_default());
    for Step { wanted, current } in steps.iter().filter(|step| !step.is_done()) {
        let name = name(wanted.namespace.as_deref().or(current.as_ref().map(|it| it.namespace.as_str())), &wanted.key);
        let new = brief(wanted.kind, &wanted.value);
        match current {
            None => writeln!(out, "{green}+ {name}  {new}{green:#}")?,
            Some(pair) => {
                let old = brief(pair.kind, &pair.value);
                let rest = if old == new { "  (description or expiry)" } else { "" };
                writeln!(out, "{yellow}~ {name}  {old} -> {new}{rest}{yellow:#}")?;
            }
        }
    }
    for pair in surplus {
        let old = brief(pair.kind, &pair.value);
        writeln!(out, "{red}- {}  {old}{red:#}", name(Some(&pair.namespace), &pair.key))?;
    }
    Ok(())
}

fn name(namespace: Option<&str>, key: &str) -> String {
    let place = namespace.map(|name| format!("{name} ")).unwrap_or_default();
    format!("{place}{}", output::printable(key))
}

fn brief(kind: Kind, value: &JsonText) -> String {
    let text = output::printable(value.as_str());
    let shown: String = text.chars().take(SHOWN).collect();
    format!("{kind} {shown}{}", if shown.len() < text.len() { "…" } else { "" })
}

/// The pairs of a file, and the namespace of those that name none.
fn read(document: &Node, namespace: Option<String>) -> Result<(Vec<Wanted>, Option<String>)> {
    let (mut home, mut pairs) = (namespace, None);
    for (name, value) in document.fields("the file")? {
        match name.as_str() {
            "namespace" => home = Some(value.text("namespace")?.to_owned()),
            "pairs" => pairs = Some(value),
            _ => return Err(value.error(&format!("{name:?} is not known here; a file has namespace and pairs"))),
        }
    }
    let pairs = pairs.ok_or_else(|| document.error("the file has no `pairs`"))?;
    let wanted = match &pairs.content {
        Content::Map(fields) => {
            fields.iter().map(|(key, value)| pair(key, value, Details::of(value))).collect::<Result<Vec<_>>>()?
        }
        _ => pairs.items("pairs")?.iter().map(entry).collect::<Result<Vec<_>>>()?,
    };
    let wanted: Vec<_> =
        wanted.into_iter().map(|it| Wanted { namespace: it.namespace.or_else(|| home.clone()), ..it }).collect();
    let mut seen = std::collections::BTreeMap::new();
    for pair in &wanted {
        wanted::check_address(pair.namespace.as_deref(), &pair.key).map_err(|error| pairs.error(&error.to_string()))?;
        if let Some(line) = seen.insert((&pair.namespace, &pair.key), pair.line) {
            return Err(pairs.error(&format!("lines {line} and {} have the same pair", pair.line)));
        }
    }
    Ok((wanted, home))
}

/// What a pair has besides key and value.
struct Details<'a> {
    place: &'a Node,
    kind: Option<Kind>,
    namespace: Option<String>,
    description: Option<String>,
    expiry: Option<Expiry>,
}

impl<'a> Details<'a> {
    fn of(place: &'a Node) -> Self {
        Self { place, kind: None, namespace: None, description: None, expiry: None }
    }
}

fn entry(node: &Node) -> Result<Wanted> {
    let (mut key, mut value, mut ttl, mut end, mut details) = (None, None, None, None, Details::of(node));
    for (name, field) in node.fields("a pair")? {
        match name.as_str() {
            "key" => key = Some(field.text("key")?),
            "value" => value = Some(field),
            "type" => {
                let kind = field.text("type")?.to_uppercase().parse::<Kind>();
                details.kind = Some(kind.map_err(|error| field.error(&error.to_string()))?);
            }
            "namespace" => details.namespace = Some(field.text("namespace")?.to_owned()),
            "description" => details.description = Some(field.text("description")?.to_owned()),
            "ttl" => ttl = Some(field.text("ttl")?),
            "expires_at" => end = Some(field.text("expires_at")?),
            _ => {
                let known = "key, value, type, namespace, description, ttl and expires_at";
                return Err(field.error(&format!("{name:?} is not known here; a pair has {known}")));
            }
        }
    }
    details.expiry = wanted::expiry(ttl, end).map_err(|error| node.error(&error.to_string()))?;
    let key = key.ok_or_else(|| node.error("the pair has no key"))?;
    let value = value.ok_or_else(|| node.error("the pair has no value"))?;
    pair(key, value, details)
}

fn pair(key: &str, value: &Node, details: Details<'_>) -> Result<Wanted> {
    let Details { place, kind, namespace, description, expiry } = details;
    let typed = match (kind, &value.content) {
        (None, _) => Ok(Value::json(value.json()?)),
        // `type: STRING` with a plain 1.10 is the text 1.10.
        (Some(kind), Content::Scalar { text, .. }) if kind != Kind::Json => Value::of_text(kind, text),
        (Some(kind), _) => Value::typed(kind, value.json()?),
    };
    let typed = typed.map_err(|error| value.error(&error.to_string()))?;
    let (kind, value) = (typed.kind(), typed.to_json());
    Ok(Wanted { namespace, key: key.to_owned(), kind, value, description, expiry, line: place.line() })
}
