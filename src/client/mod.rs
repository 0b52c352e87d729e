//! A client of Highwater's GraphQL over HTTP; the command line's only way to pairs.
//!
//! Values pass as their exact JSON text, in both directions.

mod changes;
mod error;
mod names;
mod pairs;
mod who;

use std::time::Duration;

use reqwest::{RequestBuilder, Response, Url, header};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

pub(crate) use self::{
    changes::{Change, Changes},
    error::{ClientError, Refusal},
    pairs::{Description, Draft, Expiry, Pair, Query},
};

/// How long a server may take for a connection, and for an answer. A stream of changes is never silent so long:
/// where it is, the server is gone without a word.
const CONNECT: Duration = Duration::from_secs(10);
const ANSWER: Duration = Duration::from_mins(1);

/// A server, and who asks it.
#[derive(Clone)]
pub(crate) struct Connection {
    /// The server's address, such as `http://127.0.0.1:4200`.
    pub(crate) url: String,
    /// The token; without one, servers refuse almost everything.
    pub(crate) token: Option<String>,
    /// The tenant to act in, where the token's user has many.
    pub(crate) tenant: Option<String>,
}

/// A client of one server.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    connection: Connection,
    endpoint: Url,
}

#[derive(Serialize)]
struct Request<'a, V> {
    query: &'a str,
    variables: V,
}

#[derive(Deserialize)]
struct Answer {
    /// Read only where there is no error: beside one, fields that must be there are null.
    data: Option<Box<RawValue>>,
    #[serde(default)]
    errors: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    message: String,
    #[serde(default)]
    extensions: Extensions,
}

#[derive(Deserialize, Default)]
struct Extensions {
    #[serde(default)]
    code: String,
}

impl Client {
    /// A client of the server at `connection.url`.
    ///
    /// # Errors
    /// [`ClientError::BadAddress`].
    pub(crate) fn new(connection: Connection) -> Result<Self, ClientError> {
        let bad = || ClientError::BadAddress(connection.url.clone());
        let endpoint: Url = format!("{}/graphql", connection.url).parse().map_err(|_| bad())?;
        if !matches!(endpoint.scheme(), "http" | "https") || endpoint.host_str().is_none() {
            return Err(bad());
        }
        let http = reqwest::Client::builder()
            .user_agent(concat!("highwater/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            .read_timeout(ANSWER)
            .build()
            .map_err(|error| unreachable(&connection.url, &error))?;
        Ok(Self { http, connection, endpoint })
    }

    /// The server's address.
    pub(crate) fn url(&self) -> &str {
        &self.connection.url
    }

    /// The `data` that the server answers `query` with.
    ///
    /// # Errors
    /// [`ClientError`].
    async fn ask<T: DeserializeOwned>(&self, query: &str, variables: impl Serialize) -> Result<T, ClientError> {
        let response = self.send(self.post(query, variables).timeout(ANSWER)).await?;
        let status = response.status().as_u16();
        let body = response.text().await.map_err(|error| unreachable(self.url(), &error))?;
        self.read(status, &body)
    }

    /// The `data` of an answer's text.
    fn read<T: DeserializeOwned>(&self, status: u16, body: &str) -> Result<T, ClientError> {
        let stranger = || ClientError::Stranger { url: self.url().to_owned(), status };
        if status == 404 {
            return Err(stranger());
        }
        let answer: Answer = serde_json::from_str(body).map_err(|_| stranger())?;
        if let Some(Entry { message, extensions }) = answer.errors.into_iter().next() {
            let refusal = if status == 413 { Refusal::Limit } else { Refusal::of(&extensions.code) };
            return Err(ClientError::Refused { refusal, message });
        }
        let data = answer.data.ok_or_else(stranger)?;
        serde_json::from_str(data.get()).map_err(|_| stranger())
    }

    fn post(&self, query: &str, variables: impl Serialize) -> RequestBuilder {
        let mut request = self.http.post(self.endpoint.clone()).json(&Request { query, variables });
        if let Some(token) = &self.connection.token {
            request = request.bearer_auth(token);
        }
        if let Some(tenant) = &self.connection.tenant {
            request = request.header("X-Prefect-Tenant-Id", tenant);
        }
        request
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, ClientError> {
        request.send().await.map_err(|error| unreachable(self.url(), &error))
    }

    /// The answer to a subscription, as a stream of events.
    async fn subscribe(&self, query: &str, variables: impl Serialize) -> Result<Response, ClientError> {
        let request = self.post(query, variables).header(header::ACCEPT, "text/event-stream");
        let response = self.send(request).await?;
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if kind.is_some_and(|kind| kind.starts_with("text/event-stream")) {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let body = response.text().await.map_err(|error| unreachable(self.url(), &error))?;
        let refused = self.read::<serde::de::IgnoredAny>(status, &body).err();
        Err(refused.unwrap_or_else(|| ClientError::Stranger { url: self.url().to_owned(), status }))
    }
}

/// The failure of a request that was not answered; only its innermost cause says something.
fn unreachable(url: &str, error: &reqwest::Error) -> ClientError {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let reason = if error.is_timeout() { "it took too long".to_owned() } else { cause.to_string() };
    ClientError::Unreachable { url: url.to_owned(), reason }
}
