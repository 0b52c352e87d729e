//! `highwater tenant`.

use anyhow::Result;
use clap::Subcommand;

use super::{open_service, output};
use crate::{config::Config, service::LicenceUsage};

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
    /// Show how much of its licence a tenant uses, or each where none is named
    Usage {
        /// The tenant's short name
        slug: Option<String>,
    },
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
        TenantCommand::Usage { slug } => {
            let tenants = match slug {
                Some(slug) => vec![service.tenant_by_slug(&slug).await?],
                None => service.tenants().await?,
            };
            let mut rows = Vec::with_capacity(tenants.len());
            for tenant in tenants {
                let usage = service.licence_of(&tenant).await?;
                rows.push(usage_row(tenant.slug, &usage));
            }
            let titles = ["SLUG", "TIER", "PAIRS", "ALLOWED", "BYTES A VALUE", "REQUESTS A MINUTE", "NEXT LIMIT"];
            output::table(titles, &rows)?;
        }
        TenantCommand::SetTier { slug, tier } => {
            service.set_tier(&slug, &tier).await?;
            output::line(&format!("{slug} is {tier} now"))?;
        }
    }
    Ok(service.close().await?)
}

/// A tenant's line; `-` stands for no limit.
fn usage_row(slug: String, usage: &LicenceUsage) -> [String; 7] {
    let limits = usage.tier.limits;
    let or_none = |limit: Option<String>| limit.unwrap_or_else(|| "-".to_owned());
    [
        slug,
        usage.tier.to_string(),
        usage.pairs.to_string(),
        or_none(limits.pairs.map(|limit| limit.to_string())),
        or_none(limits.value_bytes.map(|limit| limit.to_string())),
        or_none(limits.requests_per_minute.map(|limit| limit.to_string())),
        or_none(usage.next().map(|(name, used, allowed)| format!("{name} {used}/{allowed}"))),
    ]
}
