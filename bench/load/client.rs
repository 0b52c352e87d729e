//! The load: keep-alive HTTP/1.1 over plain sockets, as little of it as serves.

use std::{
    io::{self, ErrorKind},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use tokio::{net::TcpStream, task::JoinSet, time::Instant};

use crate::{
    answer::{Extent, Overloaded, Right},
    postgres::Postgres,
    process::Process,
    sample::{Cost, Sample},
    workload::Workload,
};

/// How long the clients ask before anything counts.
pub(crate) const WARM_UP: Duration = Duration::from_millis(250);

/// How long a client waits before it asks an overloaded server again.
const PAUSE: Duration = Duration::from_millis(100);

/// Where requests go, and whose time they take.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    /// `HOST:PORT`.
    pub(crate) address: &'a str,
    pub(crate) process: &'a Process,
    /// The database behind it, where that is a process of its own.
    pub(crate) postgres: Option<&'a Postgres>,
}

impl Target<'_> {
    /// Processor seconds so far, of the server and of PostgreSQL.
    pub(crate) fn spent(&self) -> Result<Cost> {
        let postgres = self.postgres.map_or(Ok(0.0), |postgres| postgres.process.processor_time())?;
        Ok(Cost { server: self.process.processor_time()?, postgres })
    }
}

/// Lets `connections` clients do `workload` at once for `window`, after a warm-up.
pub(crate) async fn measure(
    target: Target<'_>,
    workload: &Workload,
    connections: usize,
    window: Duration,
) -> Result<Sample> {
    target.process.forget_peak();
    let window = if workload.insists { window * 2 } else { window };
    let mut connected = Vec::with_capacity(connections);
    for number in 0..connections {
        connected.push(Client::connect(target.address, workload.clone(), number).await?);
    }
    let start = Instant::now() + WARM_UP;
    let end = start + window;
    let mut clients = JoinSet::new();
    for client in connected {
        clients.spawn(client.run(start, end));
    }
    tokio::time::sleep_until(start).await;
    let before = target.spent()?;
    tokio::time::sleep_until(end).await;
    let cost = target.spent()? - before;
    let mut latencies = Vec::new();
    while let Some(client) = clients.join_next().await {
        latencies.extend(client?.with_context(|| target.process.log())?);
    }
    Ok(Sample::new(latencies, window, cost, target.process.memory()?.1))
}

/// One connection.
pub(crate) struct Client {
    stream: TcpStream,
    address: String,
    workload: Workload,
    random: u64,
    turn: usize,
    answer: Vec<u8>,
}

impl Client {
    /// Connects; `number` tells its choices from those of others.
    pub(crate) async fn connect(address: &str, workload: Workload, number: usize) -> Result<Self> {
        let (stream, address) = (connect(address).await?, address.to_owned());
        // Any odd constant spreads the seeds; any prime spreads the turns.
        let random = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Ok(Self { stream, address, workload, random, turn: number * 157, answer: vec![0; 1 << 16] })
    }

    /// Asks until `end`; the latencies, in nanoseconds, of what was answered after `start`.
    async fn run(mut self, start: Instant, end: Instant) -> Result<Vec<u32>> {
        let mut latencies = Vec::new();
        let mut asked = Instant::now();
        while Instant::now() < end {
            if let Err(error) = self.ask().await {
                let overloaded = error.is::<Overloaded>() || error.is::<io::Error>();
                ensure!(self.workload.insists && overloaded, error);
                tokio::time::sleep(PAUSE).await;
                self.stream = connect(&self.address).await?;
                continue;
            }
            let answered = Instant::now();
            if answered >= start && answered <= end {
                latencies.push(u32::try_from((answered - asked).as_nanos()).unwrap_or(u32::MAX));
            }
            asked = answered;
        }
        Ok(latencies)
    }

    /// Asks once, and waits for the answer.
    pub(crate) async fn ask(&mut self) -> Result<()> {
        self.turn += 1;
        let tenth = self.workload.tenth.as_mut().filter(|_| self.turn.is_multiple_of(10));
        let request = tenth.unwrap_or(&mut self.workload.usual);
        let right = request.right;
        send(&self.stream, request.vary(&mut self.random, self.turn)).await?;
        self.receive(right).await
    }

    /// Reads one whole answer and looks at it.
    async fn receive(&mut self, right: Right) -> Result<()> {
        let mut filled = 0;
        let mut extent: Option<Extent> = None;
        while extent.is_none_or(|extent| !extent.is_whole(&self.answer[..filled])) {
            if filled == self.answer.len() {
                self.answer.resize(filled * 2, 0);
            }
            self.stream.readable().await?;
            match self.stream.try_read(&mut self.answer[filled..]) {
                Ok(0) => return Err(io::Error::from(ErrorKind::ConnectionReset).into()),
                Ok(read) => filled += read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => continue,
                Err(error) => return Err(error.into()),
            }
            if extent.is_none() {
                extent = Extent::of(&self.answer[..filled])?;
            }
        }
        extent.map_or(Ok(()), |extent| extent.check(&self.answer[..filled], &right))
    }
}

async fn connect(address: &str) -> Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn send(stream: &TcpStream, mut rest: &[u8]) -> Result<()> {
    while !rest.is_empty() {
        match stream.try_write(rest) {
            Ok(sent) => rest = &rest[sent..],
            Err(error) if error.kind() == ErrorKind::WouldBlock => stream.writable().await?,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
