//! The same deposits by hand: rusqlite, the same columns, the same durability.

use std::path::Path;
use std::sync::Mutex;

use rusqlite::Connection;
use serde::Serialize;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

/// How many inputs one commit takes at most, as many as a node does.
const BATCH: usize = 256;

/// What a careful person writes: the same tables as the library, without the checks that the library adds to columns.
const TABLES: &str = "
CREATE TABLE account (
  id TEXT NOT NULL PRIMARY KEY,
  balance INTEGER NOT NULL,
  deposits INTEGER NOT NULL,
  deposited_at INTEGER,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE outbox (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id BLOB NOT NULL,
  entity TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  role TEXT NOT NULL,
  name TEXT NOT NULL,
  payload TEXT NOT NULL,
  transition_name TEXT NOT NULL,
  correlation TEXT NOT NULL,
  causation TEXT,
  actor TEXT,
  occurred_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  published_at INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER NOT NULL DEFAULT 0,
  parked_at INTEGER,
  last_error TEXT,
  UNIQUE (entity, entity_id, version, ordinal)
) STRICT;
CREATE INDEX pending ON outbox (next_attempt_at, position) WHERE published_at IS NULL AND parked_at IS NULL;
";

const SELECT: &str = "SELECT version, balance, deposits FROM account WHERE id = ?1";
const UPDATE: &str = "UPDATE account SET version = ?3, balance = ?4, deposits = ?5, deposited_at = ?6 WHERE id = ?1 AND version = ?2";
const INSERT: &str = "INSERT INTO outbox (message_id, entity, entity_id, version, ordinal, role, name, payload, transition_name, correlation, causation, actor, occurred_at, recorded_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, NULL, NULL, ?11, ?12)";

/// Makes the tables.
pub fn prepare(path: &Path) -> rusqlite::Result<()> {
    open(path)?.execute_batch(TABLES)
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update_and_check(None, "wal_autocheckpoint", 4000, |_| Ok(()))?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// One input.
pub struct Deposit {
    pub account: String,
    pub amount: i64,
    pub at: i64,
    pub correlation: String,
}

impl Deposit {
    pub fn new(account: &str, amount: i64) -> Self {
        let at = crate::now().as_micros();
        Self { account: account.to_owned(), amount, at, correlation: Uuid::now_v7().to_string() }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("there is no such account")]
    NotFound,
    #[error("a deposit is positive")]
    NotPositive,
    #[error("too much")]
    Overflow,
    #[error("somebody else changed it")]
    Conflict,
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error("the writer is gone")]
    Gone,
}

#[derive(Serialize)]
struct Deposited<'a> {
    account_id: &'a str,
    amount: i64,
    balance: i64,
}

#[derive(Serialize)]
struct SendStatement<'a> {
    account_id: &'a str,
    balance: i64,
}

/// Load, decide, write state and both messages. The new version.
fn apply(connection: &Connection, deposit: &Deposit) -> Result<i64, Refused> {
    let mut select = connection.prepare_cached(SELECT)?;
    let mut rows = select.query([&deposit.account])?;
    let row = rows.next()?.ok_or(Refused::NotFound)?;
    let (version, balance, deposits): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
    if deposit.amount <= 0 {
        return Err(Refused::NotPositive);
    }
    let balance = balance.checked_add(deposit.amount).ok_or(Refused::Overflow)?;
    let deposits = deposits.checked_add(1).ok_or(Refused::Overflow)?;
    let next = version + 1;
    let mut update = connection.prepare_cached(UPDATE)?;
    if update.execute((&deposit.account, version, next, balance, deposits, deposit.at))? != 1 {
        return Err(Refused::Conflict);
    }
    let account_id = deposit.account.as_str();
    let event = serde_json::to_string(&Deposited { account_id, amount: deposit.amount, balance })?;
    let request = serde_json::to_string(&SendStatement { account_id, balance })?;
    let mut insert = connection.prepare_cached(INSERT)?;
    let messages = [("event", "Deposited", event), ("request", "SendStatement", request)];
    for (ordinal, (role, name, payload)) in (0_i64..).zip(messages) {
        let id = Uuid::now_v7();
        insert.execute((
            id.as_bytes().as_slice(),
            "Account",
            account_id,
            next,
            ordinal,
            role,
            name,
            payload,
            "deposit",
            &deposit.correlation,
            deposit.at,
            deposit.at,
        ))?;
    }
    Ok(next)
}

fn transaction<T>(connection: &Connection, work: impl FnOnce() -> Result<T, Refused>) -> Result<T, Refused> {
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute(())?;
    let done = work().and_then(|done| {
        connection.prepare_cached("COMMIT")?.execute(())?;
        Ok(done)
    });
    if done.is_err() {
        connection.execute_batch("ROLLBACK")?;
    }
    done
}

/// One connection behind a lock, and one commit per input.
pub struct OnePerCommit(Mutex<Connection>);

impl OnePerCommit {
    pub fn open(path: &Path) -> rusqlite::Result<Self> {
        Ok(Self(Mutex::new(open(path)?)))
    }

    pub fn deposit(&self, deposit: &Deposit) -> Result<i64, Refused> {
        let connection = self.0.lock().map_err(|_| Refused::Gone)?;
        transaction(&connection, || apply(&connection, deposit))
    }
}

type Waiting = (Deposit, oneshot::Sender<Result<i64, Refused>>);

/// One thread that takes what waits and commits it together.
#[derive(Clone)]
pub struct Grouped(mpsc::Sender<Waiting>);

impl Grouped {
    pub fn open(path: &Path) -> rusqlite::Result<(Self, std::thread::JoinHandle<()>)> {
        let connection = open(path)?;
        let (sender, queue) = mpsc::channel(4096);
        let writer = std::thread::spawn(move || write(&connection, queue));
        Ok((Self(sender), writer))
    }

    pub async fn deposit(&self, deposit: Deposit) -> Result<i64, Refused> {
        let (answer, answered) = oneshot::channel();
        self.0.send((deposit, answer)).await.map_err(|_| Refused::Gone)?;
        answered.await.unwrap_or(Err(Refused::Gone))
    }
}

fn write(connection: &Connection, mut queue: mpsc::Receiver<Waiting>) {
    let mut waiting = Vec::with_capacity(BATCH);
    while queue.blocking_recv_many(&mut waiting, BATCH) > 0 {
        let applied = transaction(connection, || {
            Ok(waiting.iter().map(|(deposit, _)| apply(connection, deposit)).collect::<Vec<_>>())
        });
        match applied {
            Ok(outcomes) => {
                for ((_, answer), outcome) in waiting.drain(..).zip(outcomes) {
                    let _ = answer.send(outcome);
                }
            }
            // Nobody's input took effect; each caller learns it by the closed channel.
            Err(_) => waiting.clear(),
        }
    }
}
