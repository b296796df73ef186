//! The values of a statement that applies units, in the order of its parameters (`commit_sql`).

use cohesive_core::kernel::Version;
use cohesive_core::value::{Datum, Timestamp};

use super::codec::Parameter;
use super::commit_sql::Section;
use super::waves::Group;
use crate::store::outbox::Stream;
use crate::store::{Expected, OutboxMessage, ParkedInput, Receipt, Unit, Write};

/// The values for a group of units.
pub(super) fn of<'a>(group: &Group, batch: &'a [Unit]) -> Vec<Parameter<'a>> {
    let mut values = Values { one: group.step.one, parameters: Vec::new() };
    values.rows(group, batch);
    let units = || (0..).zip(&group.units).map(|(place, &unit)| (place, &batch[unit]));
    if group.step.with.receipts {
        let mut receipts: Vec<_> = units()
            .flat_map(|(place, unit)| unit.receipts.iter().map(move |receipt| (place, receipt)))
            .collect();
        // Two nodes that write some of the same receipts meet in one order.
        receipts.sort_by(|(_, one), (_, other)| (&one.scope, &one.key).cmp(&(&other.scope, &other.key)));
        values.all(&receipts, &RECEIPT);
    }
    if group.step.with.messages {
        let mut messages: Vec<_> = units()
            .flat_map(|(place, unit)| unit.messages.iter().map(move |message| (place, message)))
            .collect();
        // Positions are given in this order, which is that of each history.
        messages.sort_by_key(|(_, message)| (message.version, message.ordinal));
        values.all(&messages, &MESSAGE);
    }
    if group.step.with.parked {
        let parked = units().flat_map(|(place, unit)| unit.parked.iter().map(move |input| (place, input)));
        values.all(&parked.collect::<Vec<_>>(), &PARKED);
    }
    values.parameters
}

type Column<T> = for<'a> fn(&'a T) -> Datum<'a>;

const RECEIPT: [Column<Receipt>; 9] = [
    |receipt| text(&receipt.scope),
    |receipt| text(&receipt.key),
    |receipt| Datum::Bytes(receipt.fingerprint.as_slice().into()),
    |receipt| Datum::Int(receipt.status.into()),
    |receipt| receipt.version.map_or(Datum::Null, version),
    |receipt| Datum::Bytes(receipt.body.as_slice().into()),
    |receipt| Datum::Timestamp(receipt.recorded_at),
    |receipt| Datum::Timestamp(receipt.expires_at),
    |receipt| receipt.mark.map_or(Datum::Null, Datum::Timestamp),
];
const MESSAGE: [Column<OutboxMessage>; 16] = [
    |message| Datum::Uuid(message.id.uuid()),
    |message| text(message.entity),
    |message| text(&message.entity_id),
    |message| version(message.version),
    |message| Datum::Int(message.ordinal.into()),
    |message| text(message.role),
    |message| text(message.name),
    |message| Datum::Json(message.payload.as_str().into()),
    |message| text(message.transition),
    |message| text(&message.correlation),
    |message| optional(message.causation.as_ref()),
    |message| optional(message.actor.as_ref()),
    |message| optional(message.trace.as_ref()),
    |message| message.occurred_at.map_or(Datum::Null, Datum::Timestamp),
    |message| Datum::Timestamp(message.recorded_at),
    // A role without a stream has no lane either, and the table refuses it.
    |message| {
        let stream = Stream::of_role(message.role);
        stream
            .map_or(Datum::Null, |stream| Datum::Int(stream.lane(message.entity, &message.entity_id).into()))
    },
];
const PARKED: [Column<ParkedInput>; 11] = [
    |input| text(&input.entity),
    |input| text(&input.entity_id),
    |input| text(&input.transition),
    |input| Datum::Json(input.input.as_str().into()),
    |input| version(input.expected),
    |input| version(input.actual),
    |input| text(&input.correlation),
    |input| optional(input.causation.as_ref()),
    |input| optional(input.actor.as_ref()),
    |input| optional(input.trace.as_ref()),
    |input| Datum::Timestamp(input.recorded_at),
];

fn text(text: &str) -> Datum<'_> {
    Datum::Text(text.into())
}

fn optional(text: Option<&String>) -> Datum<'_> {
    text.map_or(Datum::Null, |text| Datum::Text(text.as_str().into()))
}

/// A version has 63 bits, so it always fits.
pub(super) fn version(version: Version) -> Datum<'static> {
    Datum::Int(version.number().cast_signed())
}

/// The instant, as a parameter.
pub(super) fn instant(instant: Timestamp) -> Parameter<'static> {
    Parameter::One(Datum::Timestamp(instant))
}

struct Values<'a> {
    one: bool,
    parameters: Vec<Parameter<'a>>,
}

impl<'a> Values<'a> {
    /// One array for each column, and before them one with the places of the units.
    fn all<T>(&mut self, rows: &[(i64, &'a T)], columns: &[Column<T>]) {
        if !self.one {
            self.parameters.push(Parameter::Many(rows.iter().map(|(place, _)| Datum::Int(*place)).collect()));
        }
        for column in columns {
            self.parameters.push(Parameter::Many(rows.iter().map(|(_, row)| column(row)).collect()));
        }
    }

    fn rows(&mut self, group: &Group, batch: &'a [Unit]) {
        if !self.one {
            let places = (0..).zip(&group.units).map(|(place, _)| Datum::Int(place));
            self.parameters.push(Parameter::Many(places.collect()));
        }
        let writes: Vec<&Write> = group.units.iter().filter_map(|&unit| batch[unit].write.as_ref()).collect();
        if let Section::Update { .. } = group.step.section {
            self.column(&writes, |write| write.id.borrowed());
            self.column(&writes, |write| match write.expected {
                Expected::Version(expected) => version(expected),
                Expected::Absent => Datum::Null,
            });
        }
        if writes.is_empty() {
            return;
        }
        self.column(&writes, |write| version(write.version));
        for place in 0..writes.iter().map(|write| write.columns.len()).min().unwrap_or(0) {
            self.column(&writes, |write| write.columns[place].1.borrowed());
        }
    }

    fn column(&mut self, writes: &[&'a Write], column: impl Fn(&'a Write) -> Datum<'a>) {
        let mut values = writes.iter().map(|write| column(write));
        let parameter = if self.one {
            Parameter::One(values.next().unwrap_or(Datum::Null))
        } else {
            Parameter::Many(values.collect())
        };
        self.parameters.push(parameter);
    }
}
