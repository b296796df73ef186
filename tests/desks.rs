//! Two desks in two processes, as the manual starts them: a tender that is accepted at one ends as a shipment at the other,
//! on PostgreSQL here and SQLite there, over a broker and HTTP.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test reports by panicking")]
#![allow(clippy::disallowed_methods, reason = "how long a wait lasts at the most is told by a clock")]

#[path = "../cohesive-bindings/tests/postgres/server.rs"]
#[allow(dead_code, reason = "one server is started and nothing is done to it")]
mod postgres;

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use cohesive_servers::{Nats, RabbitMq};
use serde_json::{Value as Json, json};

/// After how long something is taken for lost.
const PATIENCE: Duration = Duration::from_mins(1);
const TENDERS: usize = 25;

/// A desk as a process of its own.
struct Desk {
    process: Child,
    url: String,
    agent: ureq::Agent,
}

impl Desk {
    /// Starts it as the manual says, and waits until it serves.
    fn start(name: &str, store: &str, broker: &str) -> Self {
        let test = std::env::current_exe().unwrap();
        let program = test.parent().and_then(Path::parent).unwrap().join("examples/freight");
        let mut process = Command::new(&program)
            .args(["--desk", name, "--store", store, "--broker", broker, "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let serving = lines.find_map(|line| line.strip_prefix("serving  ").map(str::to_owned));
        let Some(serving) = serving else { panic!("the desk {name} does not start: {:?}", process.wait()) };
        let url = serving.split(' ').next().unwrap().to_owned();
        // Somebody has to read what it prints.
        std::thread::spawn(move || lines.for_each(drop));
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .build()
            .into();
        Self { process, url, agent }
    }

    fn post(&self, path: &str, correlation: &str, body: &Json) -> Json {
        let request = self.agent.post(format!("{}{path}", self.url));
        let request = request.header("Content-Type", "application/json");
        let request = request.header("Idempotency-Key", correlation).header("X-Correlation-Id", correlation);
        let mut answer = request.send(body.to_string()).unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        assert!(answer.status().is_success(), "POST {path}: {} {text}", answer.status());
        serde_json::from_str(&text).unwrap()
    }

    fn get(&self, path: &str) -> Option<Json> {
        let mut answer = self.agent.get(format!("{}{path}", self.url)).call().unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        match answer.status().as_u16() {
            200 => Some(serde_json::from_str(&text).unwrap()),
            404 => None,
            status => panic!("GET {path}: {status} {text}"),
        }
    }

    /// Asks until what is there is what is waited for.
    fn until(&self, path: &str, is_there: impl Fn(&Json) -> bool) -> Json {
        let start = Instant::now();
        loop {
            let found = self.get(path);
            if let Some(found) = found.as_ref().filter(|found| is_there(found)) {
                return found.clone();
            }
            assert!(start.elapsed() < PATIENCE, "waited in vain for {path}: {found:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Ends it in good order.
    fn stop(mut self) {
        let asked = Command::new("kill").arg("-TERM").arg(self.process.id().to_string()).status().unwrap();
        assert!(asked.success());
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                break status;
            }
            assert!(start.elapsed() < PATIENCE, "{} does not end", self.url);
            std::thread::sleep(Duration::from_millis(10));
        };
        assert_eq!(status.code(), Some(0));
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn published(items: &Json) -> bool {
    items["items"].as_array().unwrap().iter().all(|item| item["published_at"].is_string())
}

/// A81, B43 and the first line of what is done: over real sockets, asked by HTTP.
fn accepted_here_is_shipped_there(broker: &str) {
    let (server, folder) = (postgres::Server::start(&[]), tempfile::tempdir().unwrap());
    let host = server.home().display().to_string().replace('/', "%2F");
    // Who follows comes first: what no queue takes is refused by one of the brokers.
    let file = folder.path().join("shipments.db").display().to_string();
    let shipments = Desk::start("shipments", &file, broker);
    let tenders = Desk::start("tenders", &format!("postgres://postgres@{host}/postgres"), broker);
    let ids: Vec<String> = (0..TENDERS).map(|number| format!("T-{number}")).collect();
    for id in &ids {
        let offer = json!({ "id": id, "expiration": "2030-01-01T00:00:00Z" });
        tenders.post("/tenders/offer", &format!("offer-{id}"), &offer);
        let accept = json!({ "partner_id": format!("P-{id}"), "accepted_at": "2029-12-31T23:59:59Z" });
        tenders.post(&format!("/tenders/{id}/accept"), &format!("load-{id}"), &accept);
    }
    let mut causes = BTreeSet::new();
    for id in &ids {
        let said = tenders.until(&format!("/tenders/{id}/outbox"), published);
        let accepted = &said["items"][0];
        assert_eq!(
            (&accepted["name"], &accepted["correlation"]),
            (&json!("TenderAccepted"), &json!(format!("load-{id}")))
        );
        let shipment = shipments.until(&format!("/shipments/{id}"), |_| true);
        assert!(shipment.to_string().contains(&format!("\"P-{id}\"")), "{shipment}");
        let led_to = shipments.until(&format!("/shipments/{id}/outbox"), published);
        let booked = &led_to["items"][0];
        assert_eq!(led_to["items"].as_array().unwrap().len(), 1, "{led_to}");
        assert_eq!(booked["name"], "ShipmentBooked");
        assert_eq!(booked["correlation"], accepted["correlation"], "{id}");
        assert_eq!(booked["causation"], accepted["id"], "{id}");
        assert!(causes.insert(accepted["id"].as_str().unwrap().to_owned()));
    }
    let listed = shipments.get("/shipments?limit=1000").unwrap()["items"].as_array().unwrap().len();
    println!("{broker}: tenders accepted {TENDERS}, shipments booked {listed}, causes {}", causes.len());
    assert_eq!((listed, causes.len()), (TENDERS, TENDERS));
    tenders.stop();
    shipments.stop();
}

#[test]
fn a_tender_accepted_at_one_desk_is_a_shipment_at_another_over_nats() {
    let broker = Nats::start();
    accepted_here_is_shipped_there(&broker.url());
}

#[test]
fn a_tender_accepted_at_one_desk_is_a_shipment_at_another_over_rabbitmq() {
    let broker = RabbitMq::start();
    accepted_here_is_shipped_there(&broker.url());
}
