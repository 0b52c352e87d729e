//! Reads and durable writes over 10,000 pairs, beside the limit.

use std::{fmt::Write, time::Duration};

use anyhow::Result;

use crate::{
    Database, Options, Work, client,
    fill::{Values, fill},
    limit,
    postgres::Postgres,
    process::Cores,
    sample::{Sample, median},
    server::{self, Server},
    workload::Workload,
};

/// Pairs in the tenant.
pub(crate) const PAIRS: u32 = 10_000;

/// The first measurement is thrown away: it takes this long.
const SETTLE: Duration = Duration::from_secs(1);

/// One thing that is measured again and again.
struct Row<'a> {
    name: String,
    server: &'a Server,
    postgres: Option<&'a Postgres>,
    workload: Workload,
    connections: usize,
    samples: Vec<Sample>,
}

/// Measures, in turn, the limit and every database, and prints how far it is.
pub(crate) async fn run(options: &Options, cores: &Cores) -> Result<String> {
    let window = Duration::from_secs_f64(options.seconds.unwrap_or(3.0));
    let limit = limit::start(cores)?;
    let mut postgres = None;
    if options.databases.contains(&Database::Postgres) {
        postgres = Some(Postgres::start(cores)?);
    }
    let mut servers = Vec::new();
    for database in &options.databases {
        let postgres = postgres.as_ref().filter(|_| *database == Database::Postgres);
        let url = postgres.map(|postgres| postgres.database("highwater")).transpose()?;
        let server = server::start(cores, &options.server, url)?;
        fill(&server.database_url, PAIRS, Values::Text).await?;
        let idle = server.process.memory()?.0;
        servers.push((*database, server, postgres, idle));
    }

    let mut rows = Vec::new();
    for connections in &options.connections {
        let row = |name: String, server, postgres, workload| Row {
            name,
            server,
            postgres,
            workload,
            connections: *connections,
            samples: Vec::new(),
        };
        rows.push(row("limit".to_owned(), &limit, None, Workload::limit(PAIRS)));
        for (database, server, postgres, _) in &servers {
            for work in &options.works {
                let (what, workload) = match work {
                    Work::Read => ("point read", Workload::read(&server.token, PAIRS)),
                    Work::Set => ("set, durable", Workload::set(&server.token, PAIRS)),
                };
                rows.push(row(format!("{}, {what}", database.name()), server, *postgres, workload));
            }
        }
    }
    client::measure(&limit, None, &rows[0].workload, 16, SETTLE).await?;
    for round in 1..=options.rounds {
        for row in &mut rows {
            let sample = client::measure(row.server, row.postgres, &row.workload, row.connections, window).await?;
            row.samples.push(sample);
        }
        println!("round {round} of {} is done", options.rounds);
    }

    let mut text = table(&rows)?;
    writeln!(text, "\nMedians of {} rounds of {window:?} each; {PAIRS} pairs; values of 27 bytes.", options.rounds)?;
    for (database, server, _, idle) in &servers {
        let peak = server.process.memory()?.1;
        writeln!(text, "Memory of the server on {}: {idle:.0} MiB before, {peak:.0} MiB at most.", database.name())?;
    }
    Ok(text)
}

fn table(rows: &[Row<'_>]) -> Result<String> {
    let mut text = String::new();
    writeln!(
        text,
        "| | connections | of the limit | requests/s | p50 µs | p99 µs | server CPU µs/request | PostgreSQL CPU µs/request |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|"
    )?;
    for row in rows {
        let limit = rows.iter().find(|limit| limit.connections == row.connections);
        let limits = limit.into_iter().flat_map(|limit| &limit.samples);
        let ratio = median(row.samples.iter().zip(limits).map(|(sample, limit)| sample.per_second / limit.per_second));
        let of = |number: fn(&Sample) -> f64| median(row.samples.iter().map(number));
        let database = if row.postgres.is_some() { format!("{:.0}", of(|it| it.database_cpu)) } else { String::new() };
        writeln!(
            text,
            "| {} | {} | {ratio:.3} | {:.0} | {:.0} | {:.0} | {:.1} | {database} |",
            row.name,
            row.connections,
            of(|it| it.per_second),
            of(|it| it.p50),
            of(|it| it.p99),
            of(|it| it.server_cpu),
        )?;
    }
    Ok(text)
}
