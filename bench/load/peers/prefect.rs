//! Prefect 3's server: Variables, over its SQLite, as `prefect server start` has it.

use anyhow::Result;
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::{
    answer::Right,
    fill::{Sql, TEXT, connect, settle},
    options::Work,
    peers::{free_port, serve, version},
    process::{Cores, folder},
    request::{HOLE, Request},
    subject::Subject,
    workload::{LISTED, Workload},
};

pub(super) async fn start<'a>(cores: &Cores, program: &str, pairs: u32) -> Result<Subject<'a>> {
    let port = free_port()?;
    let folder = folder()?;
    let path = folder.path().display().to_string();
    let home = format!("PREFECT_HOME={path}");
    let number = port.to_string();
    let command = [
        // It may not call home, and may list as many as the others.
        &["env", &home, "PREFECT_SERVER_ANALYTICS_ENABLED=false", "PREFECT_SERVER_API_DEFAULT_LIMIT=1000"][..],
        // Without what schedules flows beside the API.
        &[program, "server", "start", "--host", "127.0.0.1", "--port", &number, "--no-services"],
    ];
    let get = |path: &str, right| Request::sent("GET", path, "", "", pairs, right);
    let probe = get("/api/health", Right::begins("true"));
    let (server, start) = serve(cores, folder, port, &command.concat(), probe.into()).await?;
    fill(&format!("sqlite://{path}/prefect.db"), pairs).await?;

    let place = format!("/api/variables/name/flow-{HOLE}");
    let read = get(&place, Right::begins(r#"{"id":""#));
    let body = json!({"value": format!("run-{HOLE} at 2026-11-20")}).to_string();
    let set = Request::sent("PATCH", &place, "", &body, pairs, Right::begins(""));
    let body = json!({"sort": "NAME_ASC", "limit": LISTED}).to_string();
    let right = Right { begins: r#"[{"id":""#, ends: "", bytes: 22 * LISTED as usize };
    let list = Request::post("/api/variables/filter", "", &body, pairs, right);
    let mixed = Workload { tenth: Some(set.clone()), ..read.clone().into() };
    let works: Vec<(Work, Workload)> =
        vec![(Work::Read, read.into()), (Work::Set, set.into()), (Work::Mixed, mixed), (Work::List, list.into())];
    // It sheds load by 503, at which its own client asks again.
    let works = works.into_iter().map(|(work, workload)| (work, Workload { insists: true, ..workload })).collect();
    Subject::peer(format!("Prefect {}", version(program)?), server, None, works, start)
}

/// Puts the variables in behind the server's back.
async fn fill(database_url: &str, pairs: u32) -> Result<()> {
    let db = connect(database_url).await?;
    let numbers = Sql::of(&db).numbers(pairs, "n");
    let name = "'flow-' || substr('' || (10000000 + i), 2)";
    let variables = format!("INSERT INTO variable (name, value) WITH {numbers} SELECT {name}, {TEXT} FROM numbers");
    db.execute_unprepared(&variables).await?;
    settle(&db).await?;
    db.close().await?;
    Ok(())
}
