//! `highwater kv`.

mod copy;
mod delete;
mod edit;
mod get;
mod list;
mod rename;
mod set;
mod show;
mod watch;

use anyhow::Result;
use clap::{Args, Subcommand};
use clap_complete::ArgValueCompleter;

use super::{completions, connection::ConnectionArgs, output::Format};
use crate::client::Client;

#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  highwater kv set greeting 'hello world'
  highwater kv get greeting
  highwater kv list jobs/ --long
  highwater kv --namespace company.team list --output json")]
pub(super) struct KvArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    #[command(flatten)]
    place: PlaceArgs,
    /// How to print data
    #[arg(long, short, global = true, value_enum, default_value_t = Format::Text)]
    output: Format,
    #[command(subcommand)]
    command: KvCommand,
}

/// Where the pairs are.
#[derive(Args, Debug, Clone, Default)]
pub(super) struct PlaceArgs {
    /// The namespace [default: the token's own]; `list` and `watch` take '*' for all
    #[arg(long, short, global = true, value_name = "NAMESPACE", add = ArgValueCompleter::new(completions::namespaces))]
    pub(super) namespace: Option<String>,
}

#[derive(Subcommand, Debug)]
enum KvCommand {
    /// Write a pair, replacing what is there
    Set(set::SetArgs),
    /// Print a pair's value, as it is
    #[command(visible_alias = "cat")]
    Get(get::GetArgs),
    /// Delete pairs, by their keys or by a prefix
    #[command(visible_alias = "rm")]
    Delete(delete::DeleteArgs),
    /// List pairs by the beginning of their keys
    #[command(visible_alias = "ls")]
    List(list::ListArgs),
    /// Print changes as they are committed, until it is stopped
    Watch(watch::WatchArgs),
    /// Change a value in an editor
    Edit(edit::EditArgs),
    /// Copy a pair to another key, or into another namespace
    #[command(visible_alias = "cp")]
    Copy(copy::CopyArgs),
    /// Give a pair another key
    #[command(visible_alias = "mv")]
    Rename(rename::RenameArgs),
}

/// What the commands have in common.
struct Shell {
    client: Client,
    namespace: Option<String>,
    format: Format,
}

impl Shell {
    fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }
}

pub(super) async fn run(args: KvArgs) -> Result<()> {
    let shell = Shell { client: args.connection.client()?, namespace: args.place.namespace, format: args.output };
    match args.command {
        KvCommand::Set(args) => set::run(&shell, args).await,
        KvCommand::Get(args) => get::run(&shell, args).await,
        KvCommand::Delete(args) => delete::run(&shell, args).await,
        KvCommand::List(args) => list::run(&shell, args).await,
        KvCommand::Watch(args) => watch::run(&shell, args).await,
        KvCommand::Edit(args) => edit::run(&shell, &args).await,
        KvCommand::Copy(args) => copy::run(&shell, args).await,
        KvCommand::Rename(args) => rename::run(&shell, args).await,
    }
}
