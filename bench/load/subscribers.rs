//! What a set costs while a thousand clients follow the changes, and when all of them have heard of it.

use std::{
    fmt::Write,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::{net::TcpStream, sync::Semaphore, task::JoinSet, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

use crate::{
    client::{self, Client},
    sample::{count, median},
    server::Server,
    subject::{Kind, PAIRS, Subject},
    workload::Workload,
};

/// How many follow.
const SUBSCRIBERS: u16 = 1_000;

/// Sets that are waited for, one after the other.
const SETS: usize = 50;

/// How long sets are measured without anybody who follows.
const ALONE: Duration = Duration::from_secs(1);

/// How long one set may take to reach everyone.
const PATIENCE: Duration = Duration::from_secs(30);

const HEAD: &str = "\
| | set alone p50 µs | set p50 µs | all have it after p50 ms | p99 ms | CPU µs/set alone | CPU µs/set | CPU µs/event | MiB |
|---|--:|--:|--:|--:|--:|--:|--:|--:|";

/// The table, a row for every Highwater among `subjects`.
pub(crate) async fn run(subjects: &[Subject<'_>]) -> Result<String> {
    let mut text = format!("{HEAD}\n");
    for subject in subjects.iter().filter(|subject| subject.kind == Kind::Highwater) {
        let Some(server) = &subject.server else { continue };
        let target = server.target(subject.postgres);
        let set = Workload::set(&server.token, PAIRS);
        let alone = client::measure(target, &set, 1, ALONE).await?;
        let heard = Arc::new(Semaphore::new(0));
        let mut followers = JoinSet::new();
        for _ in 0..SUBSCRIBERS {
            followers.spawn(follow(subscribe(server).await?, Arc::clone(&heard)));
        }
        let mut writer = Client::connect(&server.address, set, 0).await?;
        // The first shows that all are there.
        tokio::time::sleep(ALONE).await;
        time(&mut writer, &heard).await?;
        let before = target.spent()?;
        let mut times = Vec::with_capacity(SETS);
        for _ in 0..SETS {
            times.push(time(&mut writer, &heard).await?);
        }
        let cost = target.spent()? - before;
        ensure!(followers.try_join_next().is_none(), "a subscription ended");
        let mut all: Vec<_> = times.iter().map(|(_, all)| *all).collect();
        all.sort_unstable_by(f64::total_cmp);
        let cost = (cost.server + cost.postgres) * 1e6 / count(SETS);
        let alone_cost = alone.cost.server + alone.cost.postgres;
        writeln!(
            text,
            "| {} | {:.0} | {:.0} | {:.1} | {:.1} | {alone_cost:.0} | {cost:.0} | {:.1} | {:.0} |",
            subject.name,
            alone.p50,
            median(times.iter().map(|(set, _)| set * 1e6)),
            median(all.iter().copied()) * 1e3,
            all.last().map_or(f64::NAN, |last| last * 1e3),
            (cost - alone_cost) / f64::from(SUBSCRIBERS),
            server.process.memory()?.0,
        )?;
    }
    Ok(text)
}

/// Seconds until a set is answered, and until everyone has heard of it.
async fn time(writer: &mut Client, heard: &Semaphore) -> Result<(f64, f64)> {
    let asked = Instant::now();
    writer.ask().await?;
    let answered = asked.elapsed();
    let everyone = timeout(PATIENCE, heard.acquire_many(SUBSCRIBERS.into())).await;
    let late = || format!("only {} of {SUBSCRIBERS} heard of a set in {PATIENCE:?}", heard.available_permits());
    everyone.with_context(late)??.forget();
    Ok((answered.as_secs_f64(), asked.elapsed().as_secs_f64()))
}

/// A connection that has subscribed.
async fn subscribe(server: &Server) -> Result<WebSocketStream<TcpStream>> {
    let stream = TcpStream::connect(&server.address).await?;
    stream.set_nodelay(true)?;
    let mut request = format!("ws://{}/graphql", server.address).into_client_request()?;
    request.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static("graphql-transport-ws"));
    let (mut socket, _) = client_async(request, stream).await?;
    let query = "subscription { key_value_changes { revision operation key namespace } }";
    let messages = [
        json!({"type": "connection_init", "payload": {"Authorization": format!("Bearer {}", server.token)}}),
        json!({"type": "subscribe", "id": "1", "payload": {"query": query}}),
        json!({"type": "ping"}),
    ];
    for message in messages {
        socket.send(Message::text(message.to_string())).await?;
    }
    for answer in [r#"{"type":"connection_ack"}"#, r#"{"type":"pong"}"#] {
        let message = socket.next().await.context("the server hung up")??;
        ensure!(message.to_text()? == answer, "not {answer}: {message}");
    }
    Ok(socket)
}

/// Says of every change that it was heard.
async fn follow(mut socket: WebSocketStream<TcpStream>, heard: Arc<Semaphore>) -> Result<()> {
    while let Some(message) = socket.next().await {
        if message?.to_text()?.contains(r#""type":"next""#) {
            heard.add_permits(1);
        }
    }
    Ok(())
}
