//! The messages of `graphql-transport-ws`, and the codes that close a connection.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    domain::JsonText,
    graphql::{body::Parameters, response::Answer},
};

/// What a client says.
pub(super) enum Incoming {
    /// Who it is.
    Init {
        /// The value of an `Authorization` header.
        authorization: Option<String>,
        /// The value of an `X-Prefect-Tenant-ID` header.
        tenant: Option<String>,
    },
    /// Whether anybody is there.
    Ping {
        /// To be sent back.
        payload: Option<Box<RawValue>>,
    },
    /// That it is there.
    Pong,
    /// An operation to run.
    Subscribe {
        /// The client's name for it.
        id: String,
        /// The operation.
        asked: Parameters,
    },
    /// That an operation's answers are no longer wanted.
    Complete {
        /// The operation's id.
        id: String,
    },
}

#[derive(Deserialize)]
struct Wire<'a> {
    r#type: Option<String>,
    id: Option<String>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
}

/// Names under which clients send their token when they introduce themselves.
#[derive(Deserialize, Default)]
struct Introduction {
    #[serde(rename = "Authorization", alias = "authorization")]
    authorization: Option<String>,
    token: Option<String>,
    #[serde(rename = "X-Prefect-Tenant-ID", alias = "x-prefect-tenant-id", alias = "X-PREFECT-TENANT-ID")]
    tenant: Option<String>,
}

impl Incoming {
    /// Reads a message.
    pub(super) fn read(text: &str) -> Result<Self, Closing> {
        let wire: Wire<'_> =
            serde_json::from_str(text).map_err(|_| Closing::invalid("the message is no JSON object"))?;
        let payload = wire.payload.filter(|raw| !raw.get().starts_with('n'));
        if payload.is_some_and(|raw| !raw.get().starts_with('{')) {
            return Err(Closing::invalid("the payload must be a JSON object"));
        }
        let id = || match &wire.id {
            Some(id) if !id.is_empty() => Ok(id.clone()),
            _ => Err(Closing::invalid("the message needs an id")),
        };
        match wire.r#type.as_deref() {
            Some("connection_init") => {
                let introduction = payload.map(|raw| serde_json::from_str::<Introduction>(raw.get())).transpose();
                let introduction = introduction
                    .map_err(|_| Closing::invalid("Authorization and X-Prefect-Tenant-ID must be strings"))?;
                let introduction = introduction.unwrap_or_default();
                let bare = introduction.token.map(|token| format!("Bearer {token}"));
                Ok(Self::Init { authorization: introduction.authorization.or(bare), tenant: introduction.tenant })
            }
            Some("ping") => Ok(Self::Ping { payload: payload.map(ToOwned::to_owned) }),
            Some("pong") => Ok(Self::Pong),
            Some("subscribe") => {
                let payload = payload.ok_or_else(|| Closing::invalid("the message needs a payload"))?;
                let asked = Parameters::of_json(payload).map_err(Closing::invalid)?;
                Ok(Self::Subscribe { id: id()?, asked })
            }
            Some("complete") => Ok(Self::Complete { id: id()? }),
            _ => Err(Closing::invalid("the type must be connection_init, ping, pong, subscribe or complete")),
        }
    }
}

/// The answer to a good introduction.
pub(super) const ACK: &str = r#"{"type":"connection_ack"}"#;

/// The answer to a ping.
pub(super) fn pong(payload: Option<&RawValue>) -> String {
    payload.map_or_else(
        || r#"{"type":"pong"}"#.to_owned(),
        |payload| format!(r#"{{"type":"pong","payload":{}}}"#, payload.get()),
    )
}

/// One answer of an operation.
pub(super) fn next(id: &str, answer: &Answer) -> String {
    format!(r#"{{"id":{},"type":"next","payload":{}}}"#, JsonText::string(id).as_str(), answer.body)
}

/// An operation that was refused before it ran.
pub(super) fn error(id: &str, answer: &Answer) -> String {
    format!(r#"{{"id":{},"type":"error","payload":{}}}"#, JsonText::string(id).as_str(), answer.errors())
}

/// The end of an operation.
pub(super) fn complete(id: &str) -> String {
    format!(r#"{{"id":{},"type":"complete"}}"#, JsonText::string(id).as_str())
}

/// Why a connection is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Closing {
    pub(super) code: u16,
    pub(super) reason: Cow<'static, str>,
}

impl Closing {
    pub(super) const GOING_AWAY: Self = Self::new(1001, "the server is stopping");
    pub(super) const UNAVAILABLE: Self = Self::new(1013, "the database cannot answer at present; try again");
    pub(super) const UNAUTHORIZED: Self = Self::new(4401, "Unauthorized");
    pub(super) const FORBIDDEN: Self = Self::new(4403, "Forbidden");
    pub(super) const SUBPROTOCOL: Self = Self::new(4406, "Subprotocol not acceptable");
    pub(super) const INIT_TIMEOUT: Self = Self::new(4408, "Connection initialisation timeout");
    pub(super) const SECOND_INIT: Self = Self::new(4429, "Too many initialisation requests");

    const fn new(code: u16, reason: &'static str) -> Self {
        Self { code, reason: Cow::Borrowed(reason) }
    }

    /// A message that is none of the protocol's.
    pub(super) fn invalid(reason: &'static str) -> Self {
        // A close frame holds 123 bytes of reason; the sentences of this door are checked by a test to fit.
        Self::new(4400, reason)
    }

    /// An id that is in use.
    pub(super) fn duplicate(id: &str) -> Self {
        let id: String = id.chars().take(20).collect();
        Self { code: 4409, reason: format!("Subscriber for {id} already exists").into() }
    }
}
