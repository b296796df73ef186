//! What runs for a relay: lanes, claims and settlements, each in one transaction.

use std::time::Duration;

use cohesive_core::value::Timestamp;
use rusqlite::Connection;

use super::error::{commit_failed, failed};
use super::options::Synchronous;
use super::outbox::{
    ALONE, ANY_BLOCKED, BLOCK, CLAIM, CLEAR_CLAIMS, COUNT_RELAYS, DELETE_RELAY, DELETE_RELAYS, FREE,
    GIVE_LANE, INSERT_RELAY, MARK, OWNS, PUBLISH, RECOVER, RELEASE_CLAIM, RETURN, SELECT_LANES, UNBLOCK,
    bounds,
};
use super::read::{self, to_instant};
use super::session::{Session, prepare};
use super::statements::{BEGIN_WRITE, COMMIT};
use crate::store::StoreError;
use crate::store::outbox::lanes::{Alone, LaneRow, SLACK, Suspect, alone, plan};
use crate::store::outbox::{
    ALONE_FROM, Acquire, Claim, LANES, Lane, Lease, Leases, Pending, Settle, Settled, Settlement, Stream, cut,
};

/// Runs `work` as one transaction.
pub(super) fn transact<T>(
    session: &mut Session,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> Result<T, StoreError> {
    if let Err(cause) = session.run(BEGIN_WRITE) {
        session.roll_back();
        return Err(failed(cause));
    }
    let done = work(&session.connection)
        .map_err(failed)
        .and_then(|answer| session.run(COMMIT).map_err(commit_failed).map(|()| answer));
    if done.is_err() {
        session.roll_back();
    }
    done
}

/// Runs `work` as one transaction that survives the end of the process, but that a power cut may take back: it is not
/// synced. What is synced later syncs it too, for the log is one.
pub(super) fn transact_lightly<T>(
    session: &mut Session,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> Result<T, StoreError> {
    session.synchronise(Synchronous::Normal).map_err(failed)?;
    let done = transact(session, work);
    if let Err(cause) = session.synchronise(session.options.synchronous) {
        tracing::error!(%cause, "commits could not be made durable again; the connection is replaced");
        session.replace()?;
    }
    done
}

/// Extends leases, and takes free lanes. Writes nothing while all leases last long enough and nothing is free.
pub(super) fn acquire(
    connection: &Connection,
    request: &Acquire,
    now: Timestamp,
) -> rusqlite::Result<Leases> {
    let until = now.saturating_add(request.lease);
    let due = now.saturating_add(request.lease * 2 / 3);
    prepare(connection, DELETE_RELAYS)?.execute((now.as_micros(), future(now)))?;
    let stream = request.stream;
    let present = (stream.role(), &request.owner, now.as_micros(), until.as_micros(), due.as_micros());
    prepare(connection, INSERT_RELAY)?.execute(present)?;
    let relays: i64 = prepare(connection, COUNT_RELAYS)?.query_row((stream.role(),), |row| row.get(0))?;
    let relays = usize::try_from(relays).unwrap_or(usize::MAX);
    let plan = plan(&lanes(connection, stream)?, request, relays, now);
    for lease in &plan.taken {
        recover(connection, lease.lane, now)?;
    }
    let mut give = prepare(connection, GIVE_LANE)?;
    for Lease { lane, token } in plan.extended.iter().chain(&plan.taken) {
        let token = token.cast_signed();
        give.execute((lane, &request.owner, token, now.as_micros(), until.as_micros()))?;
    }
    Ok(Leases { held: plan.held(), relays, left: plan.left })
}

/// All lanes of a stream, also those that never had an owner.
fn lanes(connection: &Connection, stream: Stream) -> rusqlite::Result<Vec<LaneRow>> {
    let mut lanes = vec![LaneRow::default(); usize::from(LANES)];
    let mut statement = prepare(connection, SELECT_LANES)?;
    let (first, last) = bounds(stream);
    let mut rows = statement.query((first, last))?;
    while let Some(row) = rows.next()? {
        let lane: Lane = row.get(0)?;
        if let Some(place) = lanes.get_mut(usize::from(lane - first)) {
            *place = LaneRow {
                owner: row.get(1)?,
                token: row.get::<_, i64>(2)?.cast_unsigned(),
                since: to_instant(row.get(3)?, 3)?,
                until: to_instant(row.get(4)?, 4)?,
            };
        }
    }
    Ok(lanes)
}

/// Releases what the former owner of a lane had claimed.
fn recover(connection: &Connection, lane: Lane, now: Timestamp) -> rusqlite::Result<()> {
    prepare(connection, RECOVER)?.execute((lane, now.as_micros(), ALONE_FROM))?;
    prepare(connection, CLEAR_CLAIMS)?.execute((lane,))?;
    Ok(())
}

/// Gives lanes back.
pub(super) fn release(
    connection: &Connection,
    owner: &str,
    leases: &[Lease],
    leaving: bool,
) -> rusqlite::Result<()> {
    let mut free = prepare(connection, FREE)?;
    for lease in leases {
        free.execute((lease.lane, owner, lease.token.cast_signed()))?;
    }
    if leaving {
        prepare(connection, DELETE_RELAY)?.execute((owner,))?;
    }
    Ok(())
}

/// Claims messages, and counts an attempt for each.
pub(super) fn claim(
    connection: &Connection,
    request: &Claim,
    now: Timestamp,
) -> rusqlite::Result<Vec<Pending>> {
    let mut leases = Vec::with_capacity(request.leases.len());
    let mut owns = prepare(connection, OWNS)?;
    for lease in &request.leases {
        if owns.exists((lease.lane, lease.token.cast_signed()))? {
            leases.push(*lease);
        }
    }
    let mut claimed = Vec::new();
    match alone(&suspects(connection, &leases, now)?, request.busy) {
        Alone::Later => {}
        Alone::One(lease, position) => {
            take(connection, lease, now, Some(position.cast_signed()), 1, &mut claimed)?;
        }
        Alone::Nobody => {
            for lease in leases {
                take(connection, lease, now, None, request.per_lane, &mut claimed)?;
            }
        }
    }
    Ok(claimed)
}

/// The messages of these lanes that wait to be claimed alone.
fn suspects(connection: &Connection, leases: &[Lease], now: Timestamp) -> rusqlite::Result<Vec<Suspect>> {
    let mut suspects = Vec::new();
    let mut statement = prepare(connection, ALONE)?;
    for lease in leases {
        let mut rows = statement.query((lease.lane, now.as_micros(), future(now)))?;
        while let Some(row) = rows.next()? {
            let position = row.get::<_, i64>(0)?.cast_unsigned();
            suspects.push(Suspect { position, attempts: row.get(1)?, claimed: row.get(2)?, lease: *lease });
        }
    }
    Ok(suspects)
}

/// Claims messages of one lane. One that cannot be read is parked.
fn take(
    connection: &Connection,
    lease: Lease,
    now: Timestamp,
    only: Option<i64>,
    limit: usize,
    claimed: &mut Vec<Pending>,
) -> rusqlite::Result<()> {
    let mut select = prepare(connection, CLAIM)?;
    let limit = read::at_most(limit);
    let mut rows = select.query((lease.lane, now.as_micros(), only, limit, future(now)))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (position, attempts): (i64, u32) = (row.get(16)?, row.get(17)?);
        found.push((position, attempts, read::message(row)));
    }
    drop(rows);
    let mut mark = prepare(connection, MARK)?;
    for (position, attempts, message) in found {
        mark.execute((position, lease.token.cast_signed()))?;
        match message {
            Ok(message) => {
                let position = position.cast_unsigned();
                claimed.push(Pending { position, lease, attempts: attempts + 1, message });
            }
            Err(cause) => {
                let error = read::corrupt("cohesive_outbox", &cause).message;
                let parameters = (position, lease.token.cast_signed(), lease.lane);
                prepare(connection, RELEASE_CLAIM)?.execute(parameters)?;
                block(connection, position, (now, Duration::ZERO), true, &error)?;
            }
        }
    }
    Ok(())
}

/// Has the entity of this message wait from `now` on for `after`, or for an operator.
fn block(
    connection: &Connection,
    position: i64,
    (now, after): (Timestamp, Duration),
    parked: bool,
    error: &str,
) -> rusqlite::Result<()> {
    let until = now.saturating_add(after).as_micros();
    let parked_at = parked.then(|| now.as_micros());
    prepare(connection, BLOCK)?.execute((position, now.as_micros(), until, parked_at, cut(error)))?;
    Ok(())
}

/// What begins after this comes from a clock that was set back.
fn future(now: Timestamp) -> i64 {
    now.saturating_add(SLACK).as_micros()
}

/// Records settlements. The token stands in the condition of each write, and a write that changes no row is told.
pub(super) fn settle(
    connection: &Connection,
    settlements: &[Settlement],
    now: Timestamp,
) -> rusqlite::Result<Vec<Settled>> {
    // Mostly no entity waits, and then there is nothing to end for each message.
    let mut waits = prepare(connection, ANY_BLOCKED)?.exists(())?;
    let mut settled = Vec::with_capacity(settlements.len());
    for settlement in settlements {
        settled.push(settle_one(connection, settlement, waits, now)?);
        waits |= matches!(settlement.outcome, Settle::Retry { .. } | Settle::Parked { .. });
    }
    Ok(settled)
}

fn settle_one(
    connection: &Connection,
    settlement: &Settlement,
    waits: bool,
    now: Timestamp,
) -> rusqlite::Result<Settled> {
    let Settlement { position, lease, outcome } = settlement;
    let (position, token) = (position.cast_signed(), lease.token.cast_signed());
    let changed = match outcome {
        Settle::Published => {
            prepare(connection, PUBLISH)?.execute((position, token, lease.lane, now.as_micros()))?
        }
        Settle::Returned => prepare(connection, RETURN)?.execute((position, token, lease.lane))?,
        Settle::Retry { .. } | Settle::Parked { .. } => {
            prepare(connection, RELEASE_CLAIM)?.execute((position, token, lease.lane))?
        }
    };
    if changed == 0 {
        return Ok(Settled::Fenced);
    }
    match outcome {
        Settle::Published if waits => {
            prepare(connection, UNBLOCK)?.execute((position,))?;
        }
        Settle::Retry { after, error } => {
            block(connection, position, (now, *after), false, error)?;
        }
        Settle::Parked { error } => block(connection, position, (now, Duration::ZERO), true, error)?,
        Settle::Published | Settle::Returned => {}
    }
    Ok(Settled::Done)
}
