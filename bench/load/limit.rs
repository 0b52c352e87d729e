//! The limit: a constant answer of about the same size, by the same HTTP library and runtime.

use anyhow::Result;
use axum::{Router, body::Bytes, http::header, routing::post};
use tokio::net::TcpListener;

use crate::{
    process::{Cores, Process, folder},
    server::Server,
};

const ANSWER: &str = r#"{"data":{"key_value":[{"value":"run-0000000 at 2026-11-20"}]}}"#;

/// Answers every question with the same sentence, until killed.
pub(crate) fn serve() -> Result<()> {
    // As `#[tokio::main]` makes Highwater's.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("limit is ready on http://{}", listener.local_addr()?);
        // The question is read, as every server has to, and thrown away.
        let answer = async |_question: Bytes| ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], ANSWER);
        axum::serve(listener, Router::new().route("/", post(answer))).await?;
        Ok(())
    })
}

/// Starts it.
pub(crate) fn start(cores: &Cores) -> Result<Server> {
    let me = std::env::current_exe()?;
    let mut process = Process::start(cores, folder()?, "TERM", &[&me.to_string_lossy(), "--limit"])?;
    let address = process.printed(" is ready on http://")?;
    Ok(Server { process, address, token: String::new(), database_url: String::new() })
}
