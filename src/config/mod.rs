//! The settings: defaults < file < environment < flags.
//!
//! `config.default.toml` is the default, and names every setting; this is the only place that knows
//! the environment.

pub mod client;
mod cors;
mod environment;
mod limits;

use std::{collections::BTreeMap, path::Path, time::Duration};

use figment::{
    Figment,
    providers::{Format, Serialized, Toml},
};
use serde::{Deserialize, Deserializer};

pub use self::{cors::Cors, limits::Limits};

use crate::{
    auth::IssuerRules,
    domain::{Limits as TierLimits, Role, Tiers},
};

/// The file that is the default.
pub const DEFAULT: &str = include_str!("../../config.default.toml");

/// The file read from the working directory where no other is named.
const FILE: &str = "highwater.toml";

/// Every setting; `config.default.toml` says what each means.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Address and port to listen on.
    pub listen: String,
    /// The header in which a proxy names the client's address; empty for none.
    pub address_header: String,
    /// The database.
    pub database_url: String,
    /// The tier of the tenant that the first start makes.
    pub default_tier: String,
    /// A file whose bytes sign the tokens; empty for the database's own secret.
    pub jwt_secret_file: String,
    /// What the audit log keeps.
    pub audit: Audit,
    /// What tokens must name.
    pub auth: Auth,
    /// Others whose tokens are taken, by names of the operator's.
    pub issuers: BTreeMap<String, IssuerRules>,
    /// How the database is used.
    pub database: Database,
    /// How expired pairs are removed.
    pub sweeper: Sweeper,
    /// What one request may ask for.
    pub limits: Limits,
    /// What PROMINENCE's clients may ask for.
    pub prominence: Prominence,
    /// Which other sites' pages may talk to the server.
    pub cors: Cors,
    /// What is logged.
    pub log: Log,
    /// Licence tiers by name.
    pub tiers: BTreeMap<String, TierLimits>,
}

/// What the audit log keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    /// Whether looks are kept too.
    pub reads: bool,
    /// For how long.
    #[serde(deserialize_with = "duration")]
    pub keep: Duration,
}

/// What tokens must name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// Their `iss`.
    pub issuer: String,
    /// Their `aud`.
    pub audience: String,
}

/// How the database is used.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// Most connections held at once.
    pub connections: u32,
    /// Longest wait for one.
    #[serde(deserialize_with = "duration")]
    pub wait: Duration,
}

/// How expired pairs are removed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sweeper {
    /// How often they are looked for.
    #[serde(deserialize_with = "duration")]
    pub interval: Duration,
    /// How long after their end they are kept.
    #[serde(deserialize_with = "duration")]
    pub grace: Duration,
    /// Pairs in one transaction.
    pub batch: u64,
}

/// What PROMINENCE's clients may ask for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prominence {
    /// Largest value, in bytes.
    pub value_bytes: usize,
}

/// What is logged.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// How.
    pub format: LogFormat,
    /// What.
    pub filter: String,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// A JSON object a line, for machines.
    Json,
}

/// What the command line sets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--listen`.
    pub listen: Option<String>,
    /// `--database-url`.
    pub database_url: Option<String>,
}

impl Config {
    /// Reads the settings, from `file` or from `highwater.toml` where there is one.
    ///
    /// # Errors
    /// A sentence that names the setting, where it was set, and what is allowed.
    pub fn load(file: Option<&Path>, flags: &Flags) -> Result<Self, ConfigError> {
        let mut figment = Figment::from(Toml::string(DEFAULT));
        match file {
            Some(file) if !file.is_file() => {
                return Err(ConfigError(format!("there is no settings file {}", file.display())));
            }
            Some(file) => figment = figment.merge(Toml::file_exact(file)),
            None if Path::new(FILE).is_file() => figment = figment.merge(Toml::file_exact(FILE)),
            None => {}
        }
        let environment = environment::read(&default_table()?)?;
        figment = figment.merge(Serialized::defaults(environment));
        for (name, value) in [("listen", &flags.listen), ("database_url", &flags.database_url)] {
            if let Some(value) = value {
                figment = figment.merge(Serialized::default(name, value));
            }
        }
        let config: Self = figment.extract().map_err(|error| ConfigError(error.to_string()))?;
        config.validate()?;
        Ok(config)
    }

    /// The licence tiers.
    #[must_use]
    pub fn tiers(&self) -> Tiers {
        self.tiers.iter().map(|(name, limits)| (name.clone(), *limits)).collect()
    }

    fn validate(&self) -> Result<(), ConfigError> {
        let refuse = |message: String| Err(ConfigError(message));
        if !self.tiers.contains_key(&self.default_tier) {
            return refuse(format!("default_tier is no tier; this configuration has: {}", self.tiers().names()));
        }
        if !self.listen.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok()) {
            return refuse("listen must be HOST:PORT, as in 127.0.0.1:4200".to_owned());
        }
        for (name, rules) in &self.issuers {
            if rules.issuer == self.auth.issuer {
                return refuse(format!("issuers.{name}.issuer is this server's own auth.issuer; they must differ"));
            }
            if [&rules.issuer, &rules.audience, &rules.jwks].iter().any(|setting| setting.is_empty()) {
                return refuse(format!("issuers.{name} needs an issuer, an audience and a jwks"));
            }
            if rules.roles.values().any(|role| role.parse::<Role>().is_err()) {
                return refuse(format!("issuers.{name}.roles must be admin, user or read-only"));
            }
        }
        if self.database.connections < 2 {
            return refuse("database.connections must be at least 2".to_owned());
        }
        if !(1..=10_000).contains(&self.sweeper.batch) {
            return refuse("sweeper.batch must be from 1 to 10000".to_owned());
        }
        self.limits.validate().and_then(|()| self.cors.validate()).or_else(refuse)
    }
}

/// What is wrong with the settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

fn default_table() -> Result<figment::value::Dict, ConfigError> {
    Figment::from(Toml::string(DEFAULT)).extract().map_err(|error| ConfigError(error.to_string()))
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    let span = humantime::parse_duration(&text)
        .map_err(|_| serde::de::Error::custom("a duration such as 30s, 5m or 1h is expected"))?;
    if span.is_zero() { Err(serde::de::Error::custom("a duration above zero is expected")) } else { Ok(span) }
}
