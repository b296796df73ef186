//! A desk as a process of its own, with what it prints.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// What all processes of a desk printed so far.
pub type Printed = Arc<Mutex<Vec<String>>>;

/// How to start a desk.
#[derive(Clone)]
pub struct Place {
    pub name: &'static str,
    pub database: PathBuf,
    pub broker: String,
    /// It stays the same over restarts.
    pub address: String,
    pub printed: Printed,
}

/// A running desk, killed when it is dropped.
pub struct Desk {
    process: Child,
    reader: Option<JoinHandle<()>>,
}

impl Desk {
    /// Starts a desk, and waits until it serves. One that ends before that is started again, as a supervisor would.
    pub fn start(place: &Place) -> Self {
        for _ in 0..20 {
            if let Some(desk) = Self::try_start(place) {
                return desk;
            }
        }
        panic!("the desk {} does not start", place.name);
    }

    fn try_start(place: &Place) -> Option<Self> {
        let program = program();
        let mut process = Command::new(&program)
            .args(["--harsh", "--desk", place.name, "--listen", &place.address, "--broker", &place.broker])
            .arg("--store")
            .arg(&place.database)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let mut output = BufReader::new(process.stdout.take().unwrap());
        loop {
            let mut line = String::new();
            if output.read_line(&mut line).unwrap() == 0 {
                println!("a start of {} failed: {:?}", place.name, process.wait());
                return None;
            }
            if line.starts_with("serving") {
                break;
            }
            // The effects of the process before are taken up at once.
            place.printed.lock().unwrap().push(line);
        }
        let printed = Arc::clone(&place.printed);
        Some(Self { process, reader: Some(std::thread::spawn(move || listen(output, &printed))) })
    }

    /// `SIGKILL`, and waits until the process is gone and everything that it printed is known.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.end();
    }

    /// Ends it in good order.
    pub fn stop(&mut self) {
        self.signal("INT");
        self.end();
    }

    fn end(&mut self) {
        self.process.wait().unwrap();
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
    }

    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.process.id().to_string()]).status();
        assert!(sent.unwrap().success(), "kill -{name}");
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn listen(output: BufReader<ChildStdout>, printed: &Printed) {
    for line in output.lines() {
        // A line that a kill cut off is no line.
        let Ok(line) = line else { return };
        printed.lock().unwrap().push(line);
    }
}

/// The example's binary, which Cargo puts beside the tests of the same profile.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).expect("tests lie in `target/<profile>/deps`");
    let program = profile.join("examples").join(format!("freight{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.is_file(),
        "{} is missing\nhelp: run `cargo build --features nats --example freight` first, with the same profile",
        program.display()
    );
    program
}
