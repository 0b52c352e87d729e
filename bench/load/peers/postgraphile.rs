//! `PostGraphile`: GraphQL from a table of PostgreSQL.

use anyhow::Result;
use serde_json::json;

use crate::{
    answer::Right,
    options::Work,
    peers::{free_port, serve, version},
    postgres::Postgres,
    process::{Cores, folder},
    request::{HOLE, Request},
    subject::Subject,
    workload::{LISTED, Workload},
};

pub(super) async fn start<'a>(
    cores: &Cores,
    program: &str,
    pairs: u32,
    (postgres, url): (&'a Postgres, String),
) -> Result<Subject<'a>> {
    let port = free_port()?;
    let number = port.to_string();
    let command = [
        &["env", "NODE_ENV=production", program, "-c", &url, "-s", "public", "-n", "127.0.0.1", "-p", &number][..],
        // As many connections to PostgreSQL as Highwater has.
        &["--max-pool-size", "16", "--disable-query-log", "--disable-graphiql"],
    ];
    let ask = |query: &str, variables: serde_json::Value, right| {
        let body = json!({"query": query, "variables": variables}).to_string();
        Request::post("/graphql", "", &body, pairs, right)
    };
    let key = format!("flow-{HOLE}");
    let read = ask(
        "query ($key: String!) { kvByKey(key: $key) { value } }",
        json!({"key": key}),
        Right::begins(r#"{"data":{"kvByKey":{"value":"\"run-"#),
    );
    let set = ask(
        "mutation ($key: String!, $value: JSON!) { updateKvByKey(input: {key: $key, kvPatch: {value: $value}}) { kv { key } } }",
        json!({"key": key, "value": format!("\"run-{HOLE} at 2026-11-20\"")}),
        Right::begins(r#"{"data":{"updateKvByKey":{"kv":{"key":""#),
    );
    let list = ask(
        "query ($first: Int!) { allKvs(first: $first) { nodes { key } } }",
        json!({"first": LISTED}),
        Right { begins: r#"{"data":{"allKvs":{"nodes":[{""#, ends: "", bytes: 22 * LISTED as usize },
    );
    let (server, start) = serve(cores, folder()?, port, &command.concat(), read.clone().into()).await?;
    let mixed = Workload { tenth: Some(set.clone()), ..read.clone().into() };
    let works =
        vec![(Work::Read, read.into()), (Work::Set, set.into()), (Work::Mixed, mixed), (Work::List, list.into())];
    Subject::peer(format!("PostGraphile {}", version(program)?), server, Some(postgres), works, start)
}
