//! Entities that use every type of column, and short ways to write about them.

use std::borrow::Cow;

use cohesive_core::kernel::{MessageId, Version};
use cohesive_core::model::{
    At, EnumType, Field, FieldRole, IdType, Member, RecordType, Structure, Type, Variant,
};
use cohesive_core::value::{Datum, Decimal, Timestamp};

use crate::store::{
    Expected, ListQuery, Load, OutboxMessage, OutboxQuery, ParkedInput, Receipt, ReceiptKey, RowKey, Unit,
    Write,
};

const AT: At = At(0);
const STATES: EnumType = EnumType {
    name: "State",
    docs: "",
    file: "",
    variants: &[variant("Open", "open"), variant("Done", "it's done"), variant("Lost", "lost, for good")],
    lifecycle: true,
};
const ADDRESS: RecordType =
    RecordType { name: "Address", docs: "", members: &[Member::new("city", Type::Text, AT)], id: None };
const TEXT_ID: Type = Type::Id(&IdType { name: "TextId", inner: Type::Text });

const fn variant(name: &'static str, wire: &'static str) -> Variant {
    Variant { name, wire, docs: "", initial: false, terminal: false, at: AT }
}

const fn field(name: &'static str, wire: &'static str, ty: Type) -> Field {
    Field { wire, ..Field::new(name, ty, AT) }
}

const fn id(ty: Type) -> Field {
    Field { role: FieldRole::Id, ..field("id", "id", ty) }
}

const fn entity(name: &'static str, table: &'static str, fields: &'static [Field]) -> Structure {
    Structure { name, table, plural: table, docs: "", file: "", fields, allowances: &[], at: AT }
}

/// Every type, required and optional. Some columns are named like words of SQL.
pub static SPECIMEN: Structure = entity(
    "Specimen",
    "specimen",
    &[
        id(TEXT_ID),
        field("flag", "select", Type::Bool),
        field("small", "order", Type::Int32),
        field("large", "group", Type::Int64),
        field("natural", "natural_number", Type::UInt32),
        field("exact", "decimal", Type::Decimal),
        field("words", "text", Type::Text),
        field("bytes", "blob", Type::Bytes),
        field("instant", "timestamp", Type::Timestamp),
        field("day", "date", Type::Date),
        field("uuid", "uuid", Type::Uuid),
        field("other", "references", TEXT_ID),
        field("state", "state", Type::Enum(&STATES)),
        field("address", "address", Type::Record(&ADDRESS)),
        field("list", "list", Type::List(&Type::Text)),
        field("opaque", "opaque", Type::Opaque),
        field("set", "set", Type::Set(&Type::Text)),
        field("length", "length", Type::Duration),
        field("currency", "currency", Type::Currency),
        field("maybe_flag", "maybe_flag", Type::Optional(&Type::Bool)),
        field("maybe_small", "maybe_small", Type::Optional(&Type::Int32)),
        field("maybe_large", "maybe_large", Type::Optional(&Type::Int64)),
        field("maybe_natural", "maybe_natural", Type::Optional(&Type::UInt32)),
        field("maybe_exact", "maybe_exact", Type::Optional(&Type::Decimal)),
        field("maybe_words", "maybe_words", Type::Optional(&Type::Text)),
        field("maybe_bytes", "maybe_bytes", Type::Optional(&Type::Bytes)),
        field("maybe_instant", "maybe_instant", Type::Optional(&Type::Timestamp)),
        field("maybe_day", "maybe_day", Type::Optional(&Type::Date)),
        field("maybe_uuid", "maybe_uuid", Type::Optional(&Type::Uuid)),
        field("maybe_other", "maybe_other", Type::Optional(&TEXT_ID)),
        field("maybe_state", "maybe_state", Type::Optional(&Type::Enum(&STATES))),
        field("maybe_address", "maybe_address", Type::Optional(&Type::Record(&ADDRESS))),
        field("maybe_list", "maybe_list", Type::Optional(&Type::List(&Type::Text))),
        field("maybe_opaque", "maybe_opaque", Type::Optional(&Type::Opaque)),
        field("maybe_set", "maybe_set", Type::Optional(&Type::Set(&Type::Text))),
        field("maybe_length", "maybe_length", Type::Optional(&Type::Duration)),
        field("maybe_currency", "maybe_currency", Type::Optional(&Type::Currency)),
    ],
);

/// A lifecycle, unique fields and filters. Its columns stand in this order.
pub static TICKET: Structure = entity(
    "Ticket",
    "ticket",
    &[
        id(TEXT_ID),
        Field { role: FieldRole::Lifecycle, ..field("state", "state", Type::Enum(&STATES)) },
        Field { unique: true, ..field("email", "e_mail", Type::Optional(&Type::Text)) },
        Field { unique: true, ..field("price", "price", Type::Optional(&Type::Decimal)) },
        Field { index: true, ..field("desk", "desk", Type::Optional(&Type::Text)) },
        field("note", "note", Type::Text),
    ],
);

/// An id that is a number.
pub static COUNTER: Structure =
    entity("Counter", "counter", &[id(Type::Int64), field("count", "count", Type::Int64)]);

/// An id that is a UUID, and a unique field of the same name as the ticket's.
pub static PARCEL: Structure = entity(
    "Parcel",
    "parcel",
    &[id(Type::Uuid), Field { unique: true, ..field("email", "e_mail", Type::Optional(&Type::Text)) }],
);

/// The entities that a store under test has to be opened with.
pub static STRUCTURES: [&Structure; 4] = [&SPECIMEN, &TICKET, &COUNTER, &PARCEL];

/// Columns of [`TICKET`].
pub(super) const STATE: usize = 1;
pub(super) const EMAIL: usize = 2;
pub(super) const PRICE: usize = 3;
pub(super) const DESK: usize = 4;
pub(super) const NOTE: usize = 5;
/// All columns of [`TICKET`].
pub(super) const ALL: [usize; 6] = [0, STATE, EMAIL, PRICE, DESK, NOTE];

pub(super) fn text(text: &str) -> Datum<'static> {
    Datum::Text(Cow::Owned(text.to_owned()))
}

pub(super) fn decimal(text: &str) -> Datum<'static> {
    text.parse::<Decimal>().map_or(Datum::Null, Datum::Decimal)
}

/// The instant this many seconds after 1970.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000).unwrap_or_default()
}

pub(super) const fn version(number: u64) -> Version {
    Version::new(number)
}

/// The values of an open ticket without a unique value.
pub(super) fn ticket_values(id: &str) -> Vec<(usize, Datum<'static>)> {
    vec![
        (0, text(id)),
        (STATE, text("open")),
        (EMAIL, Datum::Null),
        (PRICE, Datum::Null),
        (DESK, Datum::Null),
        (NOTE, text("")),
    ]
}

/// A new open ticket.
pub(super) fn new_ticket(id: &str) -> Write {
    Write {
        structure: &TICKET,
        id: text(id),
        expected: Expected::Absent,
        version: Version::INITIAL,
        columns: ticket_values(id),
    }
}

/// A new ticket with one value of its own.
pub(super) fn ticket_with(id: &str, column: usize, value: Datum<'static>) -> Write {
    let mut write = new_ticket(id);
    write.columns[column].1 = value;
    write
}

/// A change of one column of a ticket, from one version to the next.
pub(super) fn change(id: &str, from: u64, column: usize, value: Datum<'static>) -> Write {
    Write {
        structure: &TICKET,
        id: text(id),
        expected: Expected::Version(version(from)),
        version: version(from + 1),
        columns: vec![(column, value)],
    }
}

pub(super) fn unit(write: Write) -> Unit {
    Unit { write: Some(write), ..Unit::default() }
}

/// A message of a ticket.
pub(super) fn message(id: &str, number: u64, ordinal: u32) -> OutboxMessage {
    OutboxMessage {
        id: MessageId::derive("Ticket", id, version(number), ordinal),
        entity: "Ticket",
        entity_id: id.to_owned(),
        version: version(number),
        ordinal,
        role: "event",
        name: "TicketOpened",
        payload: format!("{{\"ordinal\":{ordinal}}}"),
        transition: "open",
        correlation: "correlation".to_owned(),
        causation: None,
        actor: None,
        trace: None,
        occurred_at: Some(at(1)),
        recorded_at: at(2),
    }
}

/// A receipt that was recorded at 100 s and expires at 200 s.
pub(super) fn receipt(scope: &str, key: &str) -> Receipt {
    Receipt {
        scope: scope.to_owned(),
        key: key.to_owned(),
        fingerprint: [7; 32],
        status: 201,
        version: None,
        body: b"{}".to_vec(),
        recorded_at: at(100),
        expires_at: at(200),
        mark: None,
    }
}

/// A receipt of a message that was recorded by its sender at this second.
pub(super) fn marked(scope: &str, key: &str, seconds: i64) -> Receipt {
    Receipt { mark: Some(at(seconds)), ..receipt(scope, key) }
}

pub(super) fn load_tickets(ids: &[&str], columns: &[usize]) -> Load {
    let row = |id: &&str| RowKey { structure: &TICKET, id: text(id), columns: columns.to_vec() };
    Load { rows: ids.iter().map(row).collect(), ..Load::default() }
}

pub(super) fn load_receipts(keys: &[(&str, &str)]) -> Load {
    let key = |(scope, key): &(&str, &str)| ReceiptKey { scope: (*scope).to_owned(), key: (*key).to_owned() };
    Load { receipts: keys.iter().map(key).collect(), ..Load::default() }
}

pub(super) fn load_marks(scopes: &[&str]) -> Load {
    Load { marks: scopes.iter().map(|scope| (*scope).to_owned()).collect(), ..Load::default() }
}

pub(super) fn list_all(structure: &'static Structure) -> ListQuery {
    ListQuery { structure, filters: Vec::new(), after: None, limit: 10_000 }
}

pub(super) fn history(id: &str) -> OutboxQuery {
    OutboxQuery { entity: "Ticket", entity_id: id.to_owned(), after: None, limit: 10_000 }
}

/// An input that was kept.
pub(super) fn parked(id: &str) -> ParkedInput {
    ParkedInput {
        entity: TICKET.name.to_owned(),
        entity_id: id.to_owned(),
        transition: "rename".to_owned(),
        input: "{}".to_owned(),
        expected: Version::new(1),
        actual: Version::new(2),
        correlation: "c".to_owned(),
        causation: None,
        actor: None,
        trace: None,
        recorded_at: at(3),
    }
}
