//! What runs for a relay: lanes, claims and settlements.

use std::collections::HashMap;
use std::time::Duration;

use cohesive_core::value::{Datum, Timestamp};
use tokio::time::Instant;
use tokio_postgres::Row;

use super::codec::{self, Parameter};
use super::error::error;
use super::hints::Hints;
use super::parameters::instant;
use super::read::{self, Fields};
use super::relay_sql::Query;
use super::session::{Cause, Leaves, Request, Session};
use super::statements::{BEGIN, Catalogue, Purpose};
use super::write::{Stop, ending};
use crate::store::outbox::lanes::{Alone, LaneRow, Plan, SLACK, Suspect, alone, plan};
use crate::store::outbox::{
    ALONE_FROM, Acquire, Claim, LANES, Lane, Lease, Leases, Pending, Settle, Settled, Settlement, Stream, cut,
};
use crate::store::{StoreError, StoreErrorKind, StoredMessage};

const LANE: &str = "cohesive_lane";
const OUTBOX: &str = "cohesive_outbox";
/// A thousand years: instants stay within what the server and we can tell.
const LONGEST: u64 = 1000 * 365 * 86_400 * 1_000_000;

/// A span of time.
pub(super) fn span(span: Duration) -> Parameter<'static> {
    Parameter::One(micros(span))
}

fn micros(span: Duration) -> Datum<'static> {
    let micros = u64::try_from(span.as_micros()).unwrap_or(LONGEST).min(LONGEST);
    Datum::Int(micros.cast_signed())
}

fn number(number: impl Into<i64>) -> Parameter<'static> {
    Parameter::One(Datum::Int(number.into()))
}

/// Lanes and tokens of leases, an array each.
pub(super) fn columns(leases: &[Lease]) -> (Parameter<'static>, Parameter<'static>) {
    let lanes = leases.iter().map(|lease| Datum::Int(lease.lane.into())).collect();
    let tokens = leases.iter().map(|lease| Datum::Int(lease.token.cast_signed())).collect();
    (Parameter::Many(lanes), Parameter::Many(tokens))
}

pub(super) fn to_position(fields: &Fields<'_>, index: usize) -> Result<u64, StoreError> {
    fields.int(index).map(i64::cast_unsigned)
}

fn request<'a>(
    catalogue: &Catalogue,
    query: Query,
    parameters: Vec<Parameter<'a>>,
) -> Result<Request<'a>, StoreError> {
    Ok(Request::Statement(catalogue.sql(Purpose::Relay(query))?, parameters))
}

/// The name of a stream.
pub(super) fn role(stream: Stream) -> Parameter<'static> {
    Parameter::One(Datum::Text(stream.role().into()))
}

/// The numbers of the first and the last lane of a stream.
pub(super) fn lanes(stream: Stream) -> [Parameter<'static>; 2] {
    let lanes = stream.lanes();
    [number(lanes.start), number(lanes.end - 1)]
}

/// The lanes and relays as they are at one moment.
struct Look {
    lanes: Vec<LaneRow>,
    now: Timestamp,
    relays: usize,
    /// Until when the relay that asks is known to be there.
    until: Option<Timestamp>,
}

impl Look {
    fn request<'a>(catalogue: &Catalogue, wanted: &'a Acquire) -> Result<Request<'a>, StoreError> {
        let [first, last] = lanes(wanted.stream);
        let owner = Parameter::One(Datum::Text(wanted.owner.as_str().into()));
        request(catalogue, Query::Look, vec![first, last, role(wanted.stream), owner, span(SLACK)])
    }

    /// Nothing, where lanes have no row yet.
    fn read(rows: &[Row]) -> Result<Option<Self>, StoreError> {
        let Some(first) = rows.first().filter(|_| rows.len() == usize::from(LANES)) else { return Ok(None) };
        let first = Fields { row: first, table: LANE };
        let lane = |row| {
            let fields = Fields { row, table: LANE };
            Ok(LaneRow {
                owner: fields.optional(1, codec::text)?,
                token: fields.int(2)?.cast_unsigned(),
                since: fields.instant(3)?,
                until: fields.instant(4)?,
            })
        };
        let relays: Option<usize> = usize::try_from(first.int(6)?).ok();
        Ok(Some(Self {
            lanes: rows.iter().map(lane).collect::<Result<_, StoreError>>()?,
            now: first.instant(5)?,
            relays: relays.unwrap_or(usize::MAX),
            until: first.optional(7, codec::instant)?,
        }))
    }

    fn plan(&self, request: &Acquire) -> Plan {
        plan(&self.lanes, request, self.relays, self.now)
    }

    /// Whether the relay that asks need not say again that it is there.
    fn is_present(&self, lease: Duration) -> bool {
        self.until.is_some_and(|until| until >= self.now.saturating_add(lease * 2 / 3) && until > self.now)
    }
}

/// Extends leases, and takes free lanes. Mostly there is nothing to do, which takes one read without a lock.
pub(super) async fn acquire(
    session: &mut Session,
    catalogue: &Catalogue,
    hints: &Hints,
    wanted: &Acquire,
) -> Result<Leases, Stop> {
    let flight = vec![Look::request(catalogue, wanted)?];
    let rows = all(session.flight(flight, Leaves::Nothing).await.map_err(Stop::before)?, Stop::before)?;
    let look = Look::read(&rows.concat())?;
    if let Some(look) = look.as_ref().filter(|look| look.is_present(wanted.lease)) {
        let plan = look.plan(wanted);
        if plan.extended.is_empty() && plan.taken.is_empty() {
            return Ok(Leases { held: plan.held(), relays: look.relays, left: plan.left });
        }
    }
    let (plan, relays) = take(session, catalogue, wanted, look.is_none()).await?;
    plan.taken.iter().for_each(|lease| hints.forget(lease.lane));
    Ok(Leases { held: plan.held(), relays, left: plan.left })
}

/// The same in a block, behind the locks of all lanes.
async fn take(
    session: &mut Session,
    catalogue: &Catalogue,
    wanted: &Acquire,
    make: bool,
) -> Result<(Plan, usize), Stop> {
    let mut flight = vec![Request::Plain(BEGIN)];
    if make {
        flight.push(request(catalogue, Query::MakeLanes, lanes(wanted.stream).into())?);
    }
    flight.push(request(catalogue, Query::LockLanes, lanes(wanted.stream).into())?);
    let owner = || Parameter::One(Datum::Text(wanted.owner.as_str().into()));
    flight.push(request(
        catalogue,
        Query::Present,
        vec![role(wanted.stream), owner(), span(wanted.lease), span(SLACK)],
    )?);
    flight.push(Look::request(catalogue, wanted)?);
    let mut answers = session.flight(flight, Leaves::Block).await.map_err(Stop::before)?;
    if let Some(Err(_)) = answers.first() {
        // Without a block, what came after it was committed bit by bit.
        return Err(answers.remove(0).map_or_else(|cause| Stop::Final(cause.unknown()), |_| missing()));
    }
    let rows = all(answers, Stop::before)?.pop().unwrap_or_default();
    let look = Look::read(&rows)?.ok_or_else(missing)?;
    let plan = look.plan(wanted);
    let (now, until) = (look.now, look.now.saturating_add(wanted.lease));
    let mut flight = Vec::new();
    let given: Vec<Lease> = plan.extended.iter().chain(&plan.taken).copied().collect();
    if !given.is_empty() {
        let (lanes, tokens) = columns(&given);
        let parameters = vec![owner(), lanes, tokens, instant(now), instant(until)];
        flight.push(request(catalogue, Query::Give, parameters)?);
    }
    if !plan.taken.is_empty() {
        let (lanes, _) = columns(&plan.taken);
        let error = Parameter::One(Datum::Text(" attempts ended without an answer".into()));
        flight.push(request(
            catalogue,
            Query::Recover,
            vec![lanes, instant(now), number(ALONE_FROM), error],
        )?);
    }
    flight.extend(ending(catalogue)?);
    all(session.flight(flight, Leaves::Nothing).await.map_err(Stop::before)?, Stop::at)?;
    Ok((plan, look.relays))
}

fn missing() -> Stop {
    Stop::Final(error(StoreErrorKind::Corrupt, "rows of cohesive_lane are missing"))
}

/// The answers of a flight, or its first failure.
fn all(answers: Vec<Result<Vec<Row>, Cause>>, stop: fn(Cause) -> Stop) -> Result<Vec<Vec<Row>>, Stop> {
    answers.into_iter().collect::<Result<_, _>>().map_err(stop)
}

/// Claims messages, and counts an attempt for each.
pub(super) async fn claim(
    session: &mut Session,
    catalogue: &Catalogue,
    hints: &Hints,
    wanted: &Claim,
) -> Result<Vec<Pending>, Stop> {
    if wanted.leases.is_empty() {
        return Ok(Vec::new());
    }
    let (lanes, tokens) = columns(&wanted.leases);
    let most = Parameter::One(read::at_most(wanted.per_lane));
    let (search, hinted) = hints.begin(wanted.leases.iter().map(|lease| lease.lane), Instant::now());
    let places = hinted.iter().map(|(place, _)| Datum::Int(place.cast_signed())).collect();
    let known = hinted.iter().map(|(_, changed)| Datum::Int(*changed)).collect();
    let (places, known) = (Parameter::Many(places), Parameter::Many(known));
    // The second tells why the first gave nothing.
    let flight = vec![
        request(catalogue, Query::Claim, vec![lanes, tokens, most, span(SLACK), places, known])?,
        suspects_request(catalogue, &wanted.leases)?,
    ];
    let mut answers = session.flight(flight, Leaves::Nothing).await.map_err(Stop::before)?.into_iter();
    let claimed = answers.next().transpose().map_err(Stop::at)?.unwrap_or_default();
    hints.end(&search, claimed.iter().filter_map(found), Instant::now());
    if !claimed.is_empty() {
        return give(session, catalogue, hints, &claimed).await;
    }
    let suspects = answers.next().transpose().map_err(Stop::before)?.unwrap_or_default();
    let suspects = suspects.iter().map(suspect).collect::<Result<Vec<_>, _>>()?;
    let Alone::One(lease, position) = alone(&suspects, wanted.busy) else { return Ok(Vec::new()) };
    let parameters =
        vec![number(lease.lane), number(lease.token.cast_signed()), number(position.cast_signed())];
    let sql = catalogue.sql(Purpose::Relay(Query::ClaimAlone))?;
    let claimed = session.query(sql, parameters, Leaves::Nothing).await.map_err(Stop::at)?;
    give(session, catalogue, hints, &claimed).await
}

/// Where a claimed message lies, and how often its lane has changed, as far as that can be read.
fn found(row: &Row) -> Option<(Lane, u64, i64)> {
    let fields = Fields { row, table: OUTBOX };
    Some((fields.small(18).ok()?, to_position(&fields, 16).ok()?, fields.int(20).ok()?))
}

fn suspects_request(catalogue: &Catalogue, leases: &[Lease]) -> Result<Request<'static>, StoreError> {
    let (lanes, tokens) = columns(leases);
    request(catalogue, Query::Suspects, vec![lanes, tokens, span(SLACK)])
}

fn suspect(row: &Row) -> Result<Suspect, StoreError> {
    let fields = Fields { row, table: OUTBOX };
    Ok(Suspect {
        position: to_position(&fields, 0)?,
        attempts: fields.small(1)?,
        lease: Lease { lane: fields.small(2)?, token: to_position(&fields, 3)? },
        claimed: fields.flag(4)?,
    })
}

/// The messages of these rows. Those that cannot be read are parked, as they are.
async fn give(
    session: &mut Session,
    catalogue: &Catalogue,
    hints: &Hints,
    rows: &[Row],
) -> Result<Vec<Pending>, Stop> {
    let mut claimed = Vec::with_capacity(rows.len());
    let mut unreadable = Vec::new();
    for row in rows {
        let fields = Fields { row, table: OUTBOX };
        let (position, attempts) = (to_position(&fields, 16)?, fields.small(17)?);
        let lease = Lease { lane: fields.small(18)?, token: to_position(&fields, 19)? };
        match read::message(&fields) {
            Ok(message) => claimed.push(Pending { position, lease, attempts, message }),
            Err(cause) => {
                let outcome = Settle::Parked { error: cause.message };
                unreadable.push(Settlement { position, lease, outcome });
            }
        }
    }
    if !unreadable.is_empty() {
        // What was claimed with them is not given if this fails, and nobody knows of it.
        settle(session, catalogue, hints, &unreadable).await.map_err(Stop::unknown)?;
    }
    claimed.sort_unstable_by_key(|pending| (pending.lease.lane, pending.position));
    Ok(in_history(claimed))
}

/// Leaves each entity its places, and fills them in the order of its history.
fn in_history(claimed: Vec<Pending>) -> Vec<Pending> {
    let place = |message: &StoredMessage| (message.version, message.ordinal);
    let mut last = HashMap::new();
    let ordered = claimed.iter().all(|Pending { message, .. }| {
        let before = last.insert((&*message.entity, &*message.entity_id), place(message));
        before.is_none_or(|before| before < place(message))
    });
    if ordered {
        return claimed;
    }
    let mut slots: HashMap<(String, String), Vec<usize>> = HashMap::new();
    for (slot, Pending { message, .. }) in claimed.iter().enumerate() {
        slots.entry((message.entity.clone(), message.entity_id.clone())).or_default().push(slot);
    }
    let mut places: Vec<Option<Pending>> = claimed.into_iter().map(Some).collect();
    for slots in slots.into_values() {
        let mut line: Vec<Pending> = slots.iter().filter_map(|&slot| places[slot].take()).collect();
        line.sort_by_key(|pending| place(&pending.message));
        for (slot, pending) in slots.into_iter().zip(line) {
            places[slot] = Some(pending);
        }
    }
    places.into_iter().flatten().collect()
}

/// Records settlements in one statement. Those that changed no row are told.
pub(super) async fn settle(
    session: &mut Session,
    catalogue: &Catalogue,
    hints: &Hints,
    settlements: &[Settlement],
) -> Result<Vec<Settled>, Stop> {
    if settlements.is_empty() {
        return Ok(Vec::new());
    }
    let column =
        |value: fn(&Settlement) -> Datum<'_>| Parameter::Many(settlements.iter().map(value).collect());
    let parameters = vec![
        column(|one| Datum::Int(one.position.cast_signed())),
        column(|one| Datum::Int(one.lease.lane.into())),
        column(|one| Datum::Int(one.lease.token.cast_signed())),
        column(|one| Datum::Bool(one.outcome == Settle::Published)),
        column(|one| Datum::Bool(one.outcome == Settle::Returned)),
        column(|one| Datum::Bool(matches!(one.outcome, Settle::Parked { .. }))),
        column(|one| match &one.outcome {
            Settle::Retry { after, .. } => micros(*after),
            Settle::Parked { .. } => Datum::Int(0),
            Settle::Published | Settle::Returned => Datum::Null,
        }),
        column(|one| match &one.outcome {
            Settle::Retry { error, .. } | Settle::Parked { error } => Datum::Text(cut(error).into()),
            Settle::Published | Settle::Returned => Datum::Null,
        }),
    ];
    let sql = catalogue.sql(Purpose::Relay(Query::Settle))?;
    let rows = session.query(sql, parameters, Leaves::Nothing).await.map_err(Stop::at)?;
    let mut settled = vec![Settled::Fenced; settlements.len()];
    for row in &rows {
        let fields = Fields { row, table: OUTBOX };
        let (place, freed) = (fields.int(0)? - 1, fields.flag(1)?);
        let Some(place) = usize::try_from(place).ok().filter(|place| *place < settled.len()) else {
            continue;
        };
        let Settlement { position, lease, outcome } = &settlements[place];
        if freed || *outcome == Settle::Returned {
            hints.lower(lease.lane, *position);
        }
        settled[place] = Settled::Done;
    }
    Ok(settled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_stay_within_the_calendar() {
        assert_eq!(micros(Duration::from_millis(3)), Datum::Int(3000));
        assert_eq!(micros(Duration::MAX), Datum::Int(LONGEST.cast_signed()));
        let now = Timestamp::from_micros(4_000_000_000_000_000).unwrap();
        assert!(now.saturating_add(Duration::from_micros(LONGEST)) < Timestamp::MAX);
    }
}
