//! Operations that answer more than once: over a WebSocket, or as server-sent events.

pub(super) mod sse;
pub(super) mod ws;

use std::{net::IpAddr, time::Duration};

use futures_util::{StreamExt, stream::BoxStream};

use super::{Door, document::Ready, response::Answer};
use crate::{
    auth::Credentials,
    domain::{Caller, Code, KvError},
};

/// How often a stream's token is looked at again: revoked or expired, it ends the stream.
const RECHECK: Duration = Duration::from_millis(500);

/// What proves who streams, kept for as long as the stream lasts.
#[derive(Debug, Clone)]
struct Proof {
    authorization: Option<String>,
    tenant: Option<String>,
    address: Option<IpAddr>,
}

impl From<Credentials<'_>> for Proof {
    fn from(credentials: Credentials<'_>) -> Self {
        let own = |text: Option<&str>| text.map(ToOwned::to_owned);
        Self {
            authorization: own(credentials.authorization),
            tenant: own(credentials.tenant),
            address: credentials.address,
        }
    }
}

impl Proof {
    fn credentials(&self) -> Credentials<'_> {
        let (authorization, tenant) = (self.authorization.as_deref(), self.tenant.as_deref());
        Credentials { authorization, tenant, address: self.address }
    }

    async fn caller(&self, door: &Door) -> Result<Caller, KvError> {
        door.authenticator.caller(self.credentials()).await
    }

    async fn known(&self, door: &Door) -> Result<Caller, KvError> {
        door.authenticator.known(self.credentials()).await
    }

    /// Comes back once the token does not count any more.
    async fn ended(self, door: Door) {
        loop {
            tokio::time::sleep(RECHECK).await;
            if self.known(&door).await.is_err_and(|error| error.code() == Code::Unauthenticated) {
                return;
            }
        }
    }
}

impl Door {
    /// The answers to an operation, one after the other; a refusal is one answer.
    fn answers(&self, caller: Caller, prepared: Result<Ready, Answer>) -> BoxStream<'static, Answer> {
        match prepared {
            Ok(ready) => {
                let (roots, places) = (ready.roots, ready.places);
                let responses = self.schema.execute_stream(ready.request.data(caller));
                let errors = self.limits.errors;
                responses.map(move |response| Answer::of(&response, &roots, &places, errors)).boxed()
            }
            Err(refusal) => futures_util::stream::iter([refusal]).boxed(),
        }
    }
}
