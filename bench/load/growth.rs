//! How the costs of queries grow with the pairs of a tenant.

use std::{fmt::Write, time::Duration};

use anyhow::Result;

use crate::{
    client,
    fill::{Values, fill},
    options::{Database, Options},
    postgres::Postgres,
    process::Cores,
    sample::median,
    server::{self, Server},
    subject::PAIRS,
    workload::Workload,
};

/// Length of one measurement, in seconds.
const WINDOW: f64 = 0.5;

/// One query, and what it costs in each round, in microseconds of one client's waiting.
struct Row<'a> {
    database: Database,
    query: &'static str,
    small: (&'a Server, Workload, Vec<f64>),
    /// None for what is measured over few pairs only.
    large: Option<(&'a Server, Workload, Vec<f64>)>,
}

/// Measures every query over 10,000 pairs and over `pairs`, in turn.
pub(crate) async fn run(options: &Options, cores: &Cores, pairs: u32) -> Result<String> {
    let window = Duration::from_secs_f64(options.seconds.unwrap_or(WINDOW));
    let mut postgres = None;
    if options.databases.contains(&Database::Postgres) {
        postgres = Some(Postgres::start(cores)?);
    }
    let mut servers = Vec::new();
    for database in &options.databases {
        let mut both = Vec::new();
        for size in [PAIRS, pairs] {
            let postgres = postgres.as_ref().filter(|_| *database == Database::Postgres);
            let url = postgres.map(|postgres| postgres.database(&format!("pairs_{size}"))).transpose()?;
            let server = server::start(cores, &options.server, url)?;
            fill(&server.database_url, size, Values::Objects).await?;
            both.push(server);
        }
        println!("{} is filled", database.name());
        servers.push((*database, both));
    }

    let queries = queries();
    let mut rows = Vec::new();
    for (database, both) in &servers {
        for (query, arguments, grows) in &queries {
            let made = |server: &Server, pairs| Workload::query(&server.token, pairs, arguments, "value");
            rows.push(Row {
                database: *database,
                query,
                small: (&both[0], made(&both[0], PAIRS), Vec::new()),
                large: grows.then(|| (&both[1], made(&both[1], pairs), Vec::new())),
            });
        }
    }
    for round in 1..=options.rounds {
        for row in &mut rows {
            for (server, workload, costs) in std::iter::once(&mut row.small).chain(&mut row.large) {
                let sample = client::measure(server.target(None), workload, 1, window).await?;
                costs.push(1e6 / sample.per_second);
            }
        }
        println!("growth: round {round} of {} is done", options.rounds);
    }

    let mut text = table(&rows, pairs)?;
    writeln!(text, "\nMedians of {} rounds of {window:?} each, over one connection.", options.rounds)?;
    Ok(text)
}

/// Name, arguments, and whether it is asked of many pairs too.
fn queries() -> Vec<(&'static str, String, bool)> {
    let key = Workload::keys(1);
    let list = Workload::keys(100);
    vec![
        ("`key _eq`", format!("where: {{ key: {{ _eq: {key} }} }}"), true),
        ("`key _in` of 100", format!("where: {{ key: {{ _in: [{list}] }} }}"), true),
        (
            "`key _like 'p%'` limit 100, of 1,000",
            r#"where: { key: { _like: "flow-0001%" } }, limit: 100"#.to_owned(),
            true,
        ),
        ("`key _like 'p%'` limit 100, of all", r#"where: { key: { _like: "flow-%" } }, limit: 100"#.to_owned(), true),
        ("`order_by key` limit 100", "order_by: { key: asc }, limit: 100".to_owned(), true),
        ("`value _contains`", "where: { value: { _contains: { flow: 1234 } } }".to_owned(), false),
    ]
}

fn table(rows: &[Row<'_>], pairs: u32) -> Result<String> {
    let mut text = String::new();
    writeln!(
        text,
        "| | query | µs with {PAIRS} pairs | µs with {pairs} | ratio | as point reads |\n|---|---|--:|--:|--:|--:|"
    )?;
    for row in rows {
        let (.., costs) = &row.small;
        let small = median(costs.iter().copied());
        let point = rows.iter().find(|point| point.database == row.database);
        let points = point.into_iter().flat_map(|point| &point.small.2);
        let multiple = median(costs.iter().zip(points).map(|(cost, point)| cost / point));
        let (large, ratio) = row.large.as_ref().map_or_else(Default::default, |(.., large)| {
            let ratio = median(large.iter().zip(costs).map(|(large, small)| large / small));
            (format!("{:.0}", median(large.iter().copied())), format!("{ratio:.2}"))
        });
        writeln!(text, "| {} | {} | {small:.0} | {large} | {ratio} | {multiple:.1} |", row.database.name(), row.query)?;
    }
    Ok(text)
}
