//! `highwater kv set`.

use std::path::PathBuf;

use anyhow::Result;
use clap::{ArgGroup, Args, ValueHint};
use clap_complete::ArgValueCompleter;

use super::{Shell, show};
use crate::{
    cli::{completions, input, output, output::Format, value_type::TypeArg},
    client::{Description, Draft, Expiry},
    domain::{JsonText, Kind, Value},
};

#[derive(Args, Debug)]
#[command(
    group = ArgGroup::new("content").required(true).args(["value", "file"]),
    after_long_help = "\
Examples:
  highwater kv set greeting 'hello world'                      text
  highwater kv set limits '{\"cpu\": 4}' --json                  JSON, kept digit by digit
  highwater kv set since 2026-01-01 --type date                a day
  highwater kv set wait PT90M --type duration --ttl P30D       gone in thirty days
  highwater kv set model --file model.bin                      any bytes
  date -u +%FT%TZ | highwater kv set last-run - --type datetime
  highwater kv set lock me --no-overwrite                      exits 6 where there is one"
)]
pub(in crate::cli) struct SetArgs {
    /// The key
    #[arg(add = ArgValueCompleter::new(completions::keys))]
    key: String,
    /// The value; '-' reads it from standard input
    #[arg(allow_negative_numbers = true)]
    value: Option<String>,
    /// Take the value from a file: text where it is UTF-8, else bytes
    #[arg(long, short, value_name = "PATH", value_hint = ValueHint::FilePath)]
    file: Option<PathBuf>,
    /// The value is JSON
    #[arg(long)]
    json: bool,
    /// The value's type [default: string; with --json, what the JSON is]
    #[arg(long, short, value_enum)]
    r#type: Option<TypeArg>,
    /// How long the pair lives, such as P30D or PT12H [default: for ever]
    #[arg(long, value_name = "DURATION")]
    ttl: Option<String>,
    /// Text for people; "" removes it [default: stays as it is]
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Refuse to replace a pair that is there
    #[arg(long)]
    no_overwrite: bool,
}

pub(super) async fn run(shell: &Shell, args: SetArgs) -> Result<()> {
    let (value, kind) = args.content()?;
    let draft = Draft {
        namespace: shell.namespace.clone(),
        key: args.key,
        kind,
        value,
        description: match args.description {
            None => Description::Keep,
            Some(text) => Description::Put((!text.is_empty()).then_some(text)),
        },
        expiry: args.ttl.map(Expiry::Ttl),
        if_version: args.no_overwrite.then_some(0),
    };
    let pair = shell.client.set(&draft).await?;
    match shell.format {
        Format::Text => output::line(&format!("set {}, version {}", output::printable(&pair.key), pair.version)),
        Format::Json => output::line(show::json(&pair)?.get()),
        format => show::pairs(format, &[pair]),
    }
}

impl SetArgs {
    /// The value's JSON, and its type where the JSON does not say it.
    fn content(&self) -> Result<(JsonText, Option<Kind>)> {
        let kind = self.r#type.map(Kind::from);
        let bytes = match (&self.file, self.value.as_deref()) {
            (Some(path), _) => input::read(path)?,
            (None, Some("-")) => input::read("-".as_ref())?,
            (None, value) => return self.text(value.unwrap_or_default(), kind),
        };
        match (kind, String::from_utf8(bytes)) {
            (Some(Kind::Binary), text) if !self.json => {
                let bytes = text.map_or_else(std::string::FromUtf8Error::into_bytes, String::into_bytes);
                Ok((Value::Bytes(bytes).to_json(), kind))
            }
            // A line on standard input or in a file ends with a line break; only in text does it belong to the value.
            (Some(Kind::String) | None, Ok(text)) => self.text(&text, kind),
            (Some(_), Ok(text)) => self.text(text.trim_end_matches(['\r', '\n']), kind),
            (None, Err(error)) if !self.json => Ok((Value::Bytes(error.into_bytes()).to_json(), Some(Kind::Binary))),
            (_, Err(_)) => Err(input::not_text()),
        }
    }

    fn text(&self, text: &str, kind: Option<Kind>) -> Result<(JsonText, Option<Kind>)> {
        match kind {
            _ if self.json => Ok((JsonText::parse(text)?, kind)),
            Some(kind) => Ok((Value::of_text(kind, text)?.to_json(), Some(kind))),
            None => Ok((JsonText::string(text), Some(Kind::String))),
        }
    }
}
