//! HTTP/1.1 over one kept connection, with nothing between the test and the bytes: no retry, no pool.

use std::fmt;
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use super::load::Call;

/// Long enough for a busy machine, short enough to end a run that hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// A complete answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Reply {
    #[allow(dead_code, reason = "the same")]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self}"))
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.status, String::from_utf8_lossy(&self.body))
    }
}

/// One connection.
pub struct Client(BufReader<TcpStream>);

impl Client {
    pub fn connect(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self(BufReader::new(stream)))
    }

    pub fn post(&mut self, call: &Call) -> io::Result<Reply> {
        let Call { path, key, body, .. } = call;
        let length = body.len();
        self.exchange(&format!(
            "POST {path} HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        ))
    }

    #[allow(dead_code, reason = "not every test that shares this client reads what must be there")]
    pub fn get(&mut self, path: &str) -> Reply {
        self.try_get(path).unwrap_or_else(|error| panic!("GET {path}: {error}"))
    }

    /// The same where the desk may be gone.
    pub fn try_get(&mut self, path: &str) -> io::Result<Reply> {
        self.exchange(&format!("GET {path} HTTP/1.1\r\nHost: desk\r\n\r\n"))
    }

    /// Sends a request and reads the whole answer; an answer that breaks off is an error.
    fn exchange(&mut self, request: &str) -> io::Result<Reply> {
        self.0.get_mut().write_all(request.as_bytes())?;
        let status = self.line()?;
        let status = status.split(' ').nth(1).and_then(|word| word.parse().ok());
        let mut length = None;
        loop {
            let header = self.line()?.to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().ok();
            }
        }
        let (Some(status), Some(length)) = (status, length) else {
            return Err(io::Error::new(ErrorKind::InvalidData, "an answer without status or length"));
        };
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        Ok(Reply { status, body })
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        match line.strip_suffix("\r\n") {
            Some(line) => Ok(line.to_owned()),
            None => Err(ErrorKind::UnexpectedEof.into()),
        }
    }
}
