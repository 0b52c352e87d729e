//! etcd: a durable key-value store, by its JSON gateway.

use anyhow::Result;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::{
    answer::Right,
    client::Client,
    options::Work,
    peers::{free_port, serve, version},
    process::{Cores, folder},
    request::{HOLE, Request},
    subject::Subject,
    workload::{LISTED, Workload},
};

/// Most operations that etcd takes in one transaction, by default.
const BATCH: u32 = 128;

const HEADER: &str = r#"{"header":{"#;

pub(super) async fn start<'a>(cores: &Cores, program: &str, pairs: u32) -> Result<Subject<'a>> {
    let (port, peer_port) = (free_port()?, free_port()?);
    let folder = folder()?;
    let data = folder.path().join("data").display().to_string();
    let (clients, peers) = (format!("http://127.0.0.1:{port}"), format!("http://127.0.0.1:{peer_port}"));
    let cluster = format!("default={peers}");
    let command = [
        &[program, "--data-dir", &data, "--log-level", "error"][..],
        &["--listen-client-urls", &clients, "--advertise-client-urls", &clients],
        &["--listen-peer-urls", &peers, "--initial-advertise-peer-urls", &peers, "--initial-cluster", &cluster],
    ];
    let key = code(&format!("flow-{HOLE}"));
    let value = format!("\"run-{HOLE} at 2026-11-20\"");
    let keys = [format!("flow-{HOLE}"), value.clone()];
    let keys: Vec<_> = keys.iter().map(String::as_str).collect();
    let read = |right| Request::post("/v3/kv/range", "", &json!({"key": key}).to_string(), pairs, right).coded(&keys);
    let probe = read(Right::begins(HEADER));
    let (server, start) = serve(cores, folder, port, &command.concat(), probe.into()).await?;
    fill(&server.address, pairs).await?;

    let read = read(Right { begins: HEADER, ends: r#""count":"1"}"#, bytes: 100 });
    let body = json!({"key": key, "value": code(&value)}).to_string();
    let set = Request::post("/v3/kv/put", "", &body, pairs, Right::begins(HEADER)).coded(&keys);
    let (from, to) = (code("flow-0000000"), code(&format!("flow-{LISTED:07}")));
    let body = json!({"key": from, "range_end": to, "keys_only": true}).to_string();
    let right = Right { begins: HEADER, ends: r#""count":"1000"}"#, bytes: 22 * LISTED as usize };
    let list = Request::post("/v3/kv/range", "", &body, pairs, right);
    let mixed = Workload { tenth: Some(set.clone()), ..read.clone().into() };
    let works =
        vec![(Work::Read, read.into()), (Work::Set, set.into()), (Work::Mixed, mixed), (Work::List, list.into())];
    Subject::peer(format!("etcd {}", version(program)?), server, None, works, start)
}

fn code(text: &str) -> String {
    STANDARD.encode(text)
}

/// Puts the pairs in, a transaction for every [`BATCH`].
async fn fill(address: &str, pairs: u32) -> Result<()> {
    for first in (0..pairs).step_by(BATCH as usize) {
        let put = |number: u32| {
            let (key, value) = (format!("flow-{number:07}"), format!("\"run-{number:07} at 2026-11-20\""));
            json!({"request_put": {"key": code(&key), "value": code(&value)}})
        };
        let puts: Vec<_> = (first..pairs.min(first + BATCH)).map(put).collect();
        let body = json!({"success": puts}).to_string();
        let request = Request::post("/v3/kv/txn", "", &body, pairs, Right::begins(HEADER));
        Client::connect(address, request.into(), 0).await?.ask().await?;
    }
    Ok(())
}
