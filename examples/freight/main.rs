//! The freight desk as a service: one binary, one SQLite file, no server beside it. Or several, with servers between.
//!
//! ```text
//! cargo run --example freight                      serve until Ctrl-C
//! cargo run --example freight -- --demo            drive it over HTTP from demo.json, and exit
//!                                --docs FOLDER     write what the model says into a folder, and exit
//!                                --store ADDRESS   another store than the file freight.db: a file, or postgres://…
//!                                --broker ADDRESS  another broker than in-process: nats://… or amqp://…
//!                                --desk NAME       serve tenders or shipments, and not all
//!                                --listen ADDRESS  another address than 127.0.0.1:8080
//!                                --harsh           short spans, and a broker that knows no repeats: for tests of crashes
//!                                outbox list       what is parked, and more for operators: `outbox`, `effects`, `parked`, `inbox`
//! ```
//!
//! A tender that is accepted at one desk ends as a shipment at another:
//!
//! ```text
//! cargo run --example freight -- --desk tenders --store postgres://… --broker nats://…
//! cargo run --example freight -- --desk shipments --store shipments.db --broker nats://… --listen 127.0.0.1:8081
//! ```

mod demo;
mod domain;
mod gateway;
mod service;

use std::io::{stderr, stdout};
use std::iter::once;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cohesive::http::{HttpOptions, router, serve};
use cohesive::node::{Node, NodeOptions, System};
use cohesive::operate::{Operations, until_signal};
use cohesive::port::Ports;
use cohesive::render::documents;
use service::{Desk, Failure, Missing, Service, Spans};
use tokio::net::TcpListener;

/// The version of the API and of the events.
const VERSION: &str = "0.1.0";

struct Arguments {
    demo: bool,
    docs: Option<PathBuf>,
    store: Option<String>,
    broker: Option<String>,
    desk: Desk,
    spans: Spans,
    listen: Option<String>,
    operation: Vec<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(mistake) => {
            eprintln!(
                "{mistake}\n\nusage: freight [--demo | --docs FOLDER] [--store ADDRESS] [--broker ADDRESS] \
                 [--desk NAME] [--listen ADDRESS] [--harsh] [outbox … | effects … | parked … | inbox …]"
            );
            return ExitCode::from(2);
        }
    };
    match run(arguments).await {
        Ok(code) => code,
        Err(failure) => {
            if let Some(missing) = failure.downcast_ref::<Missing>() {
                return built_with(missing);
            }
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

/// Cargo builds an example with the default features, which have no servers. Where cargo runs this, it builds and runs it
/// again with the features that the addresses need.
fn built_with(missing: &Missing) -> ExitCode {
    const ALL: &str = "postgres,nats,rabbitmq";
    let again = std::env::var_os("COHESIVE_FREIGHT_BUILT").is_some();
    let (Some(cargo), false) = (std::env::var_os("CARGO"), again) else {
        eprintln!("{missing}");
        return ExitCode::FAILURE;
    };
    eprintln!("building with the features {ALL}, which these addresses need");
    let mut command = std::process::Command::new(cargo);
    command.args(["run", "--quiet", "--features", ALL, "--example", "freight", "--"]);
    let status = command.args(std::env::args().skip(1)).env("COHESIVE_FREIGHT_BUILT", "1").status();
    match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn arguments() -> Result<Arguments, String> {
    let mut read = Arguments {
        demo: false,
        docs: None,
        store: None,
        broker: None,
        desk: Desk::All,
        spans: Spans::default(),
        listen: None,
        operation: Vec::new(),
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("`{argument}` needs a value"));
        match argument.as_str() {
            "--demo" => read.demo = true,
            "--harsh" => read.spans.harsh = true,
            "--docs" => read.docs = Some(PathBuf::from(value()?)),
            "--store" | "--database" => read.store = Some(value()?),
            "--broker" => read.broker = Some(value()?),
            "--desk" => read.desk = Desk::named(&value()?)?,
            "--listen" => read.listen = Some(value()?),
            word if Operations::has(word) => read.operation = once(argument).chain(&mut arguments).collect(),
            _ => return Err(format!("unknown argument `{argument}`")),
        }
    }
    Ok(read)
}

async fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let system = arguments.desk.system();
    if let Some(folder) = &arguments.docs {
        return write_documents(&system, folder);
    }
    let scratch = demo::Scratch::new();
    let (database, address) = if arguments.demo {
        (scratch.database().display().to_string(), "127.0.0.1:0")
    } else {
        ("freight.db".to_owned(), "127.0.0.1:8080")
    };
    let database = arguments.store.unwrap_or(database);
    let address = arguments.listen.as_deref().unwrap_or(address);
    let broker_address = arguments.broker.as_deref().unwrap_or("in-process");

    let store = service::store(&database, &system).await?;
    if !arguments.operation.is_empty() {
        let node = Node::start(system.clone(), store.clone(), Ports::system(), NodeOptions::default());
        let operations = Operations::new(&system, store).applied_by(&node);
        return Ok(operations.run(arguments.operation, &mut stdout(), &mut stderr()).await.into());
    }
    let broker = service::broker(broker_address, &system, arguments.spans).await?;
    let service = Service::start(arguments.desk, &store, broker, arguments.spans)?;
    let api = router(&service.node, HttpOptions { version: VERSION.to_owned(), ..HttpOptions::default() });
    let listener = TcpListener::bind(address).await.map_err(|error| {
        format!(
            "cannot listen on {address}: {error}\nhelp: choose another address with `--listen 127.0.0.1:8081`"
        )
    })?;
    let url = format!("http://{}", listener.local_addr()?);

    let code = if arguments.demo {
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let server = tokio::spawn(serve(listener, api, async { drop(stopped.await) }));
        let code = tokio::task::spawn_blocking(move || demo::drive(&url)).await?;
        drop(stop);
        server.await?;
        code
    } else {
        welcome(&url, &database, arguments.desk);
        serve(listener, api, until_signal()).await;
        println!("stopping: inputs that were taken in are finished");
        ExitCode::SUCCESS
    };
    let relay = service.relay.clone();
    service.stop().await;
    if !arguments.demo {
        let metrics = relay.metrics();
        let (published, fenced, lost) = (metrics.published, metrics.fenced, metrics.lanes_lost);
        println!("stopped: {published} messages published, {fenced} settlements fenced, {lost} lanes lost");
    }
    Ok(code)
}

/// References, diagrams, schemas, the description of the events and the model itself: they need the model and nothing else.
fn write_documents(system: &System, folder: &Path) -> Result<ExitCode, Failure> {
    let entities: Vec<_> = system.entities().iter().map(|served| served.model).collect();
    for document in
        documents("Freight desk", VERSION, "Loads are tendered, and shipped by who accepts them.", &entities)
    {
        let path = folder.join(&document.path);
        std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
        std::fs::write(path, document.text)?;
    }
    println!("written to {}", folder.display());
    Ok(ExitCode::SUCCESS)
}

fn welcome(url: &str, database: &str, desk: Desk) {
    println!("serving  {url}  from {database}");
    println!("browse   {url}/docs");
    println!("document {url}/openapi.json");
    println!("events   {url}/asyncapi.json\n");
    if desk == Desk::Shipments {
        println!("Shipments are booked when tenders are accepted elsewhere:\n\ncurl -i {url}/shipments\n");
        return;
    }
    println!("Offer a tender, accept it, and look at the messages that the acceptance owes the world:\n");
    println!(
        "curl -i {url}/tenders/offer -H 'Content-Type: application/json' \
         -d '{{\"id\":\"T-1\",\"expiration\":\"2030-01-01T00:00:00Z\"}}'"
    );
    println!(
        "curl -i {url}/tenders/T-1/accept -H 'Content-Type: application/json' -H 'Idempotency-Key: accept-T-1' \
         -d '{{\"partner_id\":\"P-7\",\"accepted_at\":\"2029-12-31T23:59:59Z\"}}'"
    );
    println!("curl -i {url}/tenders/T-1/outbox\n");
}
