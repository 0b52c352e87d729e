//! What is asked for on the command line.

use clap::{Parser, ValueEnum};

use crate::{machine, peers::Peer};

/// Measures Highwater on this machine, as ratios to a constant answer.
#[derive(Parser, Debug)]
pub(crate) struct Options {
    /// Works to measure
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Work::value_variants().to_vec())]
    pub(crate) works: Vec<Work>,
    /// Databases to measure Highwater on
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Database::Sqlite, Database::Postgres])]
    pub(crate) databases: Vec<Database>,
    /// How many clients ask at once
    #[arg(long, value_delimiter = ',', default_values_t = [1, 64, 256])]
    pub(crate) connections: Vec<usize>,
    /// What to hold Highwater against; one that cannot be installed is an error
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Peer::EVERY)]
    pub(crate) peers: Vec<Peer>,
    /// How often everything is measured; what is printed is the median
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) rounds: u16,
    /// Length of one measurement in seconds [default: 1, of growth 0.5]
    #[arg(long)]
    pub(crate) seconds: Option<f64>,
    /// How many pairs growth compares with 10,000
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(100_000..=2_000_000))]
    pub(crate) pairs: u32,
    /// The server to measure, to hold another build against this one
    #[arg(long, value_name = "FILE", default_value_t = machine::own_build())]
    pub(crate) server: String,
    /// Print only: leave bench/RESULTS.md as it is
    #[arg(long)]
    pub(crate) dry: bool,
    /// Be the constant answer that the others are held against
    #[arg(long, hide = true)]
    pub(crate) limit: bool,
}

impl Options {
    /// Whether anything is measured over 10,000 pairs.
    pub(crate) fn compares(&self) -> bool {
        self.works.iter().any(|work| *work != Work::Growth)
    }

    /// The peers that have work to do.
    pub(crate) fn peers(&self) -> impl Iterator<Item = Peer> {
        let wanted = self.works.iter().any(|work| work.is_shared());
        self.peers.iter().copied().filter(move |peer| wanted && *peer != Peer::None)
    }
}

/// Where the pairs are kept.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Database {
    /// A file, WAL, synchronous=FULL.
    Sqlite,
    /// A temporary cluster, fsync and `synchronous_commit` on.
    Postgres,
}

impl Database {
    /// For people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// What is measured.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// The value of one key of 10,000, asked for as Prefect's client does.
    Read,
    /// A durable overwrite of one key, as Prefect's client does it.
    Set,
    /// Nine reads to a set.
    Mixed,
    /// The value of one key by Kestra's REST.
    Rest,
    /// The 1,000 keys of a tenant, asked for as Prefect's client does.
    List,
    /// The value of one key, in 10,000 tenants by 10,000 tokens in turn.
    Tenants,
    /// What 1,000 subscribers cost, and how soon they hear.
    Subscribers,
    /// From the program's start to the first right answer.
    Start,
    /// Queries over a million pairs beside the same over 10,000.
    Growth,
}

impl Work {
    /// For people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Read => "point read",
            Self::Set => "set, durable",
            Self::Mixed => "mixed 90/10",
            Self::Rest => "point read by REST",
            Self::List => "list of 1,000 keys",
            Self::Tenants => "point read, 10,000 tenants",
            Self::Subscribers => "1,000 subscribers",
            Self::Start => "cold start",
            Self::Growth => "growth",
        }
    }

    /// What peers do in its place.
    pub(crate) fn asks(self) -> Self {
        match self {
            Self::Rest | Self::Tenants => Self::Read,
            other => other,
        }
    }

    /// Whether peers do it too.
    fn is_shared(self) -> bool {
        !matches!(self, Self::Subscribers | Self::Growth)
    }
}
