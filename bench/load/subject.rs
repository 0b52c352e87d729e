//! What is measured: the limit, Highwater on each database, and its peers.

use std::time::Duration;

use anyhow::Result;

use crate::{
    client,
    fill::{self, Values},
    limit,
    options::{Database, Work},
    peers::pgbench,
    postgres::Postgres,
    process::Cores,
    sample::Sample,
    server::{self, Server, Start},
    tenants,
    workload::Workload,
};

/// Pairs in the tenant.
pub(crate) const PAIRS: u32 = 10_000;

/// Most connections for what is slow.
const MANY: usize = 64;

/// Where a subject stands in the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Limit,
    Highwater,
    Peer,
}

/// How a work is done.
pub(crate) enum Load {
    Http(Box<Workload>),
    Pgbench(Work),
}

impl Load {
    /// Whether it makes sense as `work` over so many connections: what is slow would only stand in a queue.
    pub(crate) fn bears(&self, work: Work, connections: usize) -> bool {
        let sheds = matches!(self, Self::Http(workload) if workload.insists);
        connections <= MANY || !(work == Work::List || sheds)
    }
}

/// Something that is measured.
pub(crate) struct Subject<'a> {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// None for pgbench.
    pub(crate) server: Option<Server>,
    pub(crate) postgres: Option<&'a Postgres>,
    pub(crate) works: Vec<(Work, Load)>,
    /// What its start took, where that was seen.
    pub(crate) start: Option<Start>,
    /// Its memory before any load, in MiB.
    pub(crate) idle: Option<f64>,
}

impl<'a> Subject<'a> {
    /// The constant answer.
    pub(crate) fn limit(cores: &Cores) -> Result<Self> {
        let works = vec![(Work::Read, Load::Http(Workload::limit(PAIRS).into()))];
        let (name, server) = ("limit".to_owned(), Some(limit::start(cores)?));
        Ok(Self { name, kind: Kind::Limit, server, postgres: None, works, start: None, idle: None })
    }

    /// Highwater with its pairs, over `postgres` or SQLite.
    pub(crate) async fn highwater(cores: &Cores, binary: &str, postgres: Option<&'a Postgres>) -> Result<Self> {
        let url = postgres.map(|postgres| postgres.database("highwater")).transpose()?;
        let server = server::start(cores, binary, url)?;
        fill::fill(&server.database_url, PAIRS, Values::Text).await?;
        let idle = Some(server.process.memory()?.0);
        let tokens = tenants::fill(&server.database_url).await?;
        let listed = tokens.first().map_or("", String::as_str);
        let works = [
            (Work::Read, Workload::read(&server.token, PAIRS)),
            (Work::Set, Workload::set(&server.token, PAIRS)),
            (Work::Mixed, Workload::mixed(&server.token, PAIRS)),
            (Work::Rest, Workload::rest(&server.token, PAIRS)),
            (Work::List, Workload::list(listed)),
            (Work::Tenants, Workload::tenants(&tokens)),
        ];
        let works = works.map(|(work, workload)| (work, Load::Http(workload.into()))).into();
        let database = if postgres.is_some() { Database::Postgres } else { Database::Sqlite };
        let name = format!("Highwater, {}", database.name());
        Ok(Self { name, kind: Kind::Highwater, server: Some(server), postgres, works, start: None, idle })
    }

    /// A peer that answered, and is halted until it is measured.
    pub(crate) fn peer(
        name: String,
        server: Server,
        postgres: Option<&'a Postgres>,
        works: Vec<(Work, Workload)>,
        start: Start,
    ) -> Result<Self> {
        let idle = Some(server.process.memory()?.0);
        server.process.halt(true)?;
        let works = works.into_iter().map(|(work, workload)| (work, Load::Http(workload.into()))).collect();
        Ok(Self { name, kind: Kind::Peer, server: Some(server), postgres, works, start: Some(start), idle })
    }

    /// Measures `load`, one of its works.
    pub(crate) async fn measure(&self, load: &Load, connections: usize, window: Duration) -> Result<Option<Sample>> {
        match (load, &self.server, self.postgres) {
            (Load::Http(workload), Some(server), postgres) => {
                let halts = self.kind == Kind::Peer;
                if halts {
                    server.process.halt(false)?;
                }
                let sample = client::measure(server.target(postgres), workload, connections, window).await;
                if halts {
                    server.process.halt(true)?;
                }
                sample.map(Some)
            }
            (Load::Pgbench(work), _, Some(postgres)) => {
                pgbench::measure(postgres, *work, connections, window).await.map(Some)
            }
            _ => Ok(None),
        }
    }
}
