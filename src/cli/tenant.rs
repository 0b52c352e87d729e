//! `highwater tenant`.

use anyhow::Result;
use clap::Subcommand;

use super::{open_service, output};
use crate::config::Config;

#[derive(Subcommand, Debug)]
pub(super) enum TenantCommand {
    /// Make a tenant
    Create {
        /// Short name: lower-case letters, digits and '-'
        slug: String,
        /// Name for people [default: the slug]
        #[arg(long)]
        name: Option<String>,
        /// Licence tier [default: the setting `default_tier`]
        #[arg(long)]
        tier: Option<String>,
    },
    /// List the tenants
    List,
    /// Move a tenant to another licence tier; it counts from the next request on
    SetTier {
        /// The tenant's short name
        slug: String,
        /// The tier's name
        tier: String,
    },
}

pub(super) async fn run(command: TenantCommand, config: &Config) -> Result<()> {
    let service = open_service(config).await?;
    match command {
        TenantCommand::Create { slug, name, tier } => {
            let tier = tier.as_deref().unwrap_or(&config.default_tier);
            let tenant = service.add_tenant(&slug, name.as_deref(), tier).await?;
            output::line(&tenant.id.to_string())?;
        }
        TenantCommand::List => {
            let rows: Vec<_> = service
                .tenants()
                .await?
                .into_iter()
                .map(|tenant| [tenant.id.to_string(), tenant.slug, tenant.name, tenant.tier])
                .collect();
            output::table(["ID", "SLUG", "NAME", "TIER"], &rows)?;
        }
        TenantCommand::SetTier { slug, tier } => {
            service.set_tier(&slug, &tier).await?;
            output::line(&format!("{slug} is {tier} now"))?;
        }
    }
    Ok(service.close().await?)
}
