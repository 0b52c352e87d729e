//! Reads and durable writes over 10,000 pairs, beside the limit and the peers.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::{
    client,
    options::{Options, Work},
    sample::Sample,
    subject::{Kind, Load, Subject},
};

/// The first measurement is thrown away: it takes this long.
const SETTLE: Duration = Duration::from_secs(1);

/// Clients of that.
const SETTLERS: usize = 16;

/// One thing that is measured again and again.
pub(crate) struct Row<'a> {
    pub(crate) subject: &'a Subject<'a>,
    pub(crate) work: Work,
    load: &'a Load,
    pub(crate) connections: usize,
    /// One of each round.
    pub(crate) samples: Vec<Sample>,
    /// Why there are no more of them.
    pub(crate) failed: Option<String>,
}

/// Everything to measure of `subjects`, in order; the limit first over each number of connections.
pub(crate) fn rows<'a>(options: &Options, subjects: &'a [Subject<'a>]) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for connections in &options.connections {
        for subject in subjects {
            for (work, load) in &subject.works {
                let wanted = options.works.contains(work) && load.bears(*work, *connections);
                if wanted || subject.kind == Kind::Limit {
                    let (work, connections) = (*work, *connections);
                    rows.push(Row { subject, work, load, connections, samples: Vec::new(), failed: None });
                }
            }
        }
    }
    rows
}

/// Measures all `rows` in turn, round by round.
pub(crate) async fn run(rows: &mut [Row<'_>], rounds: u16, window: Duration) -> Result<()> {
    if let Some(row) = rows.first()
        && let (Load::Http(workload), Some(server)) = (row.load, &row.subject.server)
    {
        client::measure(server.target(None), workload, SETTLERS, SETTLE).await?;
    }
    let began = Instant::now();
    for round in 1..=rounds {
        for row in rows.iter_mut().filter(|row| row.failed.is_none()) {
            match row.subject.measure(row.load, row.connections, window).await {
                Ok(sample) => row.samples.extend(sample),
                // What a peer does not bear is told; what Highwater does not bear ends the run.
                Err(error) if row.subject.kind == Kind::Peer => {
                    println!("{}, {}, {} connections: {error:#}", row.subject.name, row.work.name(), row.connections);
                    row.failed = Some(error.to_string());
                }
                Err(error) => {
                    let (name, work) = (&row.subject.name, row.work.name());
                    bail!("{name}, {work}, {} connections: {error:#}", row.connections);
                }
            }
        }
        println!("round {round} of {rounds} is done after {:.0} s", began.elapsed().as_secs_f64());
    }
    Ok(())
}
