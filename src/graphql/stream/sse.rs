//! Server-sent events: the distinct connections mode of graphql-sse, an HTTP request per operation.

use std::{convert::Infallible, time::Duration};

use axum::{
    http::{HeaderMap, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{StreamExt, future::Either, pin_mut, stream};

use super::Proof;
use crate::{
    auth::Credentials,
    domain::Caller,
    graphql::{Door, document::Ready, response::Answer},
};

/// How often an idle stream says that it is alive.
const ALIVE: Duration = Duration::from_secs(12);

/// Whether the client asks for events.
pub(in crate::graphql) fn is_wanted(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
    let mut media = values.flat_map(|value| value.split(',')).filter_map(|range| range.split(';').next());
    media.any(|media| media.trim().eq_ignore_ascii_case("text/event-stream"))
}

/// Answers with a `next` event for each answer, and `complete` at the end.
pub(in crate::graphql) fn respond(
    door: &Door,
    caller: Caller,
    credentials: Credentials<'_>,
    prepared: Result<Ready, Answer>,
) -> Response {
    let (stop, recheck) = (door.stop.clone(), Proof::from(credentials).ended(door.clone()));
    let over = async move {
        let stopped = stop.cancelled();
        pin_mut!(stopped, recheck);
        matches!(futures_util::future::select(stopped, recheck).await, Either::Left(_));
    };
    let next = door.answers(caller, prepared).map(|answer| Event::default().event("next").data(answer.body));
    let complete = stream::iter([Event::default().event("complete").data("")]);
    let events = next.take_until(Box::pin(over)).chain(complete).map(Ok::<_, Infallible>);
    Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE)).into_response()
}
