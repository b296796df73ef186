//! A way to a server that can be cut and stopped.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::wire::Protocol;

/// A port of its own that leads to a server's.
pub struct Proxy {
    port: u16,
    state: Arc<State>,
}

/// Where a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// To the server.
    Server,
    /// To the client.
    Client,
}

struct State {
    target: u16,
    protocol: Protocol,
    /// How many bytes may still pass, to either side; then every connection is cut. Negative is without end.
    left: AtomicI64,
    /// Nothing passes, and nobody is told.
    frozen: AtomicBool,
    messages: Mutex<Messages>,
    connections: Mutex<Vec<TcpStream>>,
}

#[derive(Default)]
struct Messages {
    /// How many passed to the server, and to the client.
    passed: [usize; 2],
    /// The message that does not pass any more, and how many of its bytes do.
    cut: Option<(Side, usize, usize)>,
}

impl Proxy {
    /// A way to the port in this address, for the protocol that the address names: `nats` or `amqp`.
    #[must_use]
    pub fn to(url: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let state = Arc::new(State {
            target: port(url),
            protocol: Protocol::of(url),
            left: AtomicI64::new(-1),
            frozen: AtomicBool::new(false),
            messages: Mutex::default(),
            connections: Mutex::default(),
        });
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::clone(&state);
        // It ends with the process.
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                shared.connect(client);
            }
        });
        Self { port, state }
    }

    /// The same address with this way's port.
    #[must_use]
    pub fn url(&self, url: &str) -> String {
        url.replace(&format!(":{}", self.state.target), &format!(":{}", self.port))
    }

    /// Cuts every connection after so many more bytes. New ones may be made at once.
    pub fn cut_after(&self, bytes: u32) {
        self.state.left.store(i64::from(bytes), Ordering::SeqCst);
    }

    /// Counts messages from here on, and cuts every connection when so many have gone to this side: of the next one only
    /// these first bytes pass. New connections may be made at once.
    pub fn cut_at(&self, side: Side, messages: usize, bytes: usize) {
        *self.state.messages.lock().unwrap() =
            Messages { passed: [0; 2], cut: Some((side, messages, bytes)) };
    }

    /// How many messages went to the server and to the client since they are counted.
    #[must_use]
    pub fn passed(&self) -> [usize; 2] {
        self.state.messages.lock().unwrap().passed
    }

    /// Counts messages from here on, and cuts nothing.
    pub fn mend(&self) {
        self.state.left.store(-1, Ordering::SeqCst);
        *self.state.messages.lock().unwrap() = Messages::default();
    }

    /// Whether the cut has come, or none is to come.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.state.left.load(Ordering::SeqCst) < 0 && self.state.messages.lock().unwrap().cut.is_none()
    }

    /// Lets nothing pass, or lets it pass again.
    pub fn freeze(&self, frozen: bool) {
        self.state.frozen.store(frozen, Ordering::SeqCst);
    }
}

impl State {
    fn connect(self: &Arc<Self>, client: TcpStream) {
        let Ok(server) = TcpStream::connect(("127.0.0.1", self.target)) else { return };
        for (from, to, side) in [(&client, &server, Side::Server), (&server, &client, Side::Client)] {
            let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
            let state = Arc::clone(self);
            std::thread::spawn(move || state.pass(from, to, side));
        }
        self.connections.lock().unwrap().extend([client, server]);
    }

    fn pass(&self, mut from: TcpStream, mut to: TcpStream, side: Side) {
        let (mut bytes, mut waiting) = ([0; 4096], Vec::new());
        'connection: while let Ok(count @ 1..) = from.read(&mut bytes) {
            waiting.extend_from_slice(&bytes[..count]);
            while let Some(length) = self.protocol.first(&waiting) {
                let message: Vec<u8> = waiting.drain(..length).collect();
                if !self.forward(&mut to, &message, side) {
                    break 'connection;
                }
            }
        }
        let _ = to.shutdown(Shutdown::Both);
        let _ = from.shutdown(Shutdown::Both);
    }

    /// Whether the connection is whole afterwards.
    fn forward(&self, to: &mut TcpStream, message: &[u8], side: Side) -> bool {
        while self.frozen.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(1));
        }
        if let Some(bytes) = self.count(side) {
            let _ = to.write_all(&message[..bytes.min(message.len())]);
            self.cut();
            return false;
        }
        let left = self.left.load(Ordering::SeqCst);
        let allowed = usize::try_from(left).map_or(message.len(), |left| left.min(message.len()));
        if to.write_all(&message[..allowed]).is_err() {
            return false;
        }
        if left >= 0 {
            let passed = i64::try_from(allowed).unwrap();
            if self.left.fetch_sub(passed, Ordering::SeqCst) <= passed {
                self.left.store(-1, Ordering::SeqCst);
                self.cut();
                return false;
            }
        }
        true
    }

    /// Counts a message. When it is the one to be cut, this is how much of it passes.
    fn count(&self, side: Side) -> Option<usize> {
        let mut messages = self.messages.lock().unwrap();
        let place = usize::from(side == Side::Client);
        let before = messages.passed[place];
        if let Some((_, _, bytes)) =
            messages.cut.take_if(|(cut, number, _)| *cut == side && *number == before)
        {
            return Some(bytes);
        }
        messages.passed[place] += 1;
        None
    }

    fn cut(&self) {
        for stream in self.connections.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

/// The port in an address.
fn port(url: &str) -> u16 {
    let digits = url.rsplit(':').next().unwrap();
    digits.split('/').next().unwrap().parse().unwrap()
}
