//! Ratios to a constant answer on the same machine: `make bench`.
//!
//! One process makes the load, on a core of its own; the servers under test, and PostgreSQL, share
//! another. Nothing leaves the loopback once the peers are installed, and the run ends by itself.

#![expect(clippy::print_stdout, reason = "the tables are what this program is for")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the machine's clock")]

mod answer;
mod client;
mod compare;
mod fill;
mod growth;
mod limit;
mod machine;
mod options;
mod peers;
mod postgres;
mod process;
mod record;
mod request;
mod sample;
mod server;
mod start;
mod subject;
mod subscribers;
mod table;
mod tenants;
mod throughput;
mod workload;

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Parser;

use crate::{
    options::{Options, Work},
    process::Cores,
};

/// Longest run of any kind.
const LONGEST: Duration = Duration::from_mins(30);

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
    let began = Instant::now();
    let machine = machine::describe(cores, &options.server)?;
    println!("{machine}");
    let mut tables = Vec::new();
    if options.compares() {
        tables.extend(compare::run(options, cores).await?);
    }
    if options.works.contains(&Work::Growth) {
        tables.push(growth::run(options, cores, options.pairs).await?);
    }
    let table = tables.join("\n");
    let load = machine::load_average()?;
    println!("\n{table}\nAll of it took {:.0} s.", began.elapsed().as_secs_f64());
    if !options.dry {
        record::append(&format!("{machine}- load average (1, 5, 15 minutes) at the end: {load}\n\n{table}"))?;
    }
    Ok(())
}
