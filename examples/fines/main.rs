//! Applies the event log of a fines register, row by row, through the transitions of 100 fines.
//!
//! ```text
//! cargo run --release --example fines -- --log road-traffic-fines.csv [--database fines.db]
//! cargo run --release --example fines -- [--database fines.db] outbox list
//! ```
//!
//! Each row is an input with an idempotency key of its own, so a second run over the same database changes
//! nothing and prints the same. What the model does not permit is printed as the rejection that names it.

mod domain;
mod log;

use std::collections::BTreeMap;
use std::io::{stderr, stdout};
use std::iter::once;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use cohesive::kernel::{Create, Entity, Input, Structure, Update};
use cohesive::node::{Failure, IdempotencyKey, Node, NodeOptions, Outcome, Request, System};
use cohesive::operate::Operations;
use cohesive::port::Ports;
use cohesive::store::sqlite::{SqliteOptions, SqliteStore};
use cohesive::store::{ListQuery, OutboxQuery, StoreError};
use cohesive::{Boundary, Decimal};
use domain::{Fine, FineId};
use log::{Cases, Entry, Row};

/// Keys of an import are kept for ever, as far as people are concerned.
const FOR_EVER: Duration = Duration::from_hours(100 * 365 * 24);

struct Arguments {
    log: PathBuf,
    database: PathBuf,
    operation: Vec<String>,
}

/// What became of one row.
struct Applied {
    line: u64,
    fine: FineId,
    activity: String,
    status: u16,
    document: serde_json::Value,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(mistake) => {
            eprintln!("{mistake}\n\nusage: fines [--database FILE] (--log LOG.csv | outbox … | inbox …)");
            return ExitCode::from(2);
        }
    };
    if !arguments.operation.is_empty() {
        return operate(arguments).await.unwrap_or_else(|failure| {
            eprintln!("{failure}");
            ExitCode::FAILURE
        });
    }
    let cases = match log::read(&arguments.log) {
        Ok(cases) => cases,
        Err(mistakes) => {
            for mistake in &mistakes {
                eprintln!("{}: {mistake}", arguments.log.display());
            }
            eprintln!("{} row(s) cannot be read; nothing was applied", mistakes.len());
            return ExitCode::FAILURE;
        }
    };
    match import(cases, &arguments.database).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("the import stopped: {failure}\nrun it again: what was applied stays applied");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<Arguments, String> {
    let (mut log, mut database, mut operation) = (None, PathBuf::from("fines.db"), Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("`{argument}` needs a value"));
        match argument.as_str() {
            "--log" => log = Some(PathBuf::from(value()?)),
            "--database" => database = PathBuf::from(value()?),
            word if Operations::has(word) => operation = once(argument).chain(&mut arguments).collect(),
            _ => return Err(format!("unknown argument `{argument}`")),
        }
    }
    match (&log, operation.is_empty()) {
        (None, true) => Err("`--log` is missing".to_owned()),
        (Some(_), false) => Err("`--log` and what operators do exclude each other".to_owned()),
        _ => Ok(Arguments { log: log.unwrap_or_default(), database, operation }),
    }
}

fn system() -> System {
    System::new("fines").entity::<Fine>()
}

fn store(database: &Path) -> Result<Arc<SqliteStore>, StoreError> {
    SqliteStore::open(database, &system().structures(), SqliteOptions::default()).map(Arc::new)
}

/// What an operator asks for.
async fn operate(arguments: Arguments) -> Result<ExitCode, StoreError> {
    let operations = Operations::new(&system(), store(&arguments.database)?);
    Ok(operations.run(arguments.operation, &mut stdout(), &mut stderr()).await.into())
}

async fn import(cases: Cases, database: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let options = NodeOptions { receipt_retention: FOR_EVER, ..NodeOptions::default() };
    let node = Node::start(system(), store(database)?, Ports::system(), options);
    // Fines do not wait for each other; the rows of one fine follow one another.
    let tasks: Vec<_> = cases.into_iter().map(|(_, rows)| tokio::spawn(case(node.clone(), rows))).collect();
    let mut applied = Vec::new();
    for task in tasks {
        applied.extend(task.await??);
    }
    applied.sort_by_key(|row| row.line);
    report(&node, &applied).await?;
    node.shutdown().await;
    Ok(())
}

/// The rows of one fine, in order.
async fn case(node: Node, rows: Vec<Row>) -> Result<Vec<Applied>, Failure> {
    let mut applied = Vec::new();
    for (ordinal, row) in rows.into_iter().enumerate() {
        let request = Request {
            key: IdempotencyKey::new("import", &format!("{}-{ordinal}", row.fine)).ok(),
            ..Request::default()
        };
        let (status, body) = submit(&node, &row.fine, row.entry, request).await?;
        let document = serde_json::from_slice(&body).unwrap_or_default();
        applied.push(Applied { line: row.line, fine: row.fine, activity: row.activity, status, document });
    }
    Ok(applied)
}

async fn submit(
    node: &Node,
    fine: &FineId,
    entry: Entry,
    request: Request,
) -> Result<(u16, Vec<u8>), Failure> {
    match entry {
        Entry::Create(input) => create(node, fine, input, request).await,
        Entry::Send(input) => update(node, fine, input, request).await,
        Entry::Notify(input) => update(node, fine, input, request).await,
        Entry::AddPenalty(input) => update(node, fine, input, request).await,
        Entry::Pay(input) => update(node, fine, input, request).await,
        Entry::FileAppeal(input) => update(node, fine, input, request).await,
        Entry::ForwardAppeal(input) => update(node, fine, input, request).await,
        Entry::ReceiveAppealResult(input) => update(node, fine, input, request).await,
        Entry::NotifyAppealResult(input) => update(node, fine, input, request).await,
        Entry::SendToCollection(input) => update(node, fine, input, request).await,
    }
}

async fn create<I: Create<Entity = Fine>>(
    node: &Node,
    fine: &FineId,
    input: I,
    request: Request,
) -> Result<(u16, Vec<u8>), Failure> {
    Ok(answer(fine, &node.create(input, request).await?))
}

async fn update<I: Update<Entity = Fine>>(
    node: &Node,
    fine: &FineId,
    input: I,
    request: Request,
) -> Result<(u16, Vec<u8>), Failure> {
    Ok(answer(fine, &node.update(fine, input, request).await?))
}

fn answer<I: Input>(fine: &FineId, outcome: &Outcome<I>) -> (u16, Vec<u8>) {
    let reply = outcome.reply(&fine.to_string());
    (reply.status, reply.body)
}

/// Totals from the database, and the rows that the model refused.
async fn report(node: &Node, applied: &[Applied]) -> Result<(), Box<dyn std::error::Error>> {
    let query = |after| ListQuery { structure: Fine::STRUCTURE, filters: Vec::new(), after, limit: 1000 };
    let fines = node.list::<Fine>(query(None)).await?;
    let mut messages = 0;
    for (fine, _) in &fines {
        let entity_id = fine.id.to_string();
        let query = OutboxQuery { entity: Fine::MODEL.name(), entity_id, after: None, limit: 1000 };
        messages += node.outbox(query).await?.len();
    }
    let mut states: BTreeMap<String, (usize, Decimal, Decimal)> = BTreeMap::new();
    for (fine, _) in &fines {
        let (count, paid, outstanding) = states.entry(fine.status.to_string()).or_default();
        *count += 1;
        *paid += fine.paid;
        *outstanding += fine.outstanding;
    }
    let refused: Vec<&Applied> = applied.iter().filter(|row| row.status >= 400).collect();
    println!(
        "{} log entries: {} applied, {} refused",
        applied.len(),
        applied.len() - refused.len(),
        refused.len()
    );
    println!("\n{:<14} {:>5} {:>12} {:>12}", "state", "fines", "paid", "outstanding");
    for (state, (count, paid, outstanding)) in &states {
        println!("{state:<14} {count:>5} {paid:>12.2} {outstanding:>12.2}");
    }
    let (paid, outstanding) =
        states.values().fold((Decimal::ZERO, Decimal::ZERO), |sum, (_, paid, outstanding)| {
            (sum.0 + paid, sum.1 + outstanding)
        });
    println!("{:<14} {:>5} {paid:>12.2} {outstanding:>12.2}", "all", fines.len());
    println!("\n{messages} messages wait in the outbox (boundary: {})", Boundary::OutboxCommitted);
    println!("\ndeviations from the model: {}", refused.len());
    for row in refused {
        let text =
            |member: &str| row.document.get(member).and_then(|value| value.as_str()).unwrap_or("").to_owned();
        println!(
            "  line {:>3}, fine {}, {}: {} ({})",
            row.line,
            row.fine,
            row.activity,
            text("code"),
            text("detail")
        );
    }
    Ok(())
}
