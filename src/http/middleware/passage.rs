//! The way from a connection to the routes.
//!
//! One step, and not a layer for each thing that happens on it: a layer of axum's costs a request as much as
//! its authentication does.

use std::{
    any::Any,
    convert::Infallible,
    panic::AssertUnwindSafe,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    Router,
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
};
use futures_util::{FutureExt, future::BoxFuture};
use tower::Service;

use super::{
    address::Origin,
    body,
    form::{Form, Forms},
    trace,
};
use crate::{domain::KvError, http::Limits};

/// What every request of a connection passes through: where it comes from is noted, its body is read, it has so
/// much time, it is logged, and a defect of ours ends it alone. What goes wrong is told in the door's own form.
#[derive(Debug, Clone)]
pub(in crate::http) struct Passage {
    pub(in crate::http) origin: Arc<Origin>,
    pub(in crate::http) limits: Limits,
    pub(in crate::http) forms: Forms,
    pub(in crate::http) routes: Router,
}

impl Service<Request> for Passage {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let passage = self.clone();
        Box::pin(async move { Ok(trace::logged(trace::span(&request), passage.pass(request)).await) })
    }
}

impl Passage {
    async fn pass(self, request: Request) -> Response {
        let uri = request.uri().clone();
        let form = self.forms.of(uri.path());
        let time = self.limits.time;
        let answered = tokio::time::timeout(time, AssertUnwindSafe(self.answered(request, form)).catch_unwind());
        let response = match answered.await {
            Ok(Ok(response)) => response,
            Ok(Err(panic)) => (form.failed)(broken(&*panic)),
            Err(_) => (form.overdue)(time),
        };
        (form.finish)(&uri, response)
    }

    /// Doors find the body's bytes, and the client's address, among the request's extensions.
    async fn answered(mut self, request: Request, form: Form) -> Response {
        let (mut parts, body) = request.into_parts();
        let most = self.limits.body_bytes;
        let Some(bytes) = body::read(body, most).await else { return (form.too_large)(most) };
        if let Some(address) = self.origin.address(&parts.headers) {
            parts.extensions.insert(address);
        }
        parts.extensions.insert(bytes);
        let routed = Service::<Request>::call(&mut self.routes, Request::from_parts(parts, Body::empty()));
        routed.await.into_response()
    }
}

/// What a panic was about.
fn broken(panic: &(dyn Any + Send)) -> KvError {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    KvError::internal(format!("a handler panicked: {}", text.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use std::{net::Ipv4Addr, time::Duration};

    use axum::{body::to_bytes, http::header, routing::get};
    use serde_json::Value;

    use super::*;
    use crate::http::FORMS;

    /// The answer to a GET of `path` whose handler panics.
    async fn told(path: &str) -> (axum::http::response::Parts, Value) {
        async fn breaks() -> &'static str {
            panic!("a secret")
        }
        let limits = Limits { body_bytes: 9, time: Duration::from_secs(9) };
        let origin = Arc::new(Origin::Peer(Ipv4Addr::LOCALHOST.into()));
        let routes = Router::new().route(path, get(breaks));
        let mut passage = Passage { origin, limits, forms: FORMS, routes };
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let (head, body) = passage.call(request).await.unwrap().into_parts();
        (head, serde_json::from_slice(&to_bytes(body, usize::MAX).await.unwrap()).unwrap())
    }

    #[tokio::test]
    async fn a_panic_is_answered_in_the_form_of_the_door_and_without_its_text() {
        for (path, pointer) in [
            ("/graphql", "/errors/0/message"),
            ("/api/v1/broken", "/message"),
            ("/kv/broken", "/error"),
            ("/prominence/v1/kv", "/error"),
            ("/kvs", "/errors/0/message"),
        ] {
            let (head, body) = told(path).await;
            assert_eq!(head.status, 500, "{path}");
            assert_eq!(head.headers[header::CONTENT_TYPE], "application/json", "{path}");
            let told = body.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            assert!(told.contains("error id ") && !told.contains("secret"), "{path} {body}");
        }
    }
}
