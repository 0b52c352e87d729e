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
    let keep = |text: &str| {
        println!("\n{text}");
        if options.dry { Ok(()) } else { record::append(text) }
    };
    let mut kept = format!("{machine}\n");
    if options.compares() {
        kept.push_str(&compare::run(options, cores).await?.join("\n"));
        // Kept already, should what follows fail.
        keep(&std::mem::take(&mut kept))?;
    }
    if options.works.contains(&Work::Growth) {
        kept.push_str(&growth::run(options, cores, options.pairs).await?);
        keep(&kept)?;
    }
    let (load, took) = (machine::load_average()?, began.elapsed().as_secs());
    keep(&format!("It took {took} s; load average (1, 5, 15 minutes) at the end: {load}.\n"))?;
    Ok(())
}
