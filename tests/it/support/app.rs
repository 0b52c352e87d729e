//! A server in this process, on a database of its own, with a clock that the test moves.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use highwater::{
    auth::{Authenticator, Credentials, IssuerRules, Keys},
    config::{Config, Flags},
    domain::{Caller, Clock, Namespace, Role, Tenant, Timestamp},
    graphql, http, kestra, prominence,
    service::{Grant, Service},
    store::{Options, Store},
};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{actor::Actor, postgres};

/// The databases that every storage claim holds on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// The secret that signs this process's tokens; tests forge theirs with it too.
pub const SECRET: &[u8] = b"a secret of the tests, long enough for HS256";

/// 2026-01-01T00:00:00Z.
const START: i64 = 1_767_225_600_000_000;

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn advance(&self, span: Duration) {
        self.0.fetch_add(i64::try_from(span.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// A running server. Dropping it stops it.
pub struct TestApp {
    pub url: String,
    pub backend: Backend,
    pub database_url: String,
    pub store: Store,
    pub clock: Arc<TestClock>,
    pub service: Service,
    pub authenticator: Authenticator,
    stop: CancellationToken,
    _folder: TempDir,
}

impl TestApp {
    /// A server on a new database.
    pub async fn on(backend: Backend) -> Self {
        Self::with(backend, []).await
    }

    /// A server on a new SQLite database that takes tokens of other issuers too.
    pub async fn trusting(issuers: impl IntoIterator<Item = IssuerRules>) -> Self {
        Self::with(Backend::Sqlite, issuers).await
    }

    /// A server on a new database that takes tokens of other issuers too.
    pub async fn with(backend: Backend, issuers: impl IntoIterator<Item = IssuerRules>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database_url = match backend {
            Backend::Sqlite => format!("sqlite://{}?mode=rwc", folder.path().join("test.db").display()),
            Backend::Postgres => postgres::fresh_database().await,
        };
        let clock = Arc::new(TestClock(AtomicI64::new(START)));
        let options = Options { url: database_url.clone(), connections: 8, wait: Duration::from_secs(30) };
        let store = Store::connect(&options, clock.clone()).await.unwrap();
        store.migrate_up().await.unwrap();
        let config = Config::load(None, &Flags::default()).unwrap();
        let service = Service::new(store.clone(), clock.clone(), config.tiers());
        let authenticator = Authenticator::new(Keys::new(SECRET, "highwater", "highwater").unwrap(), service.clone());
        let authenticator = authenticator.trusting(issuers).unwrap();
        let stop = CancellationToken::new();
        let graphql = graphql::Door::new(service.clone(), authenticator.clone(), (&config.limits).into()).unwrap();
        let bytes = config.prominence.value_bytes;
        let prominence = prominence::Door::new(service.clone(), authenticator.clone(), bytes);
        let kestra = kestra::Door::new(service.clone(), authenticator.clone());
        let doors = http::Doors { graphql: graphql.until(stop.clone()), kestra, prominence };
        let limits = http::Limits { time: Duration::from_mins(1), ..(&config.limits).into() };
        let server = http::Server::new(service.clone(), doors, limits);
        tokio::spawn(service.clone().tend(stop.clone()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(server.serve(listener, stop.clone()));
        Self { url, backend, database_url, store, clock, service, authenticator, stop, _folder: folder }
    }

    /// A server on a new SQLite database, for claims that do not depend on the database.
    pub async fn start() -> Self {
        Self::on(Backend::Sqlite).await
    }

    /// An administrator of a new tenant called `slug`.
    pub async fn tenant(&self, slug: &str, tier: &str) -> Actor {
        let tenant = self.service.add_tenant(slug, None, tier).await.unwrap();
        self.member(&tenant, Role::Admin).await
    }

    /// An administrator of a new tenant without limits to speak of.
    pub async fn acme(&self) -> Actor {
        self.tenant("acme", "enterprise").await
    }

    /// A new person in `tenant`.
    pub async fn member(&self, tenant: &Tenant, role: Role) -> Actor {
        self.granted(tenant, |grant| grant.role = role).await
    }

    /// A new person in the tenant called `slug`, with a grant that `change` has changed.
    pub async fn grant(&self, slug: &str, change: impl FnOnce(&mut Grant)) -> Actor {
        let tenant = self.service.tenant_by_slug(slug).await.unwrap();
        self.granted(&tenant, change).await
    }

    async fn granted(&self, tenant: &Tenant, change: impl FnOnce(&mut Grant)) -> Actor {
        let mut grant = Grant {
            name: format!("someone in {}", tenant.slug),
            role: Role::Admin,
            tier: None,
            namespace: None,
            life: Duration::from_hours(24),
        };
        change(&mut grant);
        let issued = self.service.grant_token(tenant, grant).await.unwrap();
        let token = self.authenticator.sign(&issued).unwrap();
        Actor::new(&self.url, Some(token), tenant.id.to_string())
    }

    /// What the service knows of an actor, for claims below the wire.
    pub async fn caller(&self, actor: &Actor) -> Caller {
        let authorization = actor.token.as_ref().map(|token| format!("Bearer {token}"));
        let credentials = Credentials { authorization: authorization.as_deref(), ..Credentials::default() };
        self.authenticator.caller(credentials).await.unwrap()
    }

    /// Someone with this token, or with none.
    pub fn anyone(&self, token: Option<&str>) -> Actor {
        Actor::new(&self.url, token.map(ToOwned::to_owned), String::new())
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// The namespace called `name`.
pub fn namespace(name: &str) -> Namespace {
    Namespace::new(name).unwrap()
}

/// Runs a claim about stored things on SQLite, then on PostgreSQL.
pub async fn on_both(claim: impl AsyncFn(TestApp)) {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        println!("on {backend:?}");
        claim(TestApp::on(backend).await).await;
    }
}
