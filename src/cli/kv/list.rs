//! `highwater kv list`.

use std::collections::BTreeMap;

use anyhow::Result;
use clap::Args;
use clap_complete::ArgValueCompleter;
use termtree::Tree;

use super::{Shell, show};
use crate::{
    cli::{
        completions,
        output::{self, Format},
    },
    client::Query,
};

#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  highwater kv list                          names, a line each
  highwater kv list jobs/ --long             with type, size, age and expiry
  highwater kv list --tree                   keys with '/' as folders
  highwater kv list --namespace '*' --long   of every namespace that the token reaches
  highwater kv list --output json | jq -r '.[].key'")]
pub(in crate::cli) struct ListArgs {
    /// What the keys start with
    #[arg(default_value = "", hide_default_value = true, add = ArgValueCompleter::new(completions::keys))]
    prefix: String,
    /// A table with type, size, age and expiry
    #[arg(long, short)]
    long: bool,
    /// Keys with '/' as folders
    #[arg(long, conflicts_with = "long")]
    tree: bool,
}

pub(super) async fn run(shell: &Shell, args: ListArgs) -> Result<()> {
    let query = Query { namespace: shell.namespace.clone(), prefix: args.prefix };
    let everywhere = shell.namespace() == Some("*");
    if args.long || shell.format != Format::Text {
        return show::pairs(shell.format, &shell.client.list_all(&query).await?);
    }
    // In every namespace, a key alone would not say which pair it is.
    let names = if everywhere {
        let pairs = shell.client.list_all(&query).await?;
        let separator = if args.tree { "/" } else { "\t" };
        pairs.into_iter().map(|pair| format!("{}{separator}{}", pair.namespace, pair.key)).collect()
    } else {
        shell.client.keys(&query, None).await?
    };
    if args.tree {
        return output::text(&tree(&names));
    }
    output::text(&names.iter().fold(String::new(), |text, name| text + name + "\n"))
}

/// The names as a tree, a folder where they agree up to a `/`.
fn tree(names: &[String]) -> String {
    let parts: Vec<Vec<&str>> = names.iter().map(|name| name.split_inclusive('/').collect()).collect();
    let parts: Vec<&[&str]> = parts.iter().map(Vec::as_slice).collect();
    branches(&parts).iter().map(ToString::to_string).collect()
}

/// Keys are 1,024 bytes at most, so this goes no deeper than that.
fn branches(names: &[&[&str]]) -> Vec<Tree<String>> {
    let mut folders: BTreeMap<&str, Vec<&[&str]>> = BTreeMap::new();
    for name in names {
        if let Some((first, rest)) = name.split_first() {
            folders.entry(first).or_default().extend((!rest.is_empty()).then_some(rest));
        }
    }
    let branch =
        |(name, inside): (&str, Vec<&[&str]>)| Tree::new(output::printable(name)).with_leaves(branches(&inside));
    folders.into_iter().map(branch).collect()
}
