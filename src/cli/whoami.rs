//! `highwater whoami`.

use anyhow::Result;
use clap::Args;

use super::{
    connection::ConnectionArgs,
    output::{self, Format},
};
use crate::client::Client;

#[derive(Args, Debug)]
pub(super) struct WhoamiArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// How to print it
    #[arg(long, short, value_enum, default_value_t = Format::Text)]
    output: Format,
}

pub(super) async fn run(args: &WhoamiArgs) -> Result<()> {
    let chosen = args.connection.choose()?;
    let client = Client::new(chosen.connection)?;
    let who = client.who().await?;
    if args.output == Format::Json {
        let shown = serde_json::json!({ "server": client.url(), "by": chosen.source, "who": who });
        return output::line(&shown.to_string());
    }
    let fields = [
        ("server", client.url().to_owned()),
        ("version", who.version),
        ("by", chosen.source),
        ("user", who.user.unwrap_or_default()),
        ("tenant", who.tenant),
        ("tenant_id", who.tenant_id),
        ("tier", who.tier),
        ("permissions", who.permissions.join(" ")),
    ];
    match args.output {
        Format::Text => {
            fields.iter().try_for_each(|(name, value)| output::line(format!("{name:<12} {value}").trim_end()))
        }
        format => output::records(format, fields.each_ref().map(|(name, _)| *name), &[fields.map(|(_, value)| value)]),
    }
}
