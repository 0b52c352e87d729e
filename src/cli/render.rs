//! `highwater render`.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueHint};
use minijinja::Value;

use super::{connection::ConnectionArgs, input, kv::PlaceArgs, output, template::Templates};

#[derive(Args, Debug)]
#[command(after_long_help = "\
Templates are Jinja's. kv('key', namespace, errorOnMissing) is a pair's value: without a namespace, that of --namespace
and its parents; a pair that is not there is an error unless errorOnMissing=false. json(text) takes JSON apart. Numbers
stay as they are written. Nothing is printed where something in the template fails.

  host = {{ kv('db.host') }}
  {% for user in json(kv('users', 'company.team')) %}{{ user.name | upper }} {% endfor %}
  wait = {{ kv('wait', errorOnMissing=false) ?? 'PT5M' }}

Examples:
  highwater render app.conf.j2 > app.conf
  echo \"{{ kv('greeting') }}\" | highwater render -
  highwater render job.sh.j2 --set day=2026-01-01 | sh")]
pub(super) struct RenderArgs {
    /// The template; '-' is standard input
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// A variable of the template
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = input::assignment)]
    variables: Vec<(String, String)>,
    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    connection: ConnectionArgs,
}

pub(super) fn run(args: RenderArgs) -> Result<()> {
    let template = input::read_text(&args.file)?;
    let templates = Templates::new(args.connection.client()?, args.place.namespace);
    let context = Value::from_pairs(args.variables);
    output::text(&templates.render(&args.file.display().to_string(), &template, &context)?)
}
