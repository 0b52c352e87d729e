//! `highwater token`.

use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Subcommand, ValueEnum};
use uuid::Uuid;

use super::{authenticator, open_service, output};
use crate::{
    config::Config,
    domain::{Namespace, Role},
    service::Grant,
};

#[derive(Subcommand, Debug)]
pub(super) enum TokenCommand {
    /// Make a token and print it, alone, on standard output
    Create {
        /// Name for people
        #[arg(long)]
        name: String,
        /// Slug of the tenant it is for
        #[arg(long, default_value = crate::service::DEFAULT_TENANT)]
        tenant: String,
        /// A licence tier of its own [default: the tenant's]
        #[arg(long)]
        tier: Option<String>,
        /// What it may do
        #[arg(long, value_enum, default_value_t = RoleArg::User)]
        role: RoleArg,
        /// The only namespace it reaches, and its home [default: it reaches all, its home is `default`]
        #[arg(long)]
        namespace: Option<String>,
        /// How long it lives, such as 90d or 12h
        #[arg(long, default_value = "1y", value_parser = humantime::parse_duration)]
        expires: Duration,
    },
    /// List the tokens that were made, without the tokens themselves
    List,
    /// Refuse a token from now on
    Revoke {
        /// Its id, as `token list` shows it
        id: Uuid,
    },
}

#[derive(ValueEnum, Debug, Clone, Copy)]
pub(super) enum RoleArg {
    Admin,
    User,
    ReadOnly,
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Admin => Self::Admin,
            RoleArg::User => Self::User,
            RoleArg::ReadOnly => Self::ReadOnly,
        }
    }
}

pub(super) async fn run(command: TokenCommand, config: &Config) -> Result<()> {
    let service = open_service(config).await?;
    match command {
        TokenCommand::Create { name, tenant, tier, role, namespace, expires } => {
            let namespace = namespace.map(Namespace::new).transpose()?;
            let tenant = service.tenant_by_slug(&tenant).await?;
            let authenticator = authenticator(config, &service).await?;
            let grant = Grant { name, role: role.into(), tier, namespace, life: expires };
            let issued = service.grant_token(&tenant, grant).await?;
            output::line(&authenticator.sign(&issued)?)?;
        }
        TokenCommand::List => {
            let tenants = service.tenants().await?;
            let now = service.now();
            let rows: Vec<_> = service
                .tokens()
                .await?
                .into_iter()
                .map(|token| {
                    let tenant = tenants.iter().find(|tenant| tenant.id == token.tenant_id);
                    let state = match token.revoked_at {
                        Some(_) => "revoked",
                        None if token.expires_at <= now => "expired",
                        None => "valid",
                    };
                    [
                        token.id.to_string(),
                        token.name,
                        tenant.map(|tenant| tenant.slug.clone()).unwrap_or_default(),
                        token.created.to_string(),
                        token.expires_at.to_string(),
                        state.to_owned(),
                    ]
                })
                .collect();
            output::table(["ID", "NAME", "TENANT", "CREATED", "EXPIRES", "STATE"], &rows)?;
        }
        TokenCommand::Revoke { id } => {
            service.revoke_token(id).await.context("`highwater token list` shows the ids there are")?;
            output::line(&format!("revoked {id}"))?;
        }
    }
    Ok(service.close().await?)
}
