//! `highwater serve`.

use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use tokio::net::TcpListener;

use super::{authenticator, open_store, output, require_current, service};
use crate::{
    auth::Authenticator,
    config::{Config, ConfigError, LogFormat},
    domain::{Role, Tenant},
    graphql, http, kestra, lifecycle, prominence,
    service::{Grant, Service},
    telemetry,
};

/// How long the first token lives.
const YEAR: Duration = Duration::from_hours(365 * 24);

/// What serving takes.
#[derive(Args, Debug, Default)]
pub(super) struct ServeArgs {
    /// Address and port to listen on [default: 127.0.0.1:4200]
    #[arg(long, value_name = "HOST:PORT")]
    listen: Option<String>,
    /// Do not bring the database's schema up to date; refuse to start where it is behind
    #[arg(long)]
    no_migrate: bool,
}

impl ServeArgs {
    /// These, with what was given after the command's name.
    pub(super) fn merged(self, after: Option<Self>) -> Self {
        let after = after.unwrap_or_default();
        Self { listen: after.listen.or(self.listen), no_migrate: after.no_migrate || self.no_migrate }
    }
}

/// Serves until a signal.
pub(super) async fn run(args: ServeArgs, load: impl Fn(Option<String>) -> Result<Config, ConfigError>) -> Result<()> {
    let config = load(args.listen)?;
    telemetry::log_to_stderr(&config.log.filter, config.log.format == LogFormat::Json)
        .context("log.filter must read like info or info,highwater=debug")?;
    let stop = lifecycle::on_signal()?;
    let store = open_store(&config).await?;
    if args.no_migrate {
        require_current(&store).await?;
    } else {
        store.migrate_up().await.context("cannot bring the database up to date")?;
    }
    let service = service(&config, store);
    let authenticator = authenticator(&config, &service).await?;
    let graphql = graphql::Door::new(service.clone(), authenticator.clone(), (&config.limits).into())?;
    let kestra = kestra::Door::new(service.clone(), authenticator.clone());
    let bytes = config.prominence.value_bytes;
    let prominence = prominence::Door::new(service.clone(), authenticator.clone(), bytes);
    let doors = http::Doors { graphql: graphql.until(stop.clone()), kestra, prominence };
    let header = Some(config.address_header.as_str()).filter(|name| !name.is_empty()).map(str::parse).transpose();
    let header = header.context("address_header must be a header's name, as in X-Forwarded-For")?;
    let server = http::Server::new(service.clone(), doors, (&config.limits).into());
    let server = server.allowing(&config.cors.origins).behind(header);
    tokio::spawn(service.clone().tend(stop.clone()));

    let listener =
        TcpListener::bind(&config.listen).await.with_context(|| format!("cannot listen on {}", config.listen))?;
    let url = url(&listener)?;
    if let Some(tenant) = service.first_tenant(&config.default_tier).await? {
        output::text(&greeting(&url, &first_token(&service, &authenticator, &tenant).await?))?;
    }
    output::line(&format!("Highwater {} is ready on {url}", env!("CARGO_PKG_VERSION")))?;
    let sweeper = service.clone();
    let sweeping = tokio::spawn({
        let (sweep, stop) = ((&config.sweeper).into(), stop.clone());
        async move { sweeper.sweep_until(sweep, stop).await }
    });
    server.serve(listener, stop).await?;
    sweeping.await?;
    service.close().await?;
    tracing::info!("stopped");
    Ok(())
}

/// The address for people on this machine.
fn url(listener: &TcpListener) -> Result<String> {
    let mut address = listener.local_addr()?;
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    Ok(format!("http://{address}"))
}

async fn first_token(service: &Service, authenticator: &Authenticator, tenant: &Tenant) -> Result<String> {
    let grant = Grant { name: "admin".to_owned(), role: Role::Admin, tier: None, namespace: None, life: YEAR };
    let issued = service.grant_token(tenant, grant).await?;
    Ok(authenticator.sign(&issued)?)
}

/// What the operator sees once: the first token, ready to paste.
fn greeting(url: &str, token: &str) -> String {
    format!(
        "This database is new. Here is an admin token for its tenant `default`; it is shown only now.

For Prefect 1.x:
export PREFECT__BACKEND=cloud
export PREFECT__CLOUD__API={url}
export PREFECT__CLOUD__API_KEY={token}

For everything else:
curl {url}/graphql -H 'Content-Type: application/json' -H 'Authorization: Bearer {token}' -d '{{\"query\": \"{{ key_value {{ key value }} }}\"}}'

"
    )
}
