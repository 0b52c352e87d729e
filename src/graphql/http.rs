//! GraphQL over HTTP: how a request is read, and which status its answer gets.

use std::{net::IpAddr, sync::Arc, time::Duration};

use async_graphql::parser::types::OperationType;
use axum::{
    Extension,
    body::{Body, Bytes},
    extract::{
        RawQuery, Request, State,
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header, request::Parts},
    response::Response,
};

use super::{
    Door,
    body::{Malformed, Parameters, Parsed},
    document::{Budget, Ready},
    key_value,
    negotiate::{Media, is_json},
    response::{Answer, Outcome},
    stream::{sse, ws},
};
use crate::{
    auth::Credentials,
    domain::{Caller, KvError},
};

/// Chooses among the tenants of the token's user.
const TENANT: HeaderName = HeaderName::from_static("x-prefect-tenant-id");

/// Sent by Prefect's Python client, and by its web page.
const PREFECT: [HeaderName; 2] =
    [HeaderName::from_static("x-prefect-core-version"), HeaderName::from_static("x-prefect-ui")];

/// Which of the two ways to refuse a token the client understands (contract prefect.md, "Decisions").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    /// HTTP 200, and a code in the body.
    Prefect,
    /// The GraphQL-over-HTTP draft: 401 and 403.
    Draft,
}

impl Dialect {
    fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        if uri.path() == "/" || PREFECT.iter().any(|name| headers.contains_key(name)) {
            Self::Prefect
        } else {
            Self::Draft
        }
    }
}

/// Answers a POST, of one request or a batch.
pub(crate) async fn post(
    State(door): State<Arc<Door>>,
    address: Address,
    Extension(body): Extension<Bytes>,
    request: Request,
) -> Response {
    let (Parts { uri, headers, .. }, _) = request.into_parts();
    let events = sse::is_wanted(&headers);
    let Some(media) = Media::negotiate(&headers).or(events.then_some(Media::Json)) else { return not_acceptable() };
    if !is_json(&headers) {
        let message = "the request needs the header Content-Type: application/json";
        return malformed(media, StatusCode::UNSUPPORTED_MEDIA_TYPE, message);
    }
    let dialect = Dialect::of(&uri, &headers);
    let credentials = credentials(&headers, address);
    let caller = door.authenticator.caller(credentials).await;
    let parsed = match (Parsed::of_body(&body, door.limits.batch), &caller) {
        (Ok(parsed), _) => parsed,
        // Who may not ask is not told what was wrong with the question.
        (Err(_), Err(error)) => return reply(media, dialect, Answer::failed(error)),
        (Err(message), Ok(_)) => return malformed(media, StatusCode::BAD_REQUEST, message),
    };
    match parsed {
        Parsed::Single(parameters) if events => match caller {
            Ok(caller) => {
                let prepared = door.prepare(&caller, &parameters, &mut door.budget());
                sse::respond(&door, caller, credentials, prepared)
            }
            Err(error) => reply(media, dialect, Answer::failed(&error)),
        },
        Parsed::Single(parameters) => {
            let answer = door.answer(&caller, &parameters, &mut door.budget()).await;
            reply(media, dialect, answer)
        }
        Parsed::Batch(batch) => {
            // Each counts; the first is counted already.
            let caller = caller.and_then(|caller| {
                batch.iter().skip(1).try_for_each(|_| door.authenticator.admit(&caller)).map(|()| caller)
            });
            if let Err(error @ KvError::TooManyRequests { .. }) = &caller {
                return reply(media, dialect, Answer::failed(error));
            }
            let mut budget = door.budget();
            let mut bodies = Vec::with_capacity(batch.len());
            for parameters in &batch {
                bodies.push(door.answer(&caller, parameters, &mut budget).await.body);
                // A batch of refusals waits for nothing; others want to run too.
                tokio::task::yield_now().await;
            }
            let status = match (&caller, dialect) {
                (Err(_), Dialect::Draft) => StatusCode::UNAUTHORIZED,
                _ => StatusCode::OK,
            };
            respond(media, status, format!("[{}]", bodies.join(",")))
        }
    }
}

/// Answers a GET: queries only, as JSON or as events; or takes a WebSocket.
pub(crate) async fn get(
    State(door): State<Arc<Door>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    uri: Uri,
    address: Address,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    if let Ok(upgrade) = upgrade {
        return ws::accept(Door::clone(&door), credentials(&headers, address), upgrade);
    }
    let events = sse::is_wanted(&headers);
    let Some(media) = Media::negotiate(&headers).or(events.then_some(Media::Json)) else { return not_acceptable() };
    let dialect = Dialect::of(&uri, &headers);
    let credentials = credentials(&headers, address);
    let caller = match door.authenticator.caller(credentials).await {
        Ok(caller) => caller,
        Err(error) => return reply(media, dialect, Answer::failed(&error)),
    };
    let parameters = match Parameters::of_query(&query.unwrap_or_default()) {
        Ok(parameters) => parameters,
        Err(message) => return malformed(media, StatusCode::BAD_REQUEST, message),
    };
    match door.prepare(&caller, &parameters, &mut door.budget()) {
        Ok(ready) if events && ready.operation != OperationType::Mutation => {
            sse::respond(&door, caller, credentials, Ok(ready))
        }
        Ok(ready) if ready.operation == OperationType::Query => reply(media, dialect, door.run(caller, ready).await),
        Ok(_) => {
            let mut response = malformed(media, StatusCode::METHOD_NOT_ALLOWED, "GET runs queries only; use POST");
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(Method::POST.as_str()));
            response
        }
        Err(refusal) => reply(media, dialect, refusal),
    }
}

/// The client's address, where the server put it.
pub(crate) type Address = Option<Extension<IpAddr>>;

/// What a request says of who sends it.
pub(super) fn credentials(headers: &HeaderMap, address: Address) -> Credentials<'_> {
    // A header that is no text is no token and no tenant, but it is not absent either.
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("\u{fffd}"));
    let address = address.map(|Extension(address)| address);
    Credentials { authorization: text(header::AUTHORIZATION), tenant: text(TENANT), address }
}

impl Door {
    async fn answer(&self, caller: &Result<Caller, KvError>, parameters: &Parameters, budget: &mut Budget) -> Answer {
        match caller {
            Ok(caller) => self.ask(caller, parameters, budget).await.unwrap_or_else(|refusal| refusal),
            Err(error) => Answer::failed(error),
        }
    }

    async fn ask(&self, caller: &Caller, parameters: &Parameters, budget: &mut Budget) -> Result<Answer, Answer> {
        let query = self.query(caller, parameters)?;
        let document = self.read(parameters.asked(&query), budget)?;
        if let Some(call) = document.call(&self.types, *budget, key_value::called::takes) {
            let left = call.left;
            if let Some(answer) = self.call(caller, call, &document).await {
                self.keep(caller, parameters);
                *budget = left;
                return Ok(answer);
            }
        }
        let ready = self.assembled(&document, budget)?;
        self.keep(caller, parameters);
        Ok(self.run(caller.clone(), ready).await)
    }

    async fn run(&self, caller: Caller, ready: Ready) -> Answer {
        let Ready { request, roots, places, template, .. } = ready;
        let is_valid = template.as_ref().is_some_and(|template| template.is_valid());
        let schema = if is_valid { &self.trusting } else { &self.schema };
        let response = schema.execute(request.data(caller)).await;
        let answer = Answer::of(&response, &roots, &places, self.limits.errors);
        if let Some(template) = template.filter(|_| !is_valid && answer.outcome != Outcome::Refused) {
            template.found_valid();
        }
        answer
    }
}

fn reply(media: Media, dialect: Dialect, answer: Answer) -> Response {
    let status = match (answer.outcome, dialect, media) {
        (Outcome::Unavailable, ..) => StatusCode::SERVICE_UNAVAILABLE,
        (Outcome::RateLimited(_), ..) => StatusCode::TOO_MANY_REQUESTS,
        (Outcome::Unauthenticated, Dialect::Draft, _) => StatusCode::UNAUTHORIZED,
        (Outcome::Forbidden, Dialect::Draft, _) => StatusCode::FORBIDDEN,
        (Outcome::Refused, _, Media::GraphqlResponse) => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    let mut response = respond(media, status, answer.body);
    if let Outcome::RateLimited(seconds) = answer.outcome {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn malformed(media: Media, status: StatusCode, message: Malformed) -> Response {
    respond(media, status, Answer::error(message, "BAD_REQUEST", None, Outcome::Refused).body)
}

/// The answer to a method that the path does not have.
pub(crate) async fn method_not_allowed() -> Response {
    malformed(Media::Json, StatusCode::METHOD_NOT_ALLOWED, "GraphQL is asked by POST, or by GET for queries")
}

/// The answer to a body of more than `limit` bytes.
pub(crate) fn too_large(limit: usize) -> Response {
    let message = format!("the body is larger than the {limit} bytes allowed; nothing was run");
    let body = Answer::error(&message, "PAYLOAD_TOO_LARGE", None, Outcome::Refused).body;
    respond(Media::Json, StatusCode::PAYLOAD_TOO_LARGE, body)
}

/// The answer to a request that took longer than `longest`.
pub(crate) fn overdue(longest: Duration) -> Response {
    let message = format!("the request took longer than {} s; ask for less, or try again", longest.as_secs_f64());
    let body = Answer::error(&message, "TIMEOUT", None, Outcome::Unavailable).body;
    respond(Media::Json, StatusCode::SERVICE_UNAVAILABLE, body)
}

fn not_acceptable() -> Response {
    let message = "the answer can be application/json or application/graphql-response+json";
    malformed(Media::Json, StatusCode::NOT_ACCEPTABLE, message)
}

fn respond(media: Media, status: StatusCode, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media.content_type()));
    // What a token may see is for its bearer.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}
