//! The load: keep-alive HTTP/1.1 over plain sockets, as little of it as serves.

use std::{io::ErrorKind, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use tokio::{net::TcpStream, task::JoinSet, time::Instant};

use crate::{postgres::Postgres, sample::Sample, server::Server, workload::Workload};

/// How long the clients ask before anything counts.
const WARM_UP: Duration = Duration::from_millis(250);

/// Lets `connections` clients do `workload` at once for `window`, after a warm-up.
pub(crate) async fn measure(
    server: &Server,
    postgres: Option<&Postgres>,
    workload: &Workload,
    connections: usize,
    window: Duration,
) -> Result<Sample> {
    let start = Instant::now() + WARM_UP;
    let end = start + window;
    let mut clients = JoinSet::new();
    for number in 0..connections {
        let client = Client::connect(&server.address, workload.clone(), number).await?;
        clients.spawn(client.run(start, end));
    }
    let database = || postgres.map_or(Ok(0.0), |postgres| postgres.process.processor_time());
    tokio::time::sleep_until(start).await;
    let before = (server.process.processor_time()?, database()?);
    tokio::time::sleep_until(end).await;
    let after = (server.process.processor_time()?, database()?);
    let mut latencies = Vec::new();
    while let Some(client) = clients.join_next().await {
        latencies.extend(client?.with_context(|| server.process.log())?);
    }
    ensure!(!latencies.is_empty(), "not one answer in {window:?}");
    Ok(Sample::new(latencies, window, after.0 - before.0, after.1 - before.1))
}

struct Client {
    stream: TcpStream,
    workload: Workload,
    random: u64,
    answer: Vec<u8>,
}

impl Client {
    async fn connect(address: &str, workload: Workload, number: usize) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        // Any odd constant spreads the seeds.
        let random = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Ok(Self { stream, workload, random, answer: vec![0; 1 << 16] })
    }

    /// Asks until `end`; the latencies, in nanoseconds, of what was asked and answered after `start`.
    async fn run(mut self, start: Instant, end: Instant) -> Result<Vec<u32>> {
        let mut latencies = Vec::new();
        let mut asked = Instant::now();
        while asked < end {
            self.vary();
            self.send().await?;
            self.receive().await?;
            let answered = Instant::now();
            if asked >= start && answered <= end {
                latencies.push(u32::try_from((answered - asked).as_nanos()).unwrap_or(u32::MAX));
            }
            asked = answered;
        }
        Ok(latencies)
    }

    /// Writes new digits into the holes.
    fn vary(&mut self) {
        for at in &self.workload.holes {
            // xorshift64
            self.random ^= self.random << 13;
            self.random ^= self.random >> 7;
            self.random ^= self.random << 17;
            let mut number = self.random % u64::from(self.workload.pairs);
            for digit in self.workload.request[*at..at + 7].iter_mut().rev() {
                *digit = b"0123456789"[usize::try_from(number % 10).unwrap_or_default()];
                number /= 10;
            }
        }
    }

    async fn send(&self) -> Result<()> {
        let mut rest = self.workload.request.as_slice();
        while !rest.is_empty() {
            match self.stream.try_write(rest) {
                Ok(sent) => rest = &rest[sent..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.stream.writable().await?,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Reads one whole answer and looks at how it begins.
    async fn receive(&mut self) -> Result<()> {
        let mut filled = 0;
        let mut whole = None;
        while whole.is_none_or(|(_, whole)| filled < whole) {
            self.stream.readable().await?;
            match self.stream.try_read(&mut self.answer[filled..]) {
                Ok(0) => bail!("the server hung up, or its answer is over 64 KiB"),
                Ok(read) => filled += read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => continue,
                Err(error) => return Err(error.into()),
            }
            if whole.is_none() {
                whole = extent(&self.answer[..filled])?;
            }
        }
        let body = whole.map_or(0, |(body, _)| body);
        let right = self.answer[body..filled].starts_with(self.workload.answer.as_bytes());
        ensure!(right, "a wrong answer: {}", String::from_utf8_lossy(&self.answer[..filled]));
        Ok(())
    }
}

/// Where the body starts and ends, once the head is there.
fn extent(answer: &[u8]) -> Result<Option<(usize, usize)>> {
    let Some(end) = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(&answer[..end])?;
    let length = head.split("\r\n").find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.context("an answer without a length")?.parse()?;
    Ok(Some((end + 4, end + 4 + length)))
}
