//! The servers of the tests start, end in either way, start again, and leave nothing behind.

#![expect(clippy::unwrap_used, reason = "a test reports by panicking")]

use std::net::TcpStream;
use std::process::{Command, Stdio};

use cohesive_servers::{Nats, RabbitMq};

/// Whether somebody listens where this address says.
fn answers(url: &str) -> bool {
    let place = url.rsplit(['/', '@']).find(|part| part.contains(':')).unwrap();
    TcpStream::connect(place).is_ok()
}

#[test]
fn nats_starts_and_ends() {
    let server = Nats::start();
    assert!(answers(&server.url()));
    server.stop();
    assert!(!answers(&server.url()));
    server.run_again();
    server.kill();
    assert!(!answers(&server.url()));
    server.run_again();
    let url = server.url();
    drop(server);
    assert!(!answers(&url));
}

#[test]
fn rabbitmq_starts_and_ends() {
    let server = RabbitMq::start();
    assert!(answers(&server.url()));
    server.kill();
    assert!(!answers(&server.url()));
    server.run_again();
    server.stop();
    server.run_again();
    let url = server.url();
    drop(server);
    assert!(!answers(&url));
}

/// This test runs itself as another process, and ends that at once.
#[test]
fn servers_end_with_the_tests_however_those_end() {
    const ROLE: &str = "COHESIVE_SERVERS_TEST";
    if std::env::var_os(ROLE).is_some() {
        let (nats, rabbitmq) = (Nats::start(), RabbitMq::start());
        println!("\nurls {} {}", nats.url(), rabbitmq.url());
        loop {
            std::thread::park();
        }
    }
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "servers_end_with_the_tests_however_those_end", "--nocapture"]).env(ROLE, "1");
    let mut tests = command.stdout(Stdio::piped()).spawn().unwrap();
    let output = std::io::BufReader::new(tests.stdout.take().unwrap());
    let line = std::io::BufRead::lines(output).map(Result::unwrap).find(|line| line.starts_with("urls "));
    let urls: Vec<String> = line.unwrap().split(' ').skip(1).map(str::to_owned).collect();
    assert!(urls.iter().all(|url| answers(url)), "{urls:?}");
    tests.kill().unwrap();
    tests.wait().unwrap();
    // A process of its own does it, a moment later.
    for _ in 0..1000 {
        if !urls.iter().any(|url| answers(url)) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("{urls:?} are still there");
}
