//! What every store checks alike before it touches a row, so that none is laxer than another (R18).

use cohesive_core::kernel::MessageId;
use cohesive_core::model::{FieldRole, Structure, Type};
use cohesive_core::value::{Currency, Datum, Duration};

use super::inbox::{DeliveryKey, ParkedDelivery};
use super::outbox::Stream;
use super::{Expected, ListQuery, Load, OutboxMessage, ParkedInput, Unit, Write};

/// Whether a column of this type can hold this value.
pub(super) fn fits(ty: &Type, datum: &Datum<'_>) -> bool {
    match (ty, datum) {
        (Type::Optional(_), Datum::Null)
        | (Type::Bool, Datum::Bool(_))
        | (Type::Int64, Datum::Int(_))
        | (Type::Decimal, Datum::Decimal(_))
        | (Type::Bytes, Datum::Bytes(_))
        | (Type::Timestamp, Datum::Timestamp(_))
        | (Type::Date, Datum::Date(_))
        | (Type::Uuid, Datum::Uuid(_))
        | (Type::Record(_) | Type::List(_) | Type::Set(_) | Type::Opaque, Datum::Json(_)) => true,
        (Type::Optional(inner), datum) => fits(inner, datum),
        (Type::Id(id), datum) => fits(&id.inner, datum),
        (Type::Enum(names), Datum::Text(text)) => names.variants.iter().any(|name| name.wire == text),
        (Type::Duration, Datum::Int(micros)) => Duration::from_micros(*micros).is_ok(),
        (Type::Currency, Datum::Text(code)) => Currency::new(code).is_ok(),
        (Type::Int32, Datum::Int(number)) => i32::try_from(*number).is_ok(),
        (Type::UInt32, Datum::Int(number)) => u32::try_from(*number).is_ok(),
        (Type::Text, Datum::Text(text)) => !text.contains('\0'),
        _ => false,
    }
}

/// The type inside of `Optional` and of identifiers.
pub(super) fn plain(ty: &'static Type) -> &'static Type {
    match ty {
        Type::Optional(inner) => plain(inner),
        Type::Id(id) => plain(&id.inner),
        other => other,
    }
}

/// The position of the id. Ids have one order in every store, which rules out the types that have none.
pub(super) fn id_column(structure: &'static Structure) -> Result<usize, String> {
    let found = structure.fields.iter().position(|field| field.role == FieldRole::Id);
    let index = found.ok_or_else(|| format!("{} has no field that identifies it", structure.name))?;
    let ty = &structure.fields[index].ty;
    match plain(ty) {
        _ if ty.is_optional() => Err(format!("the id of {} must not be optional", structure.name)),
        Type::Decimal | Type::Record(_) | Type::List(_) | Type::Set(_) | Type::Opaque | Type::Named(_) => {
            Err(format!("the id of {} is of a type that has no order", structure.name))
        }
        _ => Ok(index),
    }
}

/// Whether all of a load can be asked for.
pub(super) fn check_load(load: &Load) -> Result<(), String> {
    for key in &load.rows {
        check_id(key.structure, &key.id)?;
        for &column in &key.columns {
            check_column(key.structure, column)?;
        }
    }
    Ok(())
}

/// Whether a list can be asked for.
pub(super) fn check_list(query: &ListQuery) -> Result<(), String> {
    if let Some(after) = &query.after {
        check_id(query.structure, after)?;
    }
    for (column, datum) in &query.filters {
        check_column(query.structure, *column)?;
        if *datum != Datum::Null {
            check_value(query.structure, *column, datum)?;
        }
    }
    Ok(())
}

/// Whether every unit of a batch says what the store can hold.
pub(super) fn check_batch(batch: &[Unit]) -> Result<(), String> {
    for unit in batch {
        unit.write.as_ref().map_or(Ok(()), check_write)?;
        unit.messages.iter().try_for_each(check_message)?;
        unit.parked.iter().try_for_each(check_parked)?;
    }
    Ok(())
}

/// An id that follows from the message's place is unique where the place is, so a store need not keep an index over
/// ids. They are random by nature: such an index costs a page per message, and measurably half of the throughput.
fn check_message(message: &OutboxMessage) -> Result<(), String> {
    let OutboxMessage { entity, entity_id, version, ordinal, .. } = message;
    if Stream::of_role(message.role).is_none() {
        return Err(format!("{} is neither an event nor a request", message.name));
    }
    if message.id != MessageId::derive(entity, entity_id, *version, *ordinal) {
        return Err(format!("the id of {} does not follow from its place", message.name));
    }
    Ok(())
}

fn check_parked(parked: &ParkedInput) -> Result<(), String> {
    let read = serde_json::from_str::<serde::de::IgnoredAny>(&parked.input);
    read.map(drop).map_err(|_| format!("the input of {} is not JSON", parked.transition))
}

/// Whether a delivery can be named like this.
pub(super) fn check_key(key: &DeliveryKey) -> Result<(), String> {
    check_texts(&[&key.consumer, &key.source, &key.id])
}

/// Whether a delivery can be kept.
pub(super) fn check_delivery(delivery: &ParkedDelivery) -> Result<(), String> {
    check_key(&delivery.key)?;
    check_texts(&[&delivery.kind, &delivery.partition_key])
}

/// Not every database can keep a NUL in a text.
pub(super) fn check_texts(texts: &[&str]) -> Result<(), String> {
    if texts.iter().any(|text| text.contains('\0')) {
        return Err("what names a delivery holds a NUL".to_owned());
    }
    Ok(())
}

fn check_write(write: &Write) -> Result<(), String> {
    let structure = write.structure;
    let id = id_column(structure)?;
    check_value(structure, id, &write.id)?;
    if !write.columns.is_sorted_by(|one, other| one.0 < other.0) {
        return Err(format!("the columns of {} are not in ascending order", structure.name));
    }
    for (column, datum) in &write.columns {
        check_column(structure, *column)?;
        check_value(structure, *column, datum)?;
        if *column == id && (*datum != write.id || write.expected != Expected::Absent) {
            return Err(format!("the id of {} never changes", structure.name));
        }
    }
    if write.expected == Expected::Absent && write.columns.len() != structure.fields.len() {
        return Err(format!("a new {} needs all of its columns", structure.name));
    }
    Ok(())
}

fn check_id(structure: &'static Structure, id: &Datum<'_>) -> Result<(), String> {
    check_value(structure, id_column(structure)?, id)
}

fn check_column(structure: &Structure, column: usize) -> Result<(), String> {
    if column < structure.fields.len() {
        return Ok(());
    }
    Err(format!("{} has no column {column}", structure.name))
}

fn check_value(structure: &Structure, column: usize, datum: &Datum<'_>) -> Result<(), String> {
    let field = &structure.fields[column];
    if fits(&field.ty, datum) {
        return Ok(());
    }
    Err(format!("{}.{} cannot hold this: {}", structure.table, field.wire, datum.kind()))
}
