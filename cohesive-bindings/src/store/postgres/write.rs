//! Commits.
//!
//! Mostly a batch is one statement, and so one transaction and one round trip. A batch that writes different kinds of
//! rows is a block of several, sent in one flight. A unit that is refused leaves its neighbours alone, because the
//! statement itself passes on which units are done. Only what a statement cannot see when it begins makes it fail as
//! a whole; then, and where units need each other, the batch is applied step by step in one block, each statement
//! with a savepoint, and one that fails is divided until the culprit stands alone.

use cohesive_core::value::{Datum, Timestamp};

use super::codec::Parameter;
use super::error;
use super::parameters;
use super::read;
use super::refusal;
use super::session::{Cause, Leaves, Request, Session};
use super::statements::{BEGIN, COMMIT, Catalogue, Purpose, RELEASE, ROLLBACK, SAVEPOINT, UNDO};
use super::waves::{self, Group};
use crate::store::{StoreError, StoreErrorKind, Unit, UnitOutcome};

/// Why a batch was not committed this time.
pub(super) enum Stop {
    /// Nothing was committed, and the same may succeed next time.
    Again(StoreError),
    /// It would fail again, or it is not known whether it was committed.
    Final(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Final(error)
    }
}

impl From<read::Stop> for Stop {
    /// Of what was asked in the middle of a block.
    fn from(stop: read::Stop) -> Self {
        match stop {
            read::Stop::Cause(cause) => Self::before(cause),
            read::Stop::Final(error) => Self::Final(error),
        }
    }
}

impl Stop {
    /// Of a request after which nothing can have been committed.
    pub(super) fn before(cause: Cause) -> Self {
        let again = is_passing(&cause);
        let error = cause.failed();
        if again { Self::Again(error) } else { Self::Final(error) }
    }

    /// Of a request before which something was committed that nobody was told of.
    pub(super) fn unknown(self) -> Self {
        let (Self::Again(error) | Self::Final(error)) = self;
        Self::Final(StoreError { kind: StoreErrorKind::Unknown, ..error })
    }

    /// Of a request that commits.
    pub(super) fn at(cause: Cause) -> Self {
        let again = is_passing(&cause);
        let error = cause.commit_failed();
        if again { Self::Again(error) } else { Self::Final(error) }
    }
}

fn is_passing(cause: &Cause) -> bool {
    cause.is(error::is_transient) || cause.is(error::is_stale)
}

/// What became of a flight that commits.
enum Flown {
    /// It is durable, but for the units at these places, of which nothing is.
    Committed(Vec<usize>),
    /// Nothing of it: something stood in its way that it could not see, or units of different waves were refused.
    Nothing,
}

/// Commits a batch once, and answers each unit.
pub(super) async fn commit(
    session: &mut Session,
    catalogue: &Catalogue,
    batch: &[Unit],
) -> Result<Vec<UnitOutcome>, Stop> {
    for write in batch.iter().filter_map(|unit| unit.write.as_ref()) {
        catalogue.table(write.structure)?;
    }
    let waves = waves::waves(batch);
    let flown = match &*waves {
        [] => return Ok(Vec::new()),
        [groups] => match &**groups {
            [group] => statement(session, catalogue, batch, group).await?,
            _ => block(session, catalogue, batch, &waves).await?,
        },
        _ => chain(session, catalogue, batch, &waves).await?,
    };
    let Flown::Committed(refused) = flown else {
        return step_by_step(session, catalogue, batch, &waves).await;
    };
    let mut outcomes = vec![UnitOutcome::Committed; batch.len()];
    // The others are durable by now, so whatever happens while asking for reasons, there is an answer.
    let reasons = refusal::reasons(session, catalogue, batch, &refused, Leaves::Nothing).await;
    let unknown = || refused.iter().map(|&place| refusal::without_reason(&batch[place])).collect();
    let reasons: Vec<UnitOutcome> = reasons.unwrap_or_else(|_| unknown());
    for (&place, reason) in refused.iter().zip(reasons) {
        outcomes[place] = reason;
    }
    Ok(outcomes)
}

/// The request that applies a group.
fn request<'a>(catalogue: &Catalogue, batch: &'a [Unit], group: &Group) -> Result<Request<'a>, StoreError> {
    let sql = catalogue.sql(Purpose::Step(group.step.clone()))?;
    Ok(Request::Statement(sql, parameters::of(group, batch)))
}

/// The units that a statement refused, by their places in the batch.
fn refused<'a>(group: &'a Group, rows: &'a [tokio_postgres::Row]) -> impl Iterator<Item = usize> + 'a {
    let places = rows.iter().filter_map(|row| row.try_get::<_, i32>(0).ok());
    places.filter_map(|place| group.units.get(usize::try_from(place).ok()?).copied())
}

/// One statement is the whole transaction.
async fn statement(
    session: &mut Session,
    catalogue: &Catalogue,
    batch: &[Unit],
    group: &Group,
) -> Result<Flown, Stop> {
    let flight = vec![request(catalogue, batch, group)?];
    let mut answers = session.flight(flight, Leaves::Nothing).await.map_err(Stop::before)?;
    match answers.pop() {
        Some(Ok(rows)) => Ok(Flown::Committed(refused(group, &rows).collect())),
        Some(Err(cause)) if cause.is(error::is_clash) => Ok(Flown::Nothing),
        Some(Err(cause)) => Err(Stop::at(cause)),
        None => Ok(Flown::Nothing),
    }
}

/// Several statements that do not need each other, from the beginning of a block to its end, in one flight.
async fn block(
    session: &mut Session,
    catalogue: &Catalogue,
    batch: &[Unit],
    waves: &[Vec<Group>],
) -> Result<Flown, Stop> {
    let mut flight = opening(catalogue, batch, waves)?;
    let first = flight.len();
    for group in waves.iter().flatten() {
        flight.push(request(catalogue, batch, group)?);
    }
    flight.extend(ending(catalogue)?);
    let answers = session.flight(flight, Leaves::Nothing).await.map_err(Stop::before)?;
    settled(answers, first, waves, Stop::at)
}

/// Statements of which later ones need earlier ones. What was refused was refused in the middle, and its reason may
/// be gone at the end; so this commits only when nothing was.
async fn chain(
    session: &mut Session,
    catalogue: &Catalogue,
    batch: &[Unit],
    waves: &[Vec<Group>],
) -> Result<Flown, Stop> {
    let mut flight = opening(catalogue, batch, waves)?;
    let first = flight.len();
    for group in waves.iter().flatten() {
        flight.push(request(catalogue, batch, group)?);
    }
    let answers = session.flight(flight, Leaves::Block).await.map_err(Stop::before)?;
    // Nobody has asked for the end of the block, so nothing can have been committed.
    match settled(answers, first, waves, Stop::before) {
        Ok(Flown::Committed(refused)) if refused.is_empty() => {
            end(session, catalogue).await?;
            Ok(Flown::Committed(refused))
        }
        Ok(_) => {
            take_back(session).await?;
            Ok(Flown::Nothing)
        }
        Err(stop) => {
            // Where this fails too, the first failure tells more.
            let _ = take_back(session).await;
            Err(stop)
        }
    }
}

/// The beginning of a block, and the locks that it needs first.
fn opening<'a>(
    catalogue: &Catalogue,
    batch: &'a [Unit],
    waves: &[Vec<Group>],
) -> Result<Vec<Request<'a>>, StoreError> {
    let mut flight = vec![Request::Plain(BEGIN)];
    for (table, writes) in waves::shared_tables(waves, batch) {
        let ids = writes.iter().map(|write| write.id.borrowed()).collect();
        flight.push(Request::Statement(catalogue.sql(Purpose::Lock { table })?, vec![Parameter::Many(ids)]));
    }
    Ok(flight)
}

/// The end of a block. `COMMIT` answers the same whether the block was committed or had failed before, so a statement
/// that fails in a failed block goes first (F12).
pub(super) fn ending<'a>(catalogue: &Catalogue) -> Result<[Request<'a>; 2], StoreError> {
    let sentinel = catalogue.sql(Purpose::Sentinel)?;
    Ok([Request::Statement(sentinel, Vec::new()), Request::Plain(COMMIT)])
}

/// What became of a block, from the answers to its requests. The first failure counts; the others follow from it.
fn settled(
    answers: Vec<Result<Vec<tokio_postgres::Row>, Cause>>,
    first: usize,
    waves: &[Vec<Group>],
    stop: fn(Cause) -> Stop,
) -> Result<Flown, Stop> {
    let mut rows = Vec::with_capacity(answers.len());
    for (place, answer) in answers.into_iter().enumerate() {
        match answer {
            Ok(answer) => rows.push(answer),
            // Without a block, what came after it was committed bit by bit.
            Err(cause) if place == 0 => return Err(Stop::Final(cause.unknown())),
            Err(cause) if cause.is(error::is_clash) => return Ok(Flown::Nothing),
            Err(cause) => return Err(stop(cause)),
        }
    }
    let groups = waves.iter().flatten().zip(&rows[first..]);
    Ok(Flown::Committed(groups.flat_map(|(group, rows)| refused(group, rows)).collect()))
}

async fn end(session: &mut Session, catalogue: &Catalogue) -> Result<(), Stop> {
    let flight = Vec::from(ending(catalogue)?);
    for answer in session.flight(flight, Leaves::Nothing).await.map_err(Stop::before)? {
        answer.map_err(Stop::at)?;
    }
    Ok(())
}

async fn take_back(session: &mut Session) -> Result<(), Stop> {
    plain(session, &[ROLLBACK], Leaves::Nothing).await
}

/// Texts without parameters, before the end of a block.
async fn plain(session: &mut Session, texts: &[&'static str], leaves: Leaves) -> Result<(), Stop> {
    let flight = texts.iter().map(|text| Request::Plain(text)).collect();
    for answer in session.flight(flight, leaves).await.map_err(Stop::before)? {
        answer.map_err(Stop::before)?;
    }
    Ok(())
}

/// Everything in one block, one statement after the other, each answered before the next.
async fn step_by_step(
    session: &mut Session,
    catalogue: &Catalogue,
    batch: &[Unit],
    waves: &[Vec<Group>],
) -> Result<Vec<UnitOutcome>, Stop> {
    for answer in
        session.flight(opening(catalogue, batch, waves)?, Leaves::Block).await.map_err(Stop::before)?
    {
        answer.map_err(Stop::before)?;
    }
    let mut outcomes = vec![UnitOutcome::Committed; batch.len()];
    for group in waves.iter().flatten() {
        let mut waiting = vec![group.clone()];
        while let Some(group) = waiting.pop() {
            match attempt(session, catalogue, batch, &group).await? {
                Some(refused) => {
                    let reasons =
                        refusal::reasons(session, catalogue, batch, &refused, Leaves::Block).await?;
                    for (place, reason) in refused.into_iter().zip(reasons) {
                        outcomes[place] = reason;
                    }
                }
                None => waiting.extend(group.halves(batch).into_iter().rev()),
            }
        }
    }
    end(session, catalogue).await?;
    Ok(outcomes)
}

/// One statement with a savepoint. The units that were refused; `None`, and nothing changed, when it has to be
/// divided.
async fn attempt(
    session: &mut Session,
    catalogue: &Catalogue,
    batch: &[Unit],
    group: &Group,
) -> Result<Option<Vec<usize>>, Stop> {
    let flight = vec![Request::Plain(SAVEPOINT), request(catalogue, batch, group)?];
    let mut answers = session.flight(flight, Leaves::Block).await.map_err(Stop::before)?.into_iter();
    if let Some(Err(cause)) = answers.next() {
        return Err(Stop::before(cause));
    }
    match answers.next() {
        Some(Ok(rows)) => {
            plain(session, &[RELEASE], Leaves::Block).await?;
            Ok(Some(refused(group, &rows).collect()))
        }
        Some(Err(cause)) if cause.is(error::is_clash) => {
            plain(session, &[UNDO, RELEASE], Leaves::Block).await?;
            Ok(if group.step.one { Some(group.units.clone()) } else { None })
        }
        Some(Err(cause)) => Err(Stop::before(cause)),
        None => Ok(None),
    }
}

/// Removes at most `most` receipts that expired at or before `now`, raises the marks of their scopes, and answers how
/// many were removed.
pub(super) async fn prune(
    session: &mut Session,
    catalogue: &Catalogue,
    now: Timestamp,
    most: u64,
) -> Result<u64, Stop> {
    let parameters = vec![parameters::instant(now), Parameter::One(Datum::Int(most.cast_signed()))];
    let rows =
        session.query(catalogue.sql(Purpose::Prune)?, parameters, Leaves::Nothing).await.map_err(Stop::at)?;
    read::count(&rows, "cohesive_receipt").map_err(Stop::from)
}
