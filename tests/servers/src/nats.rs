//! NATS with `JetStream`.

use std::fs;
use std::io::Read as _;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use crate::process::{Home, Process, fetched, find, free_ports, on_path, wait_for};

/// A running server.
pub struct Nats {
    process: Mutex<Process>,
    program: PathBuf,
    port: u16,
    home: Home,
}

impl Nats {
    /// A server that syncs what it acknowledges, where it can be told to.
    #[must_use]
    pub fn start() -> Self {
        Self::with("")
    }

    /// The same with more in its configuration.
    #[must_use]
    pub fn with(settings: &str) -> Self {
        let mut places = on_path("nats-server");
        places.push(fetched().join("usr/sbin/nats-server"));
        let program = find("NATS", places);
        let ([port], home) = (free_ports(), Home::new("nats"));
        configure(&program, &home.path, port, settings);
        let process = Mutex::new(home.start(command(&program)));
        let server = Self { process, program, port, home };
        server.wait_until_ready();
        server
    }

    /// How to reach it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Ends it in good order.
    pub fn stop(&self) {
        self.process.lock().unwrap().end("TERM");
    }

    /// Ends it at once, as a crash would.
    pub fn kill(&self) {
        self.process.lock().unwrap().end("KILL");
    }

    /// Removes everything that it has kept; it has to be ended.
    pub fn wipe(&self) {
        let _ = fs::remove_dir_all(self.home.path.join("data"));
    }

    /// Starts it after its end, and waits until it takes connections.
    pub fn run_again(&self) {
        *self.process.lock().unwrap() = self.home.start(command(&self.program));
        self.wait_until_ready();
    }

    fn wait_until_ready(&self) {
        let process = self.process.lock().unwrap();
        wait_for("NATS", &self.home, &process, || {
            let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else { return false };
            stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
            let mut word = [0; 4];
            stream.read_exact(&mut word).is_ok() && word == *b"INFO"
        });
    }
}

fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(["--config", "nats.conf"]);
    command
}

/// Versions before 2.10 cannot be told when to sync.
fn configure(program: &Path, home: &Path, port: u16, settings: &str) {
    for sync in ["sync_interval: always", ""] {
        let text =
            format!("listen: \"127.0.0.1:{port}\"\njetstream {{ store_dir: data\n {sync} }}\n{settings}\n");
        fs::write(home.join("nats.conf"), text).unwrap();
        let mut check = command(program);
        check.arg("-t").current_dir(home).stdout(Stdio::null()).stderr(Stdio::null());
        if check.status().unwrap().success() {
            return;
        }
    }
    panic!("NATS does not understand its configuration: {settings}");
}
