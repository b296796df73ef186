//! The relay's side of the store: the port.

use std::time::Duration;

use cohesive_core::kernel::MessageId;
use cohesive_core::value::{Datum, Timestamp};

use super::codec::Parameter;
use super::queue::{lanes, role, span, to_position};
use super::read::{self, Fields};
use super::relay_sql::Query;
use super::session::{Leaves, Request, Session};
use super::statements::{Catalogue, Purpose};
use super::write::Stop;
use super::{PostgresStore, Reading, Writing, parameters, queue};
use crate::store::outbox::lanes::between;
use crate::store::outbox::{
    Acquire, Claim, Lease, Leases, Outbox, OutboxStats, ParkedMessage, Pending, Settled, Settlement, Stream,
};
use crate::store::{BoxFuture, StoreError};

impl Outbox for PostgresStore {
    fn acquire(&self, request: Acquire) -> BoxFuture<'_, Result<Leases, StoreError>> {
        Box::pin(async move {
            until_done!(self, Writing(0), lease => queue::acquire(&mut lease, &self.catalogue, &self.hints, &request))
        })
    }

    fn release(
        &self,
        owner: String,
        leases: Vec<Lease>,
        leaving: bool,
    ) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            let parameters = || {
                let (lanes, tokens) = queue::columns(&leases);
                vec![text(&owner), lanes, tokens, flag(leaving), roles()]
            };
            until_done!(self, Writing(0), lease => change(&mut lease, &self.catalogue, Query::Release, parameters()))?;
            Ok(())
        })
    }

    fn claim(&self, request: Claim) -> BoxFuture<'_, Result<Vec<Pending>, StoreError>> {
        Box::pin(async move {
            until_done!(self, Writing(0), lease => queue::claim(&mut lease, &self.catalogue, &self.hints, &request))
        })
    }

    fn settle(&self, settlements: Vec<Settlement>) -> BoxFuture<'_, Result<Vec<Settled>, StoreError>> {
        Box::pin(async move {
            until_done!(self, Writing(0), lease => queue::settle(&mut lease, &self.catalogue, &self.hints, &settlements))
        })
    }

    fn parked_messages(
        &self,
        stream: Stream,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<ParkedMessage>, StoreError>> {
        Box::pin(async move {
            until_done!(self, Reading(true), lease => parked(&mut lease, &self.catalogue, stream, limit))
        })
    }

    fn retry_parked(&self, position: u64) -> BoxFuture<'_, Result<bool, StoreError>> {
        Box::pin(self.unpark(Query::Retry, position))
    }

    fn drop_parked(&self, position: u64) -> BoxFuture<'_, Result<bool, StoreError>> {
        Box::pin(self.unpark(Query::Drop, position))
    }

    fn prune_published(
        &self,
        stream: Stream,
        kept: Duration,
        limit: usize,
    ) -> BoxFuture<'_, Result<u64, StoreError>> {
        let parameters = move || vec![span(kept), Parameter::One(read::at_most(limit)), role(stream)];
        Box::pin(async move {
            until_done!(self, Writing(0), lease => count(&mut lease, &self.catalogue, Query::PrunePublished, parameters()))
        })
    }

    fn republish(&self, stream: Stream, since: Timestamp) -> BoxFuture<'_, Result<u64, StoreError>> {
        let parameters = move || vec![role(stream), parameters::instant(since)];
        Box::pin(async move {
            let again = until_done!(self, Writing(0), lease => count(&mut lease, &self.catalogue, Query::Republish, parameters()));
            self.hints.forget_all();
            again
        })
    }

    fn outbox_stats(&self, stream: Stream) -> BoxFuture<'_, Result<OutboxStats, StoreError>> {
        Box::pin(async move {
            until_done!(self, Reading(true), lease => stats(&mut lease, &self.catalogue, stream))
        })
    }
}

impl PostgresStore {
    /// Ends the wait of an entity whose message is parked here, and changes that message.
    async fn unpark(&self, query: Query, position: u64) -> Result<bool, StoreError> {
        let parameters = || vec![Parameter::One(Datum::Int(position.cast_signed()))];
        let rows =
            until_done!(self, Writing(0), lease => change(&mut lease, &self.catalogue, query, parameters()))?;
        let Some(row) = rows.first() else { return Ok(false) };
        self.hints.lower(Fields { row, table: OUTBOX }.small(0)?, position);
        Ok(true)
    }
}

fn text(text: &str) -> Parameter<'_> {
    Parameter::One(Datum::Text(text.into()))
}

/// The names of all streams.
fn roles() -> Parameter<'static> {
    Parameter::Many(Stream::ALL.iter().map(|stream| Datum::Text(stream.role().into())).collect())
}

fn flag(flag: bool) -> Parameter<'static> {
    Parameter::One(Datum::Bool(flag))
}

/// One statement that is a transaction of its own.
async fn change(
    session: &mut Session,
    catalogue: &Catalogue,
    query: Query,
    parameters: Vec<Parameter<'_>>,
) -> Result<Vec<tokio_postgres::Row>, Stop> {
    let sql = catalogue.sql(Purpose::Relay(query))?;
    session.query(sql, parameters, Leaves::Nothing).await.map_err(Stop::at)
}

/// The same, where the answer is one number.
async fn count(
    session: &mut Session,
    catalogue: &Catalogue,
    query: Query,
    parameters: Vec<Parameter<'_>>,
) -> Result<u64, Stop> {
    let rows = change(session, catalogue, query, parameters).await?;
    read::count(&rows, OUTBOX).map_err(Stop::from)
}

const OUTBOX: &str = "cohesive_outbox";

async fn parked(
    session: &mut Session,
    catalogue: &Catalogue,
    stream: Stream,
    limit: usize,
) -> Result<Vec<ParkedMessage>, read::Stop> {
    let sql = catalogue.sql(Purpose::Relay(Query::Parked))?;
    let [first, last] = lanes(stream);
    let parameters = vec![first, last, Parameter::One(read::at_most(limit))];
    let rows = session.query(sql, parameters, Leaves::Nothing).await?;
    let message = |row| {
        let fields = Fields { row, table: OUTBOX };
        let (entity, entity_id) = (fields.text(1)?, fields.text(2)?);
        let (version, ordinal) = (fields.version(3)?, fields.small(4)?);
        Ok(ParkedMessage {
            position: to_position(&fields, 0)?,
            id: MessageId::derive(&entity, &entity_id, version, ordinal),
            entity,
            entity_id,
            version,
            ordinal,
            name: fields.text(5)?,
            payload: fields.text(6)?,
            attempts: fields.small(7)?,
            error: fields.text(8)?,
            parked_at: fields.instant(9)?,
        })
    };
    let found: Result<_, StoreError> = rows.iter().map(message).collect();
    Ok(found?)
}

async fn stats(
    session: &mut Session,
    catalogue: &Catalogue,
    stream: Stream,
) -> Result<OutboxStats, read::Stop> {
    let lanes = || lanes(stream).into();
    let requests = [Query::Pending, Query::Waiting]
        .map(|query| Ok(Request::Statement(catalogue.sql(Purpose::Relay(query))?, lanes())));
    let requests = requests.into_iter().collect::<Result<Vec<_>, StoreError>>()?;
    let mut answers = read::answers(session, requests, Leaves::Nothing).await?.into_iter();
    let mut stats = OutboxStats::default();
    for row in answers.next().iter().flatten() {
        let fields = Fields { row, table: OUTBOX };
        let (pending, claimed) = (fields.int(1)?.unsigned_abs(), fields.int(2)?.unsigned_abs());
        stats.pending += pending;
        if claimed > 0 {
            stats.claimed.push((fields.small(0)?, claimed));
        }
    }
    for row in answers.next().iter().flatten() {
        let fields = Fields { row, table: OUTBOX };
        let (now, waiting, parked) = (fields.instant(0)?, fields.int(1)?, fields.int(2)?);
        stats.parked = parked.unsigned_abs();
        stats.waiting = (waiting - parked).unsigned_abs();
        stats.oldest = fields.optional(3, super::codec::instant)?.map(|recorded| between(recorded, now));
    }
    Ok(stats)
}
