//! A peer that is called by HTTP: it does as it is told, remembers what it heard, and acts once for each key.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What the peer does with a request.
#[derive(Clone)]
pub enum Does {
    /// It acts, unless it has for this key, and answers so.
    Act,
    /// It acts and answers; of the answer only so many bytes arrive.
    Cut(usize),
    /// It acts, and never answers.
    Silence,
    /// It does not act, and answers so, with these lines in the head.
    Say(u16, &'static str, String),
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Heard {
    /// Method and path.
    pub line: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

#[derive(Default)]
struct State {
    does: VecDeque<Does>,
    heard: Vec<Heard>,
    acted: BTreeSet<String>,
}

/// Lives as long as the test's runtime.
#[derive(Clone)]
pub struct Server {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Server {
    /// One that does this, one after the other, and acts after that. `answer` is what it says when it has acted.
    pub async fn start(does: impl IntoIterator<Item = Does>, answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State { does: does.into_iter().collect(), ..State::default() }));
        let this = Self { address, state };
        let server = this.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = server.clone();
                tokio::spawn(async move { server.serve(stream, answer).await });
            }
        });
        this
    }

    pub fn heard(&self) -> Vec<Heard> {
        self.state.lock().unwrap().heard.clone()
    }

    /// For how many keys it has acted.
    pub fn acted(&self) -> usize {
        self.state.lock().unwrap().acted.len()
    }

    async fn serve(&self, mut stream: TcpStream, answer: &str) {
        let Some(heard) = read(&mut stream).await else { return };
        let does = {
            let mut state = self.state.lock().unwrap();
            let does = state.does.pop_front().unwrap_or(Does::Act);
            if !matches!(does, Does::Say(..)) {
                state.acted.extend(heard.headers.get("idempotency-key").cloned());
            }
            state.heard.push(heard);
            does
        };
        let whole = |status: u16, lines: &str, body: &str| {
            let length = body.len();
            format!(
                "HTTP/1.1 {status} x\r\nconnection: close\r\n{lines}content-length: {length}\r\n\r\n{body}"
            )
        };
        let text = match does {
            Does::Act => whole(200, "", answer),
            Does::Cut(bytes) => whole(200, "", answer)[..bytes].to_owned(),
            Does::Silence => std::future::pending().await,
            Does::Say(status, lines, body) => whole(status, lines, &body),
        };
        // The other side may have gone.
        let _ = stream.write_all(text.as_bytes()).await;
    }
}

async fn read(stream: &mut TcpStream) -> Option<Heard> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let mut lines = head.lines();
            let line = lines.next()?.trim_end_matches(" HTTP/1.1").to_owned();
            let pairs = lines.filter_map(|line| line.split_once(": "));
            let headers: BTreeMap<_, _> =
                pairs.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
            if body.len() >= headers.get("content-length")?.parse().ok()? {
                return Some(Heard { line, headers, body: body.to_owned() });
            }
        }
        let mut more = [0; 4096];
        let count = stream.read(&mut more).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&more[..count]);
    }
}
