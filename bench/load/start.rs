//! Cold start: from the program's start to its first right answer.

use std::time::Instant;

use anyhow::Result;

use crate::{
    process::Cores,
    sample::median,
    server::{Start, first_answer, join},
    subject::{Kind, PAIRS, Subject},
    workload::Workload,
};

/// How often Highwater is started.
const STARTS: usize = 5;

/// Starts more servers on the filled database of every Highwater among `subjects`, one after the other, and keeps the medians.
pub(crate) async fn run(cores: &Cores, binary: &str, subjects: &mut [Subject<'_>]) -> Result<()> {
    for subject in subjects.iter_mut().filter(|subject| subject.kind == Kind::Highwater) {
        let Some(server) = &subject.server else { continue };
        let mut starts = Vec::with_capacity(STARTS);
        for _ in 0..STARTS {
            let began = Instant::now();
            let started = join(cores, binary, server)?;
            starts.push(first_answer(&started, Workload::read(&started.token, PAIRS), began).await?);
        }
        let of = |number: fn(&Start) -> f64| median(starts.iter().map(number));
        subject.start = Some(Start { wall: of(|start| start.wall), processor: of(|start| start.processor) });
    }
    Ok(())
}
