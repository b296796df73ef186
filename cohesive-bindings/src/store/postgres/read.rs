//! Loads, lists and the history of messages.

use std::collections::BTreeMap;

use cohesive_core::kernel::{MessageId, Version};
use cohesive_core::model::Structure;
use cohesive_core::value::{Datum, Timestamp, Uuid};
use tokio_postgres::Row as Answer;

use super::codec::{self, Parameter, Raw};
use super::error::{error, misfit};
use super::schema;
use super::session::{Cause, Leaves, Request, Session};

use super::statements::{BEGIN_READ, COMMIT, Catalogue, Purpose};
use crate::store::{
    ListQuery, Load, Loaded, OutboxQuery, ParkedInput, Receipt, ReceiptKey, Row, RowKey, StoreError,
    StoreErrorKind, StoredInput, StoredMessage, fit,
};

/// Rows of one entity with the same columns, by their places among the questions.
type Alike<'a> = BTreeMap<(&'static str, &'a [usize]), Vec<usize>>;

/// Loads everything in one round trip, as of one moment: that of the one statement, or of the first one of a block.
/// Within a block of the caller, each statement sees what is committed by then.
pub(super) async fn load(
    session: &mut Session,
    catalogue: &Catalogue,
    batch: &Load,
    leaves: Leaves,
) -> Result<Loaded, Stop> {
    fit::check_load(batch).map_err(misfit)?;
    let mut alike = Alike::new();
    for (place, key) in batch.rows.iter().enumerate() {
        catalogue.table(key.structure)?;
        alike.entry((key.structure.table, &key.columns)).or_default().push(place);
    }
    let mut requests = Vec::with_capacity(alike.len() + 4);
    for ((table, columns), places) in &alike {
        let sql = catalogue.sql(Purpose::Rows { table, columns: columns.to_vec() })?;
        let ids = places.iter().map(|&place| batch.rows[place].id.borrowed());
        requests.push(Request::Statement(sql, vec![Parameter::Many(ids.collect())]));
    }
    if !batch.receipts.is_empty() {
        let column = |text: fn(&ReceiptKey) -> &String| {
            let texts = batch.receipts.iter().map(|key| Datum::Text(text(key).as_str().into()));
            Parameter::Many(texts.collect())
        };
        let parameters = vec![column(|key| &key.scope), column(|key| &key.key)];
        requests.push(Request::Statement(catalogue.sql(Purpose::Receipts)?, parameters));
    }
    if !batch.marks.is_empty() {
        let scopes = batch.marks.iter().map(|scope| Datum::Text(scope.as_str().into()));
        let parameters = vec![Parameter::Many(scopes.collect())];
        requests.push(Request::Statement(catalogue.sql(Purpose::Marks)?, parameters));
    }
    let mut answers = answers(session, requests, leaves).await?.into_iter();
    let mut loaded = Loaded {
        rows: vec![None; batch.rows.len()],
        receipts: vec![None; batch.receipts.len()],
        marks: vec![None; batch.marks.len()],
    };
    for ((_, places), answer) in alike.iter().zip(answers.by_ref().take(alike.len())) {
        for row in &answer {
            let Some(&place) = place_of(row)?.and_then(|place| places.get(place)) else { continue };
            loaded.rows[place] = Some(loaded_row(row, &batch.rows[place])?);
        }
    }
    if !batch.receipts.is_empty() {
        for row in answers.next().iter().flatten() {
            let Some(place) = place_of(row)?.filter(|place| *place < batch.receipts.len()) else { continue };
            let found = receipt(&Fields { row, table: "cohesive_receipt" }, &batch.receipts[place])?;
            loaded.receipts[place] = Some(found);
        }
    }
    for row in answers.next().iter().flatten() {
        let Some(place) = place_of(row)?.filter(|place| *place < batch.marks.len()) else { continue };
        loaded.marks[place] = Some(Fields { row, table: "cohesive_mark" }.instant(1)?);
    }
    Ok(loaded)
}

/// The answers to requests that only read. Several of them get a block, so that all see the same.
pub(super) async fn answers(
    session: &mut Session,
    mut requests: Vec<Request<'_>>,
    leaves: Leaves,
) -> Result<Vec<Vec<Answer>>, Stop> {
    if requests.is_empty() {
        return Ok(Vec::new());
    }
    let several = requests.len() > 1 && leaves == Leaves::Nothing;
    if several {
        requests.insert(0, Request::Plain(BEGIN_READ));
        requests.push(Request::Plain(COMMIT));
    }
    let mut answers = session.flight(requests, leaves).await?.into_iter().collect::<Result<Vec<_>, _>>()?;
    if several {
        answers.pop();
        answers.remove(0);
    }
    Ok(answers)
}

/// Why a read came to nothing.
pub(super) enum Stop {
    /// The server refused or is gone; another connection may do.
    Cause(Cause),
    /// It would fail again.
    Final(StoreError),
}

impl From<Cause> for Stop {
    fn from(cause: Cause) -> Self {
        Self::Cause(cause)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Final(error)
    }
}

/// The place of a question among those of its statement.
fn place_of(row: &Answer) -> Result<Option<usize>, StoreError> {
    let place = Fields { row, table: "the answer" }.int(0)?;
    Ok(usize::try_from(place - 1).ok())
}

fn loaded_row(row: &Answer, key: &RowKey) -> Result<Row, StoreError> {
    read_row(row, 1, key.structure, key.columns.iter().copied())
}

fn read_row(
    row: &Answer,
    first: usize,
    structure: &'static Structure,
    columns: impl ExactSizeIterator<Item = usize>,
) -> Result<Row, StoreError> {
    let fields = Fields { row, table: structure.table };
    let mut values = Vec::with_capacity(columns.len());
    for (index, column) in (first + 1..).zip(columns) {
        let field = &structure.fields[column];
        let value = codec::decode(fields.raw(index)?, &field.ty);
        values.push(value.ok_or_else(|| corrupt(structure.table, field.wire))?);
    }
    Ok(Row { version: fields.version(first)?, columns: values })
}

/// Lists entities in the order of their ids.
pub(super) async fn list(
    session: &mut Session,
    catalogue: &Catalogue,
    query: &ListQuery,
) -> Result<Vec<Row>, Stop> {
    fit::check_list(query).map_err(misfit)?;
    let structure = catalogue.table(query.structure)?;
    let filters = query.filters.iter().map(|(column, value)| (*column, *value == Datum::Null)).collect();
    let after = query.after.as_ref();
    let sql = catalogue.sql(Purpose::List { table: structure.table, filters, after: after.is_some() })?;
    let mut parameters: Vec<_> = query
        .filters
        .iter()
        .filter(|(_, value)| *value != Datum::Null)
        .map(|(column, value)| compared(structure, *column, value))
        .collect();
    parameters.push(Parameter::One(at_most(query.limit)));
    parameters.extend(after.map(|after| Parameter::One(after.borrowed())));
    let rows = session.query(sql, parameters, Leaves::Nothing).await?;
    let all = || 0..structure.fields.len();
    let rows: Result<_, StoreError> = rows.iter().map(|row| read_row(row, 0, structure, all())).collect();
    Ok(rows?)
}

/// A value to compare a column with; JSON is compared by its text.
pub(super) fn compared<'a>(
    structure: &'static Structure,
    column: usize,
    value: &'a Datum<'static>,
) -> Parameter<'a> {
    match value {
        Datum::Json(text) if schema::is_json(&structure.fields[column]) => {
            Parameter::One(Datum::Text(text.as_ref().into()))
        }
        other => Parameter::One(other.borrowed()),
    }
}

/// Lists the messages of one entity, oldest first.
pub(super) async fn outbox(
    session: &mut Session,
    catalogue: &Catalogue,
    query: &OutboxQuery,
    leaves: Leaves,
) -> Result<Vec<StoredMessage>, Stop> {
    let (version, ordinal) = match query.after {
        Some((version, ordinal)) => (version.number().cast_signed(), i64::from(ordinal)),
        None => (-1, 0),
    };
    let parameters = [
        Datum::Text(query.entity.into()),
        Datum::Text(query.entity_id.as_str().into()),
        Datum::Int(version),
        Datum::Int(ordinal),
        at_most(query.limit),
    ];
    let sql = catalogue.sql(Purpose::Messages)?;
    let rows = session.query(sql, parameters.map(Parameter::One).into(), leaves).await?;
    let rows: Result<_, StoreError> =
        rows.iter().map(|row| message(&Fields { row, table: "cohesive_outbox" })).collect();
    Ok(rows?)
}

pub(super) fn message(fields: &Fields<'_>) -> Result<StoredMessage, StoreError> {
    Ok(StoredMessage {
        id: MessageId::from(fields.read(0, |raw| Uuid::from_slice(raw).ok())?),
        entity: fields.text(1)?,
        entity_id: fields.text(2)?,
        version: fields.version(3)?,
        ordinal: fields.small(4)?,
        role: fields.text(5)?,
        name: fields.text(6)?,
        payload: fields.text(7)?,
        transition: fields.text(8)?,
        correlation: fields.text(9)?,
        causation: fields.optional(10, codec::text)?,
        actor: fields.optional(11, codec::text)?,
        trace: fields.optional(12, codec::text)?,
        occurred_at: fields.optional(13, codec::instant)?,
        recorded_at: fields.instant(14)?,
        published_at: fields.optional(15, codec::instant)?,
    })
}

/// Lists the kept inputs, oldest first.
pub(super) async fn parked(
    session: &mut Session,
    catalogue: &Catalogue,
    limit: usize,
) -> Result<Vec<StoredInput>, Stop> {
    let sql = catalogue.sql(Purpose::Parked)?;
    let rows = session.query(sql, vec![Parameter::One(at_most(limit))], Leaves::Nothing).await?;
    let rows: Result<_, StoreError> =
        rows.iter().map(|row| input(&Fields { row, table: "cohesive_parked_input" })).collect();
    Ok(rows?)
}

fn input(fields: &Fields<'_>) -> Result<StoredInput, StoreError> {
    let input = ParkedInput {
        entity: fields.text(1)?,
        entity_id: fields.text(2)?,
        transition: fields.text(3)?,
        input: fields.text(4)?,
        expected: fields.version(5)?,
        actual: fields.version(6)?,
        correlation: fields.text(7)?,
        causation: fields.optional(8, codec::text)?,
        actor: fields.optional(9, codec::text)?,
        trace: fields.optional(10, codec::text)?,
        recorded_at: fields.instant(11)?,
    };
    Ok(StoredInput { number: fields.int(0)?.unsigned_abs(), input })
}

fn receipt(fields: &Fields<'_>, key: &ReceiptKey) -> Result<Receipt, StoreError> {
    Ok(Receipt {
        scope: key.scope.clone(),
        key: key.key.clone(),
        fingerprint: fields.read(1, |raw| raw.try_into().ok())?,
        status: fields.small(2)?,
        version: fields.optional(3, codec::int)?.map(to_version),
        body: fields.read(4, |raw| Some(raw.to_vec()))?,
        recorded_at: fields.instant(5)?,
        expires_at: fields.instant(6)?,
        mark: fields.optional(7, codec::instant)?,
    })
}

pub(super) fn at_most(limit: usize) -> Datum<'static> {
    Datum::Int(i64::try_from(limit).unwrap_or(i64::MAX))
}

/// The number that is all of an answer.
pub(super) fn count(rows: &[Answer], table: &'static str) -> Result<u64, StoreError> {
    let number = rows.first().map(|row| Fields { row, table }.int(0)).transpose()?;
    Ok(number.unwrap_or_default().unsigned_abs())
}

/// The tables keep versions from 0 on.
pub(super) fn to_version(number: i64) -> Version {
    Version::new(number.unsigned_abs())
}

/// One row of an answer, read strictly: a value that was not written there is reported by its place, and not quoted.
pub(super) struct Fields<'a> {
    pub(super) row: &'a Answer,
    pub(super) table: &'static str,
}

impl<'a> Fields<'a> {
    fn raw(&self, index: usize) -> Result<Option<&'a [u8]>, StoreError> {
        let raw = self.row.try_get::<_, Option<Raw<'a>>>(index).map_err(|_| self.corrupt(index))?;
        Ok(raw.map(|Raw(raw)| raw))
    }

    pub(super) fn optional<T>(
        &self,
        index: usize,
        read: impl Fn(&'a [u8]) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        match self.raw(index)? {
            None => Ok(None),
            Some(raw) => read(raw).map(Some).ok_or_else(|| self.corrupt(index)),
        }
    }

    pub(super) fn read<T>(
        &self,
        index: usize,
        read: impl Fn(&'a [u8]) -> Option<T>,
    ) -> Result<T, StoreError> {
        self.optional(index, read)?.ok_or_else(|| self.corrupt(index))
    }

    pub(super) fn int(&self, index: usize) -> Result<i64, StoreError> {
        self.read(index, codec::int)
    }

    pub(super) fn small<T: TryFrom<i64>>(&self, index: usize) -> Result<T, StoreError> {
        self.read(index, |raw| codec::int(raw)?.try_into().ok())
    }

    pub(super) fn version(&self, index: usize) -> Result<Version, StoreError> {
        self.int(index).map(to_version)
    }

    pub(super) fn text(&self, index: usize) -> Result<String, StoreError> {
        self.read(index, codec::text)
    }

    pub(super) fn flag(&self, index: usize) -> Result<bool, StoreError> {
        self.read(index, |raw| Some(raw == [1]))
    }

    pub(super) fn instant(&self, index: usize) -> Result<Timestamp, StoreError> {
        self.read(index, codec::instant)
    }

    fn corrupt(&self, index: usize) -> StoreError {
        let name = self.row.columns().get(index).map_or("a column", |column| column.name());
        corrupt(self.table, name)
    }
}

fn corrupt(table: &str, column: &str) -> StoreError {
    error(StoreErrorKind::Corrupt, format!("{table}.{column} holds something that was not written there"))
}
