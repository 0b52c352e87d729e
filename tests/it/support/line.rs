//! A line between a client and a server that can be cut.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use super::wait;

/// How long something on the line may take; it takes milliseconds.
const PATIENCE: Duration = Duration::from_mins(1);

/// How an answer to a subscription begins to be recognized.
const STREAM: &[u8] = b"text/event-stream";

/// A line. It passes on what both sides say, until it is cut.
pub struct Line {
    /// Where the server is for those who use the line.
    pub url: String,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    wires: Mutex<Wires>,
    streams: AtomicUsize,
}

#[derive(Default)]
struct Wires {
    cut: bool,
    /// Cuts the line in the middle of what the server says next.
    tear: bool,
    open: Vec<TcpStream>,
}

impl Line {
    /// A line to the server at `url`.
    pub fn to(url: &str) -> Self {
        let server = url.strip_prefix("http://").expect("an address").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let state = Arc::<State>::default();
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                shared.connect(client, &server);
            }
        });
        Self { url, state }
    }

    /// Breaks every connection, and refuses new ones.
    pub fn cut(&self) {
        self.state.cut();
    }

    /// Cuts the line in the middle of what the server says next.
    pub fn tear(&self) {
        self.state.wires.lock().expect("no panic").tear = true;
    }

    /// Lets connections through again.
    pub fn mend(&self) {
        let mut wires = self.state.wires.lock().expect("no panic");
        (wires.cut, wires.tear) = (false, false);
    }

    /// Waits until the line is cut.
    pub fn wait_for_the_cut(&self) {
        assert!(wait::until(PATIENCE, || self.state.wires.lock().expect("no panic").cut), "nothing was said");
    }

    /// Waits until so many streams have begun, since the line is there.
    pub fn wait_for_streams(&self, count: usize) {
        assert!(wait::until(PATIENCE, || self.state.streams.load(Ordering::SeqCst) >= count), "no stream {count}");
    }
}

impl State {
    fn connect(self: &Arc<Self>, client: TcpStream, server: &str) {
        let mut wires = self.wires.lock().expect("no panic");
        if wires.cut {
            return;
        }
        let Ok(server) = TcpStream::connect(server) else { return };
        let twin = |stream: &TcpStream| stream.try_clone().expect("a handle");
        wires.open.extend([twin(&client), twin(&server)]);
        let (mut asks, mut hears) = (twin(&client), twin(&server));
        thread::spawn(move || drop(std::io::copy(&mut asks, &mut hears)));
        let state = Arc::clone(self);
        thread::spawn(move || state.answer(server, client));
    }

    /// Passes on what the server says.
    fn answer(&self, mut server: TcpStream, mut client: TcpStream) {
        let mut buffer = [0; 8_192];
        while let Some(length) = server.read(&mut buffer).ok().filter(|length| *length > 0) {
            let tear = self.wires.lock().expect("no panic").tear;
            let said = &buffer[..if tear { length / 2 } else { length }];
            self.streams.fetch_add(said.windows(STREAM.len()).filter(|part| *part == STREAM).count(), Ordering::SeqCst);
            if client.write_all(said).is_err() {
                break;
            }
            if tear {
                self.cut();
            }
        }
        drop(client.shutdown(Shutdown::Both));
        drop(server.shutdown(Shutdown::Both));
    }

    fn cut(&self) {
        let mut wires = self.wires.lock().expect("no panic");
        wires.cut = true;
        for stream in wires.open.drain(..) {
            // The other side may have closed it already.
            drop(stream.shutdown(Shutdown::Both));
        }
    }
}
