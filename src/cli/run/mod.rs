//! `highwater run`: the key-value tasks of a Kestra flow (contract kestra.md, sections 2 and 3).

mod flow;
mod task;

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueHint};
use minijinja::Value;

use self::{flow::Flow, task::Runner};
use super::{connection::ConnectionArgs, input, kv::PlaceArgs, output, yaml};

#[derive(Args, Debug)]
#[command(after_long_help = "\
Runs the tasks of a Kestra flow one after the other, against the pairs of a Highwater server:

  kv.Set, kv.Get, kv.GetKeys, kv.Delete   under io.kestra.plugin.core, io.kestra.plugin and io.kestra.core.tasks
  log.Log                                 prints its message
  debug.Return, output.OutputValues       outputs for the tasks after it

A flow with any other type of task is refused before its first task runs. Expressions know kv(), json(), now(),
outputs, inputs, vars and flow; the filters are Jinja's and the common ones of Kestra.

Examples:
  highwater run flow.yaml
  highwater run flow.yaml --input day=2026-01-01")]
pub(super) struct RunArgs {
    /// The flow; '-' is standard input
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// An input of the flow
    #[arg(long = "input", value_name = "NAME=VALUE", value_parser = input::assignment)]
    inputs: Vec<(String, String)>,
    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    connection: ConnectionArgs,
}

pub(super) async fn run(args: RunArgs) -> Result<()> {
    let client = args.connection.client()?;
    let file = || args.file.display().to_string();
    let document = yaml::parse(&input::read_text(&args.file)?).with_context(file)?;
    let flow = Flow::read(&document, args.place.namespace, &args.inputs).with_context(file)?;
    let mut runner = Runner::new(client, &flow);
    for task in &flow.tasks {
        let failed = || format!("task {} (line {})", task.id, task.line);
        match runner.run(task).await.with_context(failed) {
            Err(error) if task.allow_failure => output::warn(&format!("highwater: {error:#}; allowFailure goes on")),
            done => done?,
        }
    }
    Ok(())
}

/// A value of the file as templates see it; texts in it are not rendered yet.
fn value(node: &yaml::Node) -> Result<Value> {
    Ok(super::template::from_json(&node.json()?))
}
