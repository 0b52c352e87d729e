//! Numbers of one measurement, and medians of many.

use std::{ops::Sub, time::Duration};

/// Processor seconds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cost {
    pub(crate) server: f64,
    pub(crate) postgres: f64,
}

impl Sub for Cost {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self { server: self.server - before.server, postgres: self.postgres - before.postgres }
    }
}

/// What one measurement saw.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sample {
    pub(crate) per_second: f64,
    /// Microseconds.
    pub(crate) p50: f64,
    /// Microseconds.
    pub(crate) p99: f64,
    /// Microseconds of processor time per request.
    pub(crate) cost: Cost,
    /// The most resident memory of the server meanwhile, in MiB.
    pub(crate) memory: f64,
}

impl Sample {
    /// From every answer's latency in nanoseconds, and what all of them cost. Where there was none, only the
    /// throughput is a number.
    pub(crate) fn new(mut latencies: Vec<u32>, window: Duration, cost: Cost, memory: f64) -> Self {
        latencies.sort_unstable();
        let rank = |percent: usize| {
            let at = (latencies.len() * percent / 100).min(latencies.len().saturating_sub(1));
            latencies.get(at).map_or(f64::NAN, |nanos| f64::from(*nanos) / 1e3)
        };
        let count = count(latencies.len());
        Self {
            per_second: count / window.as_secs_f64(),
            p50: rank(50),
            p99: rank(99),
            cost: Cost { server: cost.server * 1e6 / count, postgres: cost.postgres * 1e6 / count },
            memory,
        }
    }
}

/// The middle of `numbers`.
pub(crate) fn median(numbers: impl IntoIterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.into_iter().collect();
    numbers.sort_unstable_by(f64::total_cmp);
    let (low, high) = (numbers.len().saturating_sub(1) / 2, numbers.len() / 2);
    numbers.get(low).zip(numbers.get(high)).map_or(f64::NAN, |(low, high)| f64::midpoint(*low, *high))
}

/// A number of things, to reckon with.
pub(crate) fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
