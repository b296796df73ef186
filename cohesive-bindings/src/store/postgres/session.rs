//! One connection: its prepared statements, and requests that go out together.
//!
//! Requests of a flight are sent one after the other without waiting, and the server answers them in order: a whole
//! block takes one round trip. A session knows whether it can be used again. While a flight is under way it cannot,
//! so when the caller goes away in the middle of one, nobody gets a connection with a block that is still open (F13).

use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row, Statement};

use super::codec::Parameter;
use super::error::{self, unavailable};
use super::statements::{ROLLBACK, Sql};
use crate::store::{StoreError, StoreErrorKind};

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Cause {
    /// The server refused, or the connection broke.
    Driver(tokio_postgres::Error),
    /// There was none in time.
    Silence,
}

impl From<tokio_postgres::Error> for Cause {
    fn from(cause: tokio_postgres::Error) -> Self {
        Self::Driver(cause)
    }
}

impl Cause {
    const SILENT: &'static str = "the server did not answer in time";

    /// The failure, where nothing can have been committed.
    pub(super) fn failed(self) -> StoreError {
        match self {
            Self::Driver(cause) => error::failed(cause),
            Self::Silence => unavailable(Self::SILENT),
        }
    }

    /// The failure of what commits.
    pub(super) fn commit_failed(self) -> StoreError {
        match self {
            Self::Driver(cause) => error::commit_failed(cause),
            Self::Silence => error::error(StoreErrorKind::Unknown, Self::SILENT),
        }
    }

    /// The failure of what left it open whether anything was committed, whatever the server says.
    pub(super) fn unknown(self) -> StoreError {
        StoreError { kind: StoreErrorKind::Unknown, ..self.commit_failed() }
    }

    /// Whether the connection must not be used again.
    pub(super) fn is_broken(&self) -> bool {
        self.driver().is_none_or(error::is_broken)
    }

    pub(super) fn is(&self, what: fn(&tokio_postgres::Error) -> bool) -> bool {
        self.driver().is_some_and(what)
    }

    const fn driver(&self) -> Option<&tokio_postgres::Error> {
        match self {
            Self::Driver(cause) => Some(cause),
            Self::Silence => None,
        }
    }
}

/// One request of a flight.
pub(super) enum Request<'a> {
    /// A text without parameters or rows.
    Plain(&'static str),
    /// A prepared statement.
    Statement(Arc<Sql>, Vec<Parameter<'a>>),
}

/// What a flight leaves behind when all goes well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaves {
    /// No block: the connection can be used by anybody.
    Nothing,
    /// A block that this caller goes on with.
    Block,
}

/// What can be done with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    /// It waits for the next request, outside of any block.
    Clean,
    /// Requests are under way, or a block is open.
    Dirty,
    /// It is of no use any more.
    Broken,
}

/// One connection.
pub(super) struct Session {
    client: Client,
    /// Drives the connection, and ends with it.
    driver: JoinHandle<()>,
    condition: Condition,
    statements: Statements,
    patience: Duration,
    since: Instant,
}

impl Session {
    pub(super) fn new(client: Client, driver: JoinHandle<()>, statements: usize, patience: Duration) -> Self {
        let statements = Statements { kept: HashMap::new(), most: statements, uses: 0 };
        Self { client, driver, condition: Condition::Clean, statements, patience, since: Instant::now() }
    }

    pub(super) const fn client(&self) -> &Client {
        &self.client
    }

    /// What can be done with it now.
    pub(super) fn condition(&self) -> Condition {
        if self.client.is_closed() { Condition::Broken } else { self.condition }
    }

    /// How long ago it was opened.
    pub(super) fn age(&self) -> Duration {
        self.since.elapsed()
    }

    /// One statement.
    pub(super) async fn query(
        &mut self,
        sql: Arc<Sql>,
        parameters: Vec<Parameter<'_>>,
        leaves: Leaves,
    ) -> Result<Vec<Row>, Cause> {
        let mut answers = self.flight(vec![Request::Statement(sql, parameters)], leaves).await?;
        answers.pop().unwrap_or(Ok(Vec::new()))
    }

    /// Sends requests together, and gives their answers in the same order. The outer error is about the flight as a
    /// whole, before anything of it was sent.
    pub(super) async fn flight(
        &mut self,
        requests: Vec<Request<'_>>,
        leaves: Leaves,
    ) -> Result<Vec<Result<Vec<Row>, Cause>>, Cause> {
        self.condition = Condition::Dirty;
        let mut ready = Vec::with_capacity(requests.len());
        for request in requests {
            ready.push(match request {
                Request::Plain(text) => (Err(text), Vec::new()),
                Request::Statement(sql, parameters) => (Ok(self.prepared(&sql).await?), parameters),
            });
        }
        let client = &self.client;
        let answers =
            together(ready.iter().map(|(what, parameters)| answer(client, what.as_ref(), parameters)));
        let Ok(answers) = tokio::time::timeout(self.patience, answers).await else {
            self.condition = Condition::Broken;
            return Ok(ready.iter().map(|_| Err(Cause::Silence)).collect());
        };
        let answers: Vec<Result<_, Cause>> =
            answers.into_iter().map(|answer| answer.map_err(Cause::from)).collect();
        self.settle(&answers, leaves);
        Ok(answers)
    }

    fn settle(&mut self, answers: &[Result<Vec<Row>, Cause>], leaves: Leaves) {
        let broken = |answer: &Result<_, Cause>| answer.as_ref().is_err_and(Cause::is_broken);
        if answers.iter().any(broken) {
            self.condition = Condition::Broken;
        } else if leaves == Leaves::Nothing {
            self.condition = Condition::Clean;
        }
        if answers.iter().any(|answer| answer.as_ref().is_err_and(|cause| cause.is(error::is_stale))) {
            self.statements.kept.clear();
        }
    }

    /// The prepared form of a statement. Preparing takes a round trip, once per connection.
    async fn prepared(&mut self, sql: &Sql) -> Result<Statement, Cause> {
        if let Some(statement) = self.statements.get(sql.number) {
            return Ok(statement);
        }
        let preparing = self.client.prepare_typed(&sql.text, &sql.types);
        let statement = match tokio::time::timeout(self.patience, preparing).await {
            Ok(Ok(statement)) => statement,
            Ok(Err(cause)) => return Err(self.unprepared(cause.into())),
            Err(_) => return Err(self.unprepared(Cause::Silence)),
        };
        self.statements.put(sql.number, statement.clone());
        Ok(statement)
    }

    fn unprepared(&mut self, cause: Cause) -> Cause {
        // Nothing else has been sent, so unless a block was open before, none is open now; taking back costs little.
        self.condition = if cause.is_broken() { Condition::Broken } else { Condition::Dirty };
        cause
    }

    /// Ends whatever was left open. When this fails the connection is of no use.
    pub(super) async fn reset(&mut self) -> bool {
        let reset = self.flight(vec![Request::Plain(ROLLBACK)], Leaves::Nothing).await;
        let done = reset.is_ok_and(|answers| answers.iter().all(Result::is_ok));
        done && self.condition() == Condition::Clean
    }

    /// Lets go of the connection. One that nobody can use is cut off, so that a server that does not answer keeps
    /// nothing alive here.
    pub(super) fn discard(self) {
        if self.condition() != Condition::Clean {
            self.driver.abort();
        }
    }

    /// Says good-bye to the server, and waits until it is gone.
    pub(super) async fn close(self) {
        let Self { client, driver, statements, .. } = self;
        drop(statements);
        drop(client);
        let _ = driver.await;
    }
}

async fn answer(
    client: &Client,
    what: Result<&Statement, &&'static str>,
    parameters: &[Parameter<'_>],
) -> Result<Vec<Row>, tokio_postgres::Error> {
    match what {
        Ok(statement) => {
            let parameters: Vec<&(dyn ToSql + Sync)> =
                parameters.iter().map(|parameter| parameter as &(dyn ToSql + Sync)).collect();
            client.query(statement, &parameters).await
        }
        Err(text) => client.batch_execute(text).await.map(|()| Vec::new()),
    }
}

/// Polls futures in order, so that each sends its request after the one before it has.
async fn together<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<Pin<Box<F>>> = futures.map(Box::pin).collect();
    let mut outputs: Vec<Option<F::Output>> = running.iter().map(|_| None).collect();
    poll_fn(|context| {
        for (future, output) in running.iter_mut().zip(&mut outputs) {
            if output.is_none()
                && let Poll::Ready(done) = future.as_mut().poll(context)
            {
                *output = Some(done);
            }
        }
        if outputs.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    outputs.into_iter().flatten().collect()
}

/// The prepared statements of a connection. The one that was not used for the longest time gives way to a new one.
struct Statements {
    kept: HashMap<usize, (Statement, u64)>,
    most: usize,
    uses: u64,
}

impl Statements {
    fn get(&mut self, number: usize) -> Option<Statement> {
        self.uses += 1;
        let (statement, used) = self.kept.get_mut(&number)?;
        *used = self.uses;
        Some(statement.clone())
    }

    fn put(&mut self, number: usize, statement: Statement) {
        if self.kept.len() >= self.most {
            let oldest = self.kept.iter().min_by_key(|(_, (_, used))| *used).map(|(number, _)| *number);
            oldest.and_then(|number| self.kept.remove(&number));
        }
        self.kept.insert(number, (statement, self.uses));
    }
}
