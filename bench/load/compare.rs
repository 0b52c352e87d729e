//! Everything over 10,000 pairs: the limit, Highwater on every database, and the peers, interleaved.

use std::time::Duration;

use anyhow::Result;

use crate::{
    client::WARM_UP,
    options::{Database, Options, Work},
    peers,
    postgres::Postgres,
    process::Cores,
    start,
    subject::{PAIRS, Subject},
    subscribers, table,
    throughput::{self, Row},
};

/// Length of one measurement, in seconds.
const WINDOW: f64 = 1.0;

/// The tables of what was asked for.
pub(crate) async fn run(options: &Options, cores: &Cores) -> Result<Vec<String>> {
    let window = Duration::from_secs_f64(options.seconds.unwrap_or(WINDOW));
    let on_postgres = options.databases.contains(&Database::Postgres);
    let mut postgres = None;
    if on_postgres || options.peers().any(peers::Peer::needs_postgres) {
        postgres = Some(Postgres::start(cores)?);
    }
    let mut subjects = vec![Subject::limit(cores)?];
    for database in &options.databases {
        let postgres = postgres.as_ref().filter(|_| *database == Database::Postgres);
        subjects.push(Subject::highwater(cores, &options.server, postgres).await?);
        println!("Highwater on {} is filled", database.name());
    }
    let mut table = None;
    for peer in options.peers() {
        if let (true, None, Some(postgres)) = (peer.needs_postgres(), &table, &postgres) {
            table = peers::table(postgres, PAIRS).await?;
        }
        if let Some(subject) = peers::start(peer, cores, PAIRS, &table).await? {
            println!("{} is filled", subject.name);
            subjects.push(subject);
        }
    }
    if options.works.contains(&Work::Start) {
        start::run(cores, &options.server, &mut subjects).await?;
    }

    let mut tables = Vec::new();
    let mut rows = throughput::rows(options, &subjects);
    if !rows.is_empty() {
        plan(&rows, options.rounds, window);
        throughput::run(&mut rows, options.rounds, window).await?;
        let rounds = options.rounds;
        let note = format!("Medians of {rounds} rounds of {window:?} each; {PAIRS} pairs; values of 27 bytes.\n");
        tables.extend([table::throughput(&rows)?, note]);
    }
    tables.push(table::servers(&subjects)?);
    if options.works.contains(&Work::Subscribers) {
        tables.push(subscribers::run(&subjects).await?);
    }
    Ok(tables)
}

/// Says what is about to be measured, and how long that takes at least.
fn plan(rows: &[Row<'_>], rounds: u16, window: Duration) {
    for row in rows.iter().filter(|row| row.connections == rows[0].connections) {
        println!("- {}: {}", row.subject.name, row.work.name());
    }
    let all = u32::try_from(rows.len()).unwrap_or(u32::MAX) * u32::from(rounds);
    let least = (window + WARM_UP) * all;
    println!("{} rows, {rounds} rounds of {window:?}: {:.0} s and a little more", rows.len(), least.as_secs_f64());
}
