//! `graphql-transport-ws`: many operations over one WebSocket (the graphql-ws package's PROTOCOL.md).

mod message;

use std::{collections::HashMap, pin::Pin, time::Duration};

use axum::{
    extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade},
    response::Response,
};
use futures_util::{FutureExt, StreamExt};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use self::message::{Closing, Incoming};
use super::Proof;
use crate::{
    auth::Credentials,
    domain::{Caller, KvError},
    graphql::{
        Door,
        body::Parameters,
        response::{Answer, Outcome},
    },
};

/// The one subprotocol spoken here.
const PROTOCOL: &str = "graphql-transport-ws";

/// How long a client may take to introduce itself.
const INIT: Duration = Duration::from_secs(10);

/// How long a client may take to close after it was told to.
const FAREWELL: Duration = Duration::from_secs(1);

/// Most operations that run at once on a connection.
const OPERATIONS: usize = 100;

/// Answers that wait for the socket, of all operations of a connection.
const WAITING: usize = 64;

/// Takes the connection over.
pub(in crate::graphql) fn accept(door: Door, credentials: Credentials<'_>, upgrade: WebSocketUpgrade) -> Response {
    let proof = Proof::from(credentials);
    let bytes = door.limits.message_bytes;
    upgrade
        .protocols([PROTOCOL])
        .max_message_size(bytes)
        .on_upgrade(move |socket| Connection::new(door, socket, proof).run())
}

/// A frame of an operation on its way to the socket.
struct Frame {
    id: String,
    /// Which of the operations that had this id, since a client may use an id again.
    turn: u64,
    text: String,
    last: bool,
}

struct Running {
    turn: u64,
    /// Dropping it ends the operation.
    _task: AbortOnDropHandle<()>,
}

/// Comes back once the token does not count any more.
type Watch = Pin<Box<dyn Future<Output = ()> + Send>>;

struct Connection {
    door: Door,
    socket: WebSocket,
    proof: Proof,
    caller: Option<Caller>,
    running: HashMap<String, Running>,
    turns: u64,
    frames: mpsc::Sender<Frame>,
    outgoing: mpsc::Receiver<Frame>,
}

impl Connection {
    fn new(door: Door, socket: WebSocket, proof: Proof) -> Self {
        let (frames, outgoing) = mpsc::channel(WAITING);
        let running = HashMap::new();
        Self { door, socket, proof, caller: None, running, turns: 0, frames, outgoing }
    }

    async fn run(mut self) {
        let closing = match self.socket.protocol() {
            Some(protocol) if protocol == PROTOCOL => self.talk().await,
            _ => Some(Closing::SUBPROTOCOL),
        };
        // The operations end before the farewell.
        self.running.clear();
        if let Some(closing) = closing {
            let frame = CloseFrame { code: closing.code, reason: closing.reason.as_ref().into() };
            if self.socket.send(Message::Close(Some(frame))).await.is_err() {
                return;
            }
        }
        // Either side's close frame is answered while the socket is read; then it was that.
        let _ = tokio::time::timeout(FAREWELL, async { while self.socket.recv().await.is_some() {} }).await;
    }

    /// Serves the connection; gives why it must be closed, or nothing where the client is gone.
    async fn talk(&mut self) -> Option<Closing> {
        let stop = self.door.stop.clone();
        let init = tokio::time::sleep(INIT);
        tokio::pin!(init);
        let mut watch: Option<Watch> = None;
        loop {
            let known = self.caller.is_some();
            if known && watch.is_none() {
                watch = Some(self.proof.clone().ended(self.door.clone()).boxed());
            }
            let ended = async {
                match &mut watch {
                    Some(watch) => watch.await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = stop.cancelled() => return Some(Closing::GOING_AWAY),
                () = &mut init, if !known => return Some(Closing::INIT_TIMEOUT),
                () = ended => return Some(Closing::FORBIDDEN),
                Some(frame) = self.outgoing.recv() => self.pass_on(frame).await?,
                message = self.socket.recv() => {
                    let text = match message?.ok()? {
                        Message::Text(text) => text,
                        Message::Binary(_) => return Some(Closing::invalid("binary messages are not part of the protocol")),
                        Message::Close(_) => return None,
                        Message::Ping(_) | Message::Pong(_) => continue,
                    };
                    match Incoming::read(&text) {
                        Ok(incoming) => if let Err(closing) = self.handle(incoming).await { return closing },
                        Err(closing) => return Some(closing),
                    }
                }
            }
        }
    }

    /// Sends a frame of an operation that still runs; nothing where the client is gone.
    async fn pass_on(&mut self, frame: Frame) -> Option<()> {
        if self.running.get(&frame.id).is_none_or(|running| running.turn != frame.turn) {
            return Some(());
        }
        if frame.last {
            self.running.remove(&frame.id);
        }
        self.send(frame.text).await
    }

    async fn send(&mut self, text: String) -> Option<()> {
        self.socket.send(Message::Text(text.into())).await.ok()
    }

    /// Does what a message says; an error ends the connection, with a reason or, where the client is gone, without.
    async fn handle(&mut self, incoming: Incoming) -> Result<(), Option<Closing>> {
        match incoming {
            Incoming::Init { .. } if self.caller.is_some() => Err(Some(Closing::SECOND_INIT)),
            Incoming::Init { authorization, tenant } => {
                self.proof.authorization = authorization.or(self.proof.authorization.take());
                self.proof.tenant = tenant.or(self.proof.tenant.take());
                match self.proof.caller(&self.door).await {
                    Ok(caller) => self.caller = Some(caller),
                    Err(KvError::Unauthenticated(_)) => return Err(Some(Closing::FORBIDDEN)),
                    Err(_) => return Err(Some(Closing::UNAVAILABLE)),
                }
                self.send(message::ACK.to_owned()).await.ok_or(None)
            }
            Incoming::Ping { payload } => self.send(message::pong(payload.as_deref())).await.ok_or(None),
            Incoming::Pong => Ok(()),
            Incoming::Complete { id } => {
                self.running.remove(&id);
                Ok(())
            }
            Incoming::Subscribe { id, asked } => self.subscribe(id, asked).await,
        }
    }

    async fn subscribe(&mut self, id: String, asked: Parameters) -> Result<(), Option<Closing>> {
        let caller = self.caller.clone().ok_or(Some(Closing::UNAUTHORIZED))?;
        if self.running.contains_key(&id) {
            return Err(Some(Closing::duplicate(&id)));
        }
        if self.running.len() >= OPERATIONS {
            let message = format!("a connection may run {OPERATIONS} operations at once");
            let answer = Answer::error(&message, "LIMIT_EXCEEDED", None, Outcome::Refused);
            return self.send(message::error(&id, &answer)).await.ok_or(None);
        }
        if let Err(error) = self.door.authenticator.admit(&caller) {
            return self.send(message::error(&id, &Answer::failed(&error))).await.ok_or(None);
        }
        self.turns += 1;
        let turn = self.turns;
        let operation = operate(self.door.clone(), caller, asked, id.clone(), turn, self.frames.clone());
        let task = AbortOnDropHandle::new(tokio::spawn(operation));
        self.running.insert(id, Running { turn, _task: task });
        Ok(())
    }
}

/// Runs one operation, handing its answers to the connection; it waits where the socket is slow.
async fn operate(door: Door, caller: Caller, asked: Parameters, id: String, turn: u64, frames: mpsc::Sender<Frame>) {
    let prepared = door.prepare(&caller, &asked, &mut door.budget());
    let mut answers = door.answers(caller, prepared);
    let frame = |text: String, last: bool| Frame { id: id.clone(), turn, text, last };
    while let Some(answer) = answers.next().await {
        let refused = answer.outcome == Outcome::Refused;
        let text = if refused { message::error(&id, &answer) } else { message::next(&id, &answer) };
        if frames.send(frame(text, refused)).await.is_err() || refused {
            return;
        }
    }
    // A connection that is gone needs no farewell.
    let _ = frames.send(frame(message::complete(&id), true)).await;
}
