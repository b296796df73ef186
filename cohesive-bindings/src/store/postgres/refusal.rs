//! Why a unit was refused.

use cohesive_core::kernel::Version;
use cohesive_core::value::Datum;

use super::codec::Parameter;
use super::read::{self, Stop};
use super::session::{Leaves, Session};
use super::statements::{Catalogue, Purpose};
use crate::store::{
    Expected, Load, OutboxMessage, OutboxQuery, Receipt, ReceiptKey, Row, RowKey, Unit, UnitOutcome, Write,
};

/// The reasons why these units were refused, as they are found now.
pub(super) async fn reasons(
    session: &mut Session,
    catalogue: &Catalogue,
    batch: &[Unit],
    refused: &[usize],
    leaves: Leaves,
) -> Result<Vec<UnitOutcome>, Stop> {
    if refused.is_empty() {
        return Ok(Vec::new());
    }
    let units = || refused.iter().map(|&place| &batch[place]);
    let rows = units().filter_map(|unit| unit.write.as_ref()).map(|write| RowKey {
        structure: write.structure,
        id: write.id.clone(),
        columns: Vec::new(),
    });
    let receipts = units().flat_map(|unit| &unit.receipts).map(key);
    let load = Load { rows: rows.collect(), receipts: receipts.collect(), marks: Vec::new() };
    let loaded = read::load(session, catalogue, &load, leaves).await?;
    let (mut rows, mut receipts) = (loaded.rows.into_iter(), loaded.receipts.into_iter());
    let mut reasons = Vec::with_capacity(refused.len());
    for unit in units() {
        let row = unit.write.as_ref().and_then(|_| rows.next().flatten());
        let found: Vec<_> = receipts.by_ref().take(unit.receipts.len()).collect();
        let mut search = Search { session: &mut *session, catalogue, leaves };
        reasons.push(search.reason(unit, row.as_ref(), found).await?);
    }
    Ok(reasons)
}

/// What is told where no reason can be found: the entity was not as expected. Whoever decides again finds out.
pub(super) fn without_reason(unit: &Unit) -> UnitOutcome {
    UnitOutcome::Conflict { actual: expected(unit) }
}

fn expected(unit: &Unit) -> Option<Version> {
    match unit.write.as_ref()?.expected {
        Expected::Absent => None,
        Expected::Version(version) => Some(version),
    }
}

fn key(receipt: &Receipt) -> ReceiptKey {
    ReceiptKey { scope: receipt.scope.clone(), key: receipt.key.clone() }
}

struct Search<'a> {
    session: &'a mut Session,
    catalogue: &'a Catalogue,
    leaves: Leaves,
}

impl Search<'_> {
    /// The first reason in the order that every store keeps.
    async fn reason(
        &mut self,
        unit: &Unit,
        row: Option<&Row>,
        found: Vec<Option<Receipt>>,
    ) -> Result<UnitOutcome, Stop> {
        let standing = found
            .into_iter()
            .zip(&unit.receipts)
            .find_map(|(found, new)| found.filter(|standing| standing.stands(new.recorded_at)));
        if let Some(standing) = standing {
            return Ok(UnitOutcome::ReceiptExists(Box::new(standing)));
        }
        let actual = row.map(|row| row.version);
        if let Some(write) = &unit.write {
            if actual != expected(unit) {
                return Ok(UnitOutcome::Conflict { actual });
            }
            if let Some(field) = self.taken(write).await? {
                return Ok(UnitOutcome::NotUnique { field });
            }
        }
        if let Some(twice) = repeated(&unit.receipts, key) {
            return Ok(UnitOutcome::ReceiptExists(Box::new(twice.clone())));
        }
        for (place, message) in unit.messages.iter().enumerate() {
            let earlier = unit.messages[..place].iter().any(|other| other.id == message.id);
            if earlier || self.is_there(message).await? {
                return Ok(UnitOutcome::MessageExists(message.id));
            }
        }
        Ok(UnitOutcome::Conflict { actual })
    }

    /// The first unique field in which another row has the value that was to be written.
    async fn taken(&mut self, write: &Write) -> Result<Option<&'static str>, Stop> {
        let table = write.structure.table;
        for (column, value) in &write.columns {
            let field = &write.structure.fields[*column];
            if !field.unique || *value == Datum::Null {
                continue;
            }
            let sql = self.catalogue.sql(Purpose::Unique { table, column: *column })?;
            let parameters =
                vec![read::compared(write.structure, *column, value), Parameter::One(write.id.borrowed())];
            if !self.session.query(sql, parameters, self.leaves).await?.is_empty() {
                return Ok(Some(field.name));
            }
        }
        Ok(None)
    }

    async fn is_there(&mut self, message: &OutboxMessage) -> Result<bool, Stop> {
        let (version, ordinal) = (message.version.number(), message.ordinal);
        let last_of_before = || version.checked_sub(1).map(|before| (Version::new(before), u32::MAX));
        let after = ordinal.checked_sub(1).map(|before| (message.version, before)).or_else(last_of_before);
        let (entity, entity_id) = (message.entity, message.entity_id.clone());
        let query = OutboxQuery { entity, entity_id, after, limit: 1 };
        let found = read::outbox(self.session, self.catalogue, &query, self.leaves).await?;
        Ok(found.iter().any(|found| found.id == message.id))
    }
}

/// The first of equal keys.
fn repeated<T, K: PartialEq>(all: &[T], key: impl Fn(&T) -> K) -> Option<&T> {
    all.iter()
        .enumerate()
        .find(|(place, one)| all[place + 1..].iter().any(|other| key(other) == key(one)))
        .map(|(_, one)| one)
}
