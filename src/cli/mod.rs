//! The command line: one file per command, and no rules.

mod apply;
mod completions;
mod connection;
pub mod exit;
mod export;
mod health;
mod import;
mod input;
mod jsonl;
mod kv;
mod limits;
mod login;
mod logout;
mod man;
mod migrate;
pub mod output;
mod plan;
mod pretty;
mod profile;
mod profiles;
mod reference;
mod render;
mod run;
mod secret;
mod serve;
mod template;
mod tenant;
mod token;
mod value_type;
mod wanted;
mod whoami;
mod yaml;

use std::{path::PathBuf, sync::Arc};

use anyhow::{Context, Result, bail};
use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::{
    auth::{Authenticator, Keys},
    config::{Config, Flags},
    domain::SystemClock,
    graphql,
    service::Service,
    store::{Options, Store},
};

/// A self-hosted key-value store for data pipelines, speaking Prefect Cloud 1's protocol.
///
/// Without a command it serves.
#[derive(Parser, Debug)]
#[command(
    version,
    about,
    max_term_width = 100,
    after_long_help = "\
Examples:
  highwater                                             serve, on http://127.0.0.1:4200
  highwater login --url https://kv.example.com          be a client of that server from now on
  highwater kv set greeting hello                       write a pair
  highwater kv get greeting                             read it
  highwater export --namespace '*' > backup.jsonl       keep everything
  highwater completions bash                            commands and names of keys at the Tab key

Exit codes: 0 done, 1 failed, 2 not asked for properly, 3 not found, 4 not permitted, 5 over a limit, 6 conflict."
)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    serve: serve::ServeArgs,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What the server's own commands take.
#[derive(Args, Debug)]
#[command(next_help_heading = "Options of the server's own commands")]
struct Common {
    /// Settings file [default: highwater.toml, where there is one]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Database to use, as `sqlite://FILE?mode=rwc` or `postgres://USER:PASSWORD@HOST:PORT/NAME`
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Serve, as without a command
    Serve(serve::ServeArgs),
    /// Make, list and revoke tokens; works beside a running server
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Make and list tenants, and move them between licence tiers
    #[command(subcommand)]
    Tenant(tenant::TenantCommand),
    /// Change the secret that signs tokens
    #[command(subcommand)]
    Secret(secret::SecretCommand),
    /// Bring the database's schema up to date, or take it back
    #[command(subcommand)]
    Migrate(migrate::MigrateCommand),
    /// Print the GraphQL schema
    Schema,
    /// Ask a server whether it is well; exits 0 where it is
    Health(health::HealthArgs),
    /// Keep a server's address and a token for it as a profile
    Login(login::LoginArgs),
    /// Forget a profile
    Logout(logout::LogoutArgs),
    /// Say which server commands talk to, and who it takes us for
    Whoami(whoami::WhoamiArgs),
    /// List the profiles, and choose one
    #[command(subcommand)]
    Profile(profile::ProfileCommand),
    /// Set, get, list, watch and delete pairs on a server
    Kv(kv::KvArgs),
    /// Print pairs as lines of JSON, exactly
    Export(export::ExportArgs),
    /// Write pairs from lines of JSON, as `export` prints them
    Import(import::ImportArgs),
    /// Make pairs be as a file says, and show the difference first
    Apply(apply::ApplyArgs),
    /// Run the key-value tasks of a Kestra flow
    Run(run::RunArgs),
    /// Print a template with values of pairs in it
    Render(render::RenderArgs),
    /// Write manual pages
    Man(man::ManArgs),
    /// Print docs/cli.md
    #[command(hide = true)]
    Reference,
    /// Print what makes a shell complete commands and names of keys
    Completions(completions::CompletionsArgs),
}

impl Cli {
    /// Answers a shell that asks what could be typed next, and ends the process; else does nothing.
    pub fn complete() {
        clap_complete::CompleteEnv::with_factory(<Self as CommandFactory>::command).complete();
    }

    /// Does what was asked.
    ///
    /// # Errors
    /// A sentence for the person who typed it.
    pub async fn run(self) -> Result<()> {
        let load = |listen: Option<String>| {
            let flags = Flags { listen, database_url: self.common.database_url.clone() };
            Config::load(self.common.config.as_deref(), &flags)
        };
        match self.command {
            None => serve::run(self.serve.merged(None), load).await,
            Some(Command::Serve(args)) => serve::run(self.serve.merged(Some(args)), load).await,
            Some(Command::Token(command)) => token::run(command, &load(None)?).await,
            Some(Command::Tenant(command)) => tenant::run(command, &load(None)?).await,
            Some(Command::Secret(command)) => secret::run(command, &load(None)?).await,
            Some(Command::Migrate(command)) => migrate::run(command, &load(None)?).await,
            Some(Command::Schema) => output::text(&graphql::sdl()),
            Some(Command::Health(args)) => health::run(&args).await,
            Some(Command::Login(args)) => login::run(&args).await,
            Some(Command::Logout(args)) => logout::run(&args),
            Some(Command::Whoami(args)) => whoami::run(&args).await,
            Some(Command::Profile(command)) => profile::run(command),
            Some(Command::Kv(args)) => kv::run(args).await,
            Some(Command::Export(args)) => export::run(args).await,
            Some(Command::Import(args)) => import::run(args).await,
            Some(Command::Apply(args)) => apply::run(args).await,
            Some(Command::Run(args)) => run::run(args).await,
            Some(Command::Render(args)) => render::run(args),
            Some(Command::Man(args)) => man::run(&args, <Self as CommandFactory>::command()),
            Some(Command::Reference) => output::text(&reference::markdown(<Self as CommandFactory>::command())),
            Some(Command::Completions(args)) => completions::run(&args),
        }
    }
}

/// The database that `config` names.
async fn open_store(config: &Config) -> Result<Store> {
    let options = Options {
        url: config.database_url.clone(),
        connections: config.database.connections,
        wait: config.database.wait,
    };
    Store::connect(&options, Arc::new(SystemClock)).await.context("cannot open the database that database_url names")
}

/// The service over a database whose schema is up to date.
async fn open_service(config: &Config) -> Result<Service> {
    let store = open_store(config).await?;
    require_current(&store).await?;
    Ok(service(config, store))
}

fn service(config: &Config, store: Store) -> Service {
    Service::new(store, Arc::new(SystemClock), config.tiers()).auditing((&config.audit).into())
}

/// Refuses a database that is behind.
async fn require_current(store: &Store) -> Result<()> {
    let missing = store.migration_status().await?.into_iter().filter(|(_, applied)| !applied).count();
    if missing > 0 {
        bail!("the database is {missing} migrations behind; `highwater migrate up` or a server's start applies them");
    }
    Ok(())
}

/// Who signs and verifies, with the secret that `config` names or the database keeps.
async fn authenticator(config: &Config, service: &Service) -> Result<Authenticator> {
    let (issuer, audience) = (&config.auth.issuer, &config.auth.audience);
    let keys = if config.jwt_secret_file.is_empty() {
        Keys::shared(issuer, audience)
    } else {
        let path = &config.jwt_secret_file;
        let text = std::fs::read(path).with_context(|| format!("cannot read jwt_secret_file {path}"))?;
        Keys::new(text.trim_ascii_end(), issuer, audience).context("jwt_secret_file")?
    };
    let authenticator = Authenticator::new(keys, service.clone()).trusting(config.issuers.values().cloned())?;
    authenticator.load().await?;
    Ok(authenticator)
}
