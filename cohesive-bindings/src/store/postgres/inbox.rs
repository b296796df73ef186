//! The consumers' side of the store: the texts of the statements, and the port.

use cohesive_core::value::Datum;
use tokio_postgres::types::Type;

use super::codec::{self, Parameter};
use super::error::misfit;
use super::read::{self, Fields};
use super::session::{Leaves, Request, Session};
use super::statements::{BEGIN, Catalogue, Purpose, Written};
use super::write::{Stop, ending};
use super::{PostgresStore, Reading, Writing};
use crate::store::inbox::{DeliveryKey, Inbox, InboxStats, ParkedDelivery, StoredDelivery};
use crate::store::outbox::cut;
use crate::store::{BoxFuture, StoreError, fit};

/// What a statement is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Query {
    /// Count an attempt.
    Count,
    /// Forget the attempts at one delivery.
    Forget,
    /// Park a delivery.
    Park,
    /// Tell whether deliveries are parked.
    Waits,
    /// List parked deliveries.
    List,
    /// List those of one partition key.
    ListOf,
    /// Remove a parked delivery.
    Remove,
    /// Count everything.
    Stats,
}

impl Query {
    /// All that must not read a whole table, for tests.
    #[cfg(feature = "testing")]
    pub(super) const SEARCHES: [Self; 7] =
        [Self::Count, Self::Forget, Self::Park, Self::Waits, Self::List, Self::ListOf, Self::Remove];
}

const COUNT: &str = "INSERT INTO cohesive_attempt AS kept (consumer, source, message_id, attempts) \
    VALUES ($1, $2, $3, 1) ON CONFLICT (consumer, source, message_id) \
    DO UPDATE SET attempts = least(kept.attempts + 1, $4) RETURNING attempts";
const FORGET: &str = "DELETE FROM cohesive_attempt WHERE consumer = $1 AND source = $2 AND message_id = $3";
/// Numbers are given one after the other, and each becomes visible before the next is given: whoever lists from a
/// number on misses none (F1). Parking is rare enough for that.
const PARK: &str = "WITH turn AS MATERIALIZED \
    (SELECT pg_advisory_xact_lock(hashtextextended(concat(current_schema(), $10), 0))), \
    parked AS (INSERT INTO cohesive_parked_delivery (consumer, source, message_id, kind, partition_key, headers, body, \
    error, attempts, parked_at) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp() FROM turn \
    ON CONFLICT (consumer, source, message_id) DO NOTHING) \
    DELETE FROM cohesive_attempt WHERE consumer = $1 AND source = $2 AND message_id = $3";
const WAITS: &str =
    "SELECT 1 FROM cohesive_parked_delivery WHERE consumer = $1 AND partition_key = $2 LIMIT 1";
const SELECT: &str = "SELECT number, consumer, source, message_id, kind, partition_key, headers, body, error, \
    attempts, parked_at FROM cohesive_parked_delivery";
const LIST: &str = "WHERE number > $1 ORDER BY number LIMIT $2";
const LIST_OF: &str = "WHERE consumer = $1 AND partition_key = $2 ORDER BY number";
const REMOVE: &str = "DELETE FROM cohesive_parked_delivery WHERE number = $1 RETURNING 1";
const STATS: &str = "SELECT (SELECT count(mark) FROM cohesive_receipt), \
    (SELECT count(*) FROM cohesive_parked_delivery), (SELECT count(*) FROM cohesive_attempt)";

/// Writes the statement.
pub(super) fn write(query: Query) -> Written {
    const KEY: [Type; 3] = [Type::TEXT, Type::TEXT, Type::TEXT];
    match query {
        Query::Count => (COUNT.to_owned(), [&KEY[..], &[Type::INT8]].concat()),
        Query::Forget => (FORGET.to_owned(), KEY.into()),
        Query::Park => {
            let rest = [Type::TEXT, Type::TEXT, Type::JSON, Type::BYTEA, Type::TEXT, Type::INT8, Type::TEXT];
            (PARK.to_owned(), [&KEY[..], &rest].concat())
        }
        Query::Waits => (WAITS.to_owned(), vec![Type::TEXT; 2]),
        Query::List => (format!("{SELECT} {LIST}"), vec![Type::INT8; 2]),
        Query::ListOf => (format!("{SELECT} {LIST_OF}"), vec![Type::TEXT; 2]),
        Query::Remove => (REMOVE.to_owned(), vec![Type::INT8]),
        Query::Stats => (STATS.to_owned(), Vec::new()),
    }
}

impl Inbox for PostgresStore {
    fn count_attempt(&self, key: DeliveryKey) -> BoxFuture<'_, Result<u32, StoreError>> {
        Box::pin(
            async move { until_done!(self, Writing(0), lease => count(&mut lease, &self.catalogue, &key)) },
        )
    }

    fn forget_attempts(&self, keys: Vec<DeliveryKey>) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(
            async move { until_done!(self, Writing(0), lease => forget(&mut lease, &self.catalogue, &keys)) },
        )
    }

    fn park_delivery(&self, delivery: ParkedDelivery) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            until_done!(self, Writing(0), lease => park(&mut lease, &self.catalogue, &delivery))
        })
    }

    fn is_waiting(&self, consumer: String, partition_key: String) -> BoxFuture<'_, Result<bool, StoreError>> {
        Box::pin(async move {
            let texts = [&*consumer, &*partition_key];
            let found = until_done!(self, Reading(true), lease => of(&mut lease, &self.catalogue, Query::Waits, texts))?;
            Ok(!found.is_empty())
        })
    }

    fn parked_deliveries(
        &self,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<StoredDelivery>, StoreError>> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let parameters =
            move || vec![Parameter::One(Datum::Int(after)), Parameter::One(read::at_most(limit))];
        Box::pin(async move {
            let found = until_done!(self, Reading(true), lease => ask(&mut lease, &self.catalogue, Query::List, parameters()))?;
            found.iter().map(stored).collect()
        })
    }

    fn parked_of(
        &self,
        consumer: String,
        partition_key: String,
    ) -> BoxFuture<'_, Result<Vec<StoredDelivery>, StoreError>> {
        Box::pin(async move {
            let texts = [&*consumer, &*partition_key];
            let found = until_done!(self, Reading(true), lease => of(&mut lease, &self.catalogue, Query::ListOf, texts))?;
            found.iter().map(stored).collect()
        })
    }

    fn remove_delivery(&self, number: u64) -> BoxFuture<'_, Result<bool, StoreError>> {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let parameters = move || vec![Parameter::One(Datum::Int(number))];
        Box::pin(async move {
            let removed = until_done!(self, Writing(0), lease => change(&mut lease, &self.catalogue, Query::Remove, parameters()))?;
            Ok(!removed.is_empty())
        })
    }

    fn inbox_stats(&self) -> BoxFuture<'_, Result<InboxStats, StoreError>> {
        Box::pin(async move {
            let found = until_done!(self, Reading(true), lease => ask(&mut lease, &self.catalogue, Query::Stats, Vec::new()))?;
            let count = |index| {
                let number = found.first().map(|row| Fields { row, table: PARKED }.int(index)).transpose()?;
                Ok::<_, StoreError>(number.unwrap_or_default().unsigned_abs())
            };
            Ok(InboxStats { receipts: count(0)?, parked: count(1)?, attempts: count(2)? })
        })
    }
}

const PARKED: &str = "cohesive_parked_delivery";
const ATTEMPT: &str = "cohesive_attempt";

type Rows = Vec<tokio_postgres::Row>;

fn text(text: &str) -> Parameter<'_> {
    Parameter::One(Datum::Text(text.into()))
}

fn key(key: &DeliveryKey) -> Vec<Parameter<'_>> {
    [&key.consumer, &key.source, &key.id].map(|part| text(part)).into()
}

/// One statement that reads.
async fn ask(
    session: &mut Session,
    catalogue: &Catalogue,
    query: Query,
    parameters: Vec<Parameter<'_>>,
) -> Result<Rows, read::Stop> {
    Ok(session.query(catalogue.sql(Purpose::Inbox(query))?, parameters, Leaves::Nothing).await?)
}

/// The same, about the deliveries of one consumer and partition key.
async fn of(
    session: &mut Session,
    catalogue: &Catalogue,
    query: Query,
    texts: [&str; 2],
) -> Result<Rows, read::Stop> {
    fit::check_texts(&texts).map_err(misfit)?;
    ask(session, catalogue, query, texts.map(text).into()).await
}

/// One statement that is a transaction of its own.
async fn change(
    session: &mut Session,
    catalogue: &Catalogue,
    query: Query,
    parameters: Vec<Parameter<'_>>,
) -> Result<Rows, Stop> {
    let sql = catalogue.sql(Purpose::Inbox(query))?;
    session.query(sql, parameters, Leaves::Nothing).await.map_err(Stop::at)
}

async fn count(session: &mut Session, catalogue: &Catalogue, asked: &DeliveryKey) -> Result<u32, Stop> {
    fit::check_key(asked).map_err(misfit)?;
    let mut parameters = key(asked);
    parameters.push(Parameter::One(Datum::Int(u32::MAX.into())));
    let rows = change(session, catalogue, Query::Count, parameters).await?;
    let count = rows.first().map(|row| Fields { row, table: ATTEMPT }.small(0)).transpose()?;
    Ok(count.unwrap_or(1))
}

/// All in one block, in the order of the keys: two who forget some of the same meet in one order.
async fn forget(session: &mut Session, catalogue: &Catalogue, keys: &[DeliveryKey]) -> Result<(), Stop> {
    keys.iter().try_for_each(fit::check_key).map_err(misfit)?;
    let mut keys: Vec<&DeliveryKey> = keys.iter().collect();
    keys.sort_unstable();
    let sql = catalogue.sql(Purpose::Inbox(Query::Forget))?;
    if let [only] = &*keys {
        session.query(sql, key(only), Leaves::Nothing).await.map_err(Stop::at)?;
        return Ok(());
    }
    if keys.is_empty() {
        return Ok(());
    }
    let mut flight = vec![Request::Plain(BEGIN)];
    flight.extend(keys.into_iter().map(|asked| Request::Statement(sql.clone(), key(asked))));
    flight.extend(ending(catalogue)?);
    for answer in session.flight(flight, Leaves::Nothing).await.map_err(Stop::before)? {
        answer.map_err(Stop::at)?;
    }
    Ok(())
}

async fn park(session: &mut Session, catalogue: &Catalogue, delivery: &ParkedDelivery) -> Result<(), Stop> {
    fit::check_delivery(delivery).map_err(misfit)?;
    let headers = serde_json::to_string(&delivery.headers).map_err(|cause| misfit(cause.to_string()))?;
    let mut parameters = key(&delivery.key);
    parameters.extend([
        text(&delivery.kind),
        text(&delivery.partition_key),
        Parameter::One(Datum::Json(headers.into())),
        Parameter::One(Datum::Bytes(delivery.body.as_slice().into())),
        text(cut(&delivery.error)),
        Parameter::One(Datum::Int(delivery.attempts.into())),
        text(" parks a delivery"),
    ]);
    change(session, catalogue, Query::Park, parameters).await?;
    Ok(())
}

fn stored(row: &tokio_postgres::Row) -> Result<StoredDelivery, StoreError> {
    let fields = Fields { row, table: PARKED };
    Ok(StoredDelivery {
        number: fields.int(0)?.unsigned_abs(),
        delivery: ParkedDelivery {
            key: DeliveryKey { consumer: fields.text(1)?, source: fields.text(2)?, id: fields.text(3)? },
            kind: fields.text(4)?,
            partition_key: fields.text(5)?,
            headers: fields.read(6, |raw| serde_json::from_str(&codec::text(raw)?).ok())?,
            body: fields.read(7, |raw| Some(raw.to_vec()))?,
            error: fields.text(8)?,
            attempts: fields.small(9)?,
        },
        parked_at: fields.instant(10)?,
    })
}
