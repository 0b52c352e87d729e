//! What came out, as Markdown.

use std::fmt::Write;

use anyhow::Result;

use crate::{
    sample::{Sample, median},
    subject::{Kind, Subject},
    throughput::Row,
};

const HEAD: &str = "\
| | connections | of the limit | of the fastest peer | of pgbench | requests/s | p50 µs | p99 µs | CPU µs/request | of it PostgreSQL | MiB |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|";

/// The table of `rows`: ratios are medians of the rounds' ratios.
pub(crate) fn throughput(rows: &[Row<'_>]) -> Result<String> {
    let mut text = format!("{HEAD}\n");
    for row in rows {
        let subject = row.subject;
        let name = match subject.kind {
            Kind::Limit => subject.name.clone(),
            _ => format!("{}, {}", subject.name, row.work.name()),
        };
        if row.failed.is_some() {
            writeln!(text, "| {name} | {} | failed | | | | | | | | |", row.connections)?;
            continue;
        }
        let limit = rows.iter().find(|limit| limit.subject.kind == Kind::Limit && limit.connections == row.connections);
        let (peer, pgbench) = if subject.kind == Kind::Highwater { others(rows, row) } else { (None, None) };
        let of = |number: fn(&Sample) -> f64| median(row.samples.iter().map(number));
        let postgres = subject.postgres.map(|_| format!("{:.1}", of(|sample| sample.cost.postgres)));
        let memory = subject.server.as_ref().map(|_| format!("{:.0}", of(|sample| sample.memory)));
        writeln!(
            text,
            "| {name} | {} | {} | {} | {} | {:.0} | {:.0} | {:.0} | {:.1} | {} | {} |",
            row.connections,
            ratio(row, limit, 4),
            ratio(row, peer, 1),
            ratio(row, pgbench, 2),
            of(|sample| sample.per_second),
            of(|sample| sample.p50),
            of(|sample| sample.p99),
            of(|sample| sample.cost.server + sample.cost.postgres),
            postgres.unwrap_or_default(),
            memory.unwrap_or_default(),
        )?;
    }
    Ok(text)
}

/// The fastest peer with HTTP, and pgbench, at the work of `row`.
fn others<'r, 'a>(rows: &'r [Row<'a>], row: &Row<'_>) -> (Option<&'r Row<'a>>, Option<&'r Row<'a>>) {
    let peers = rows.iter().filter(|other| {
        let same = other.work.asks() == row.work.asks() && other.connections == row.connections;
        same && other.subject.kind == Kind::Peer && other.failed.is_none()
    });
    let (http, bare): (Vec<_>, Vec<_>) = peers.partition(|peer| peer.subject.server.is_some());
    let speed = |row: &Row<'_>| median(row.samples.iter().map(|sample| sample.per_second));
    let fastest = http.into_iter().max_by(|one, other| speed(one).total_cmp(&speed(other)));
    (fastest, bare.first().copied())
}

fn ratio(row: &Row<'_>, other: Option<&Row<'_>>, digits: usize) -> String {
    let Some(other) = other else { return String::new() };
    let pairs = row.samples.iter().zip(&other.samples);
    format!("{:.digits$}", median(pairs.map(|(sample, other)| sample.per_second / other.per_second)))
}

/// Memory and start of every server.
pub(crate) fn servers(subjects: &[Subject<'_>]) -> Result<String> {
    let mut text = String::from("| | MiB idle | start s | start CPU s |\n|---|--:|--:|--:|\n");
    for subject in subjects.iter().filter(|subject| subject.idle.is_some()) {
        let (wall, processor) = subject
            .start
            .map_or_else(Default::default, |start| (format!("{:.2}", start.wall), format!("{:.2}", start.processor)));
        let idle = subject.idle.map(|idle| format!("{idle:.0}")).unwrap_or_default();
        writeln!(text, "| {} | {idle} | {wall} | {processor} |", subject.name)?;
    }
    Ok(text)
}
