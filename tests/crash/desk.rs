//! The freight desk as a process of its own.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use super::client::Client;

/// A running desk, killed when it is dropped.
pub struct Desk {
    process: Child,
    address: String,
    /// Kept open: a desk that cannot print would stop by itself.
    _output: BufReader<ChildStdout>,
}

impl Desk {
    /// Starts the desk on this file and waits until it says where it serves.
    pub fn start(database: &Path) -> Self {
        let program = program();
        let mut process = Command::new(&program)
            .args(["--listen", "127.0.0.1:0", "--database"])
            .arg(database)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let address = line.split_whitespace().nth(1).and_then(|url| url.strip_prefix("http://"));
        let address =
            address.unwrap_or_else(|| panic!("the desk did not start: {line:?}, {:?}", process.wait()));
        Self { address: address.to_owned(), process, _output: output }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn client(&self) -> Client {
        Client::connect(&self.address).unwrap()
    }

    /// `SIGKILL`, and waits until the process is gone.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The example's binary, which Cargo puts beside the tests of the same profile.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).expect("tests lie in `target/<profile>/deps`");
    let program = profile.join("examples").join(format!("freight{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.is_file(),
        "{} is missing\nhelp: `cargo test` builds it; when only this test was selected, run `cargo build --example \
         freight` first, with the same profile",
        program.display()
    );
    program
}
