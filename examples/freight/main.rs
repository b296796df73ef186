//! The freight desk as a service: one binary, one SQLite file, no server beside it.
//!
//! ```text
//! cargo run --example freight                      serve until Ctrl-C
//! cargo run --example freight -- --demo            drive it over HTTP from demo.json, and exit
//!                                --docs FOLDER     write what the model says into a folder, and exit
//!                                --database FILE   another database than freight.db
//!                                --listen ADDRESS  another address than 127.0.0.1:8080
//! ```

mod demo;
mod domain;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use cohesive::http::{HttpOptions, router, serve};
use cohesive::node::{Node, NodeOptions, System};
use cohesive::port::Ports;
use cohesive::render::documents;
use cohesive::store::sqlite::{SqliteOptions, SqliteStore};
use domain::{Shipment, Tender};
use tokio::net::TcpListener;

/// The version of the API and of the events.
const VERSION: &str = "0.1.0";

struct Arguments {
    demo: bool,
    docs: Option<PathBuf>,
    database: Option<PathBuf>,
    listen: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(mistake) => {
            eprintln!(
                "{mistake}\n\nusage: freight [--demo | --docs FOLDER] [--database FILE] [--listen ADDRESS]"
            );
            return ExitCode::from(2);
        }
    };
    match run(arguments).await {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<Arguments, String> {
    let mut read = Arguments { demo: false, docs: None, database: None, listen: None };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("`{argument}` needs a value"));
        match argument.as_str() {
            "--demo" => read.demo = true,
            "--docs" => read.docs = Some(PathBuf::from(value()?)),
            "--database" => read.database = Some(PathBuf::from(value()?)),
            "--listen" => read.listen = Some(value()?),
            _ => return Err(format!("unknown argument `{argument}`")),
        }
    }
    Ok(read)
}

async fn run(arguments: Arguments) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let system = System::new("freight").entity::<Tender>().entity::<Shipment>();
    if let Some(folder) = &arguments.docs {
        return write_documents(&system, folder);
    }
    let scratch = demo::Scratch::new();
    let (database, address) = if arguments.demo {
        (scratch.database(), "127.0.0.1:0")
    } else {
        (PathBuf::from("freight.db"), "127.0.0.1:8080")
    };
    let database = arguments.database.unwrap_or(database);
    let address = arguments.listen.as_deref().unwrap_or(address);

    let store = SqliteStore::open(&database, &system.structures(), SqliteOptions::default())?;
    let node = Node::start(system, Arc::new(store), Ports::system(), NodeOptions::default());
    let api = router(&node, HttpOptions { version: VERSION.to_owned(), ..HttpOptions::default() });
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
        welcome(&url, &database);
        serve(listener, api, async { drop(tokio::signal::ctrl_c().await) }).await;
        println!("stopping: inputs that were taken in are finished");
        ExitCode::SUCCESS
    };
    node.shutdown().await;
    Ok(code)
}

/// References, diagrams, schemas, the description of the events and the model itself: they need the model and nothing else.
fn write_documents(system: &System, folder: &Path) -> Result<ExitCode, Box<dyn std::error::Error>> {
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

fn welcome(url: &str, database: &Path) {
    println!("serving  {url}  from {}", database.display());
    println!("browse   {url}/docs");
    println!("document {url}/openapi.json");
    println!("events   {url}/asyncapi.json\n");
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
