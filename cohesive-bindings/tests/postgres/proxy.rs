//! A man in the middle: passes bytes between store and server, counts, and cuts where it is told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};

use super::server::Server;

/// No cut.
const ENDLESS: i64 = i64::MAX / 2;

/// A socket that leads to a server.
pub struct Proxy {
    folder: tempfile::TempDir,
    shared: Arc<Shared>,
}

struct Shared {
    /// How many bytes may still pass, to the server and back. Then the connection is cut in both directions.
    requests: AtomicI64,
    answers: AtomicI64,
    prepared: AtomicUsize,
}

impl Proxy {
    pub fn new(server: &Server) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
        let socket = server.home().join(".s.PGSQL.5432");
        let shared = Arc::new(Shared {
            requests: AtomicI64::new(ENDLESS),
            answers: AtomicI64::new(ENDLESS),
            prepared: AtomicUsize::new(0),
        });
        let state = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = UnixStream::connect(&socket).await else { continue };
                tokio::spawn(pass(client, server, Arc::clone(&state)));
            }
        });
        Self { folder, shared }
    }

    /// How to reach a database by way of it.
    pub fn url(&self, database: &str) -> String {
        format!("host={} user=postgres dbname={database}", self.folder.path().display())
    }

    /// Cuts after so many bytes from the server.
    pub fn cut_answers_after(&self, bytes: i64) {
        self.shared.answers.store(bytes, Ordering::SeqCst);
    }

    /// Cuts after so many bytes to the server.
    pub fn cut_requests_after(&self, bytes: i64) {
        self.shared.requests.store(bytes, Ordering::SeqCst);
    }

    /// Lets everything pass again, on new connections.
    pub fn mend(&self) {
        self.cut_answers_after(ENDLESS);
        self.cut_requests_after(ENDLESS);
    }

    /// How many statements were prepared.
    pub fn prepared(&self) -> usize {
        self.shared.prepared.load(Ordering::SeqCst)
    }
}

async fn pass(client: UnixStream, server: UnixStream, shared: Arc<Shared>) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let mut frames = Frames::default();
    let requests = forward(from_client, to_server, &shared.requests, |bytes| {
        shared.prepared.fetch_add(frames.count(bytes, b'P'), Ordering::SeqCst);
    });
    let answers = forward(from_server, to_client, &shared.answers, |_| {});
    // Whichever ends first takes the other along, and with them both sockets.
    tokio::select! {
        () = requests => {}
        () = answers => {}
    }
}

async fn forward(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    left: &AtomicI64,
    mut look: impl FnMut(&[u8]),
) {
    let mut buffer = [0; 8192];
    while let Ok(read) = from.read(&mut buffer).await {
        let before = left.fetch_sub(i64::try_from(read).unwrap(), Ordering::SeqCst);
        let allowed = usize::try_from(before.max(0)).unwrap().min(read);
        look(&buffer[..allowed]);
        if to.write_all(&buffer[..allowed]).await.is_err() || allowed < read || read == 0 {
            return;
        }
    }
}

/// The messages in a stream of bytes from a client.
#[derive(Default)]
struct Frames {
    started: bool,
    header: Vec<u8>,
    left: usize,
}

impl Frames {
    /// How many messages of this kind begin in these bytes.
    fn count(&mut self, mut bytes: &[u8], kind: u8) -> usize {
        let mut found = 0;
        while !bytes.is_empty() {
            let skipped = self.left.min(bytes.len());
            (self.left, bytes) = (self.left - skipped, &bytes[skipped..]);
            // The first message has no kind.
            let length = if self.started { 5 } else { 4 };
            while self.left == 0 && self.header.len() < length && !bytes.is_empty() {
                self.header.push(bytes[0]);
                bytes = &bytes[1..];
            }
            if self.header.len() == length {
                found += usize::from(self.started && self.header[0] == kind);
                let size: [u8; 4] = self.header[length - 4..].try_into().unwrap();
                self.left = usize::try_from(u32::from_be_bytes(size)).unwrap() - 4;
                self.header.clear();
                self.started = true;
            }
        }
        found
    }
}
