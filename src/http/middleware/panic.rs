//! A defect of ours ends one request, not the server; what is left is an internal error in the door's own form.

use std::any::Any;

use axum::response::Response;
use tower_http::catch_panic::{CatchPanicLayer, ResponseForPanic};

use crate::domain::KvError;

/// The answer to a request that an error of the server ended, which is logged there.
pub(in crate::http) type Failed = fn(KvError) -> Response;

/// Answers a request whose handler panicked.
pub(in crate::http) fn panics(failed: Failed) -> CatchPanicLayer<Form> {
    CatchPanicLayer::custom(Form(failed))
}

/// How a door tells of its own errors.
#[derive(Clone, Copy)]
pub(in crate::http) struct Form(Failed);

impl ResponseForPanic for Form {
    type ResponseBody = axum::body::Body;

    fn response_for_panic(&mut self, panic: Box<dyn Any + Send + 'static>) -> Response {
        let text = panic.downcast_ref::<&str>().copied().map(ToOwned::to_owned);
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        (self.0)(KvError::internal(format!("a handler panicked: {text}")))
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, routing::get};
    use serde_json::Value;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
    };

    use super::*;
    use crate::{graphql, kestra, prominence};

    /// What is at `pointer` in the answer of a router that panics.
    async fn told(router: Router, pointer: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        tokio::spawn(async { axum::serve(listener, router).await });
        client.write_all(b"GET /broken HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 500 ") && head.contains("content-type: application/json"), "{head}");
        let body: Value = serde_json::from_str(body).unwrap();
        body.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    async fn breaks() -> &'static str {
        panic!("a secret")
    }

    fn broken(failed: Failed) -> Router {
        Router::new().route("/broken", get(breaks)).layer(panics(failed))
    }

    #[tokio::test]
    async fn a_panic_is_answered_in_the_form_of_the_door_and_without_its_text() {
        let kestra = kestra::describing(broken(kestra::failed));
        for (router, pointer) in [
            (broken(graphql::failed), "/errors/0/message"),
            (kestra, "/message"),
            (broken(prominence::failed), "/error"),
        ] {
            let told = told(router, pointer).await;
            assert!(told.contains("error id ") && !told.contains("secret"), "{told}");
        }
    }
}
