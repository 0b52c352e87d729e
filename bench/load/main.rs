//! Ratios to a constant answer on the same machine: `make bench`.
//!
//! One process makes the load, on a core of its own; the servers under test, and PostgreSQL, share
//! another. Nothing leaves the loopback, and the run ends by itself.

#![expect(clippy::print_stdout, reason = "the tables are what this program is for")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the machine's clock")]

mod client;
mod fill;
mod growth;
mod limit;
mod machine;
mod postgres;
mod process;
mod record;
mod sample;
mod server;
mod throughput;
mod workload;

use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};

use crate::process::Cores;

/// Longest run of any kind.
const LONGEST: Duration = Duration::from_mins(6);

/// Measures Highwater on this machine, as ratios to a constant answer.
#[derive(Parser, Debug)]
struct Options {
    /// Compare the costs of queries over this many pairs with those over 10,000, in place of throughput
    #[arg(long, value_parser = clap::value_parser!(u32).range(100_000..=2_000_000))]
    pairs: Option<u32>,
    /// How often everything is measured; what is printed is the median
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Length of one measurement in seconds [default: 3, with --pairs 0.5]
    #[arg(long)]
    seconds: Option<f64>,
    /// How many clients ask at once
    #[arg(long, value_delimiter = ',', default_values_t = [1, 16, 64])]
    connections: Vec<usize>,
    /// Databases to measure on
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Database::Sqlite, Database::Postgres])]
    databases: Vec<Database>,
    /// Works to measure
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Work::Read, Work::Set])]
    works: Vec<Work>,
    /// The server to measure, to hold another build against this one
    #[arg(long, value_name = "FILE", default_value = machine::OWN_BUILD)]
    server: String,
    /// Print only: leave bench/RESULTS.md as it is
    #[arg(long)]
    dry: bool,
    /// Be the constant answer that the others are held against
    #[arg(long, hide = true)]
    limit: bool,
    /// What `cargo bench` says to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

/// Where the pairs are kept.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
enum Database {
    /// A file, WAL, synchronous=FULL.
    Sqlite,
    /// A temporary cluster, fsync and `synchronous_commit` on.
    Postgres,
}

/// What is measured for throughput.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    /// The value of one key, asked for as Prefect's client does.
    Read,
    /// An overwrite of one key, as Prefect's client does it.
    Set,
}

impl Database {
    fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

fn main() -> Result<()> {
    let options = Options::parse();
    if options.limit {
        return limit::serve();
    }
    let cores = Cores::claim()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let run = run(&options, &cores);
        tokio::time::timeout(LONGEST, run).await.context("the run took longer than it may")?
    })
}

async fn run(options: &Options, cores: &Cores) -> Result<()> {
    let machine = machine::describe(cores, &options.server)?;
    println!("{machine}");
    let table = match options.pairs {
        Some(pairs) => growth::run(options, cores, pairs).await?,
        None => throughput::run(options, cores).await?,
    };
    let load = machine::load_average()?;
    println!("\n{table}");
    if !options.dry {
        record::append(&format!("{machine}- load average (1, 5, 15 minutes) at the end: {load}\n\n{table}"))?;
    }
    Ok(())
}
