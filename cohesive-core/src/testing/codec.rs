//! Values on their way to a column and to JSON, and back.

use serde_json::Value as Json;

use crate::interpret::{Content, Document, Interpreter};
use crate::kernel::{EffectSet, Entity, Input};
use crate::model::{Member, Type};
use crate::value::Datum;

use super::property::{Findings, Property};
use super::quiet::quiet;

/// A name that no enumeration has.
const UNKNOWN: &str = "\u{1}unknown";

/// The input behind a document, after a look at how it travels.
///
/// # Errors
/// Why it cannot be read, where that is right.
pub(super) fn input<I: Input>(
    interpreter: &Interpreter,
    document: &Document,
    findings: &mut Findings,
) -> Result<I, String> {
    let parameters = I::TRANSITION.parameters;
    let json = document.input_json(parameters);
    let read = |text: &str| quiet(|| serde_json::from_str::<I>(text));
    let input = match read(&json) {
        Ok(Ok(input)) => input,
        Ok(Err(error)) => {
            let flawed = parameters.iter().any(|parameter| {
                let value = document.get(parameter.name);
                value.is_some_and(|value| interpreter.flaw(&parameter.ty, value) != Ok(None))
            });
            if !flawed {
                findings.add(Property::Codecs, format!("a sound input cannot be read: {error}\n{json}"));
            }
            return Err(error.to_string());
        }
        Err(panic) => {
            findings.add(Property::Total, format!("reading the input panicked: {panic}"));
            return Err(panic);
        }
    };
    match serde_json::to_string(&input) {
        Ok(again) if again == json => {}
        Ok(again) => findings.add(Property::Codecs, format!("the input {json}\nis written as {again}")),
        Err(error) => findings.add(Property::Codecs, format!("the input cannot be written: {error}")),
    }
    let members: Vec<Member> =
        parameters.iter().map(|parameter| Member::new(parameter.name, parameter.ty, parameter.at)).collect();
    unknown_names(&members, &json, findings, |text| read(text).map(|read| read.is_ok()));
    Ok(input)
}

/// A state to its columns and back, and to JSON and back.
pub(super) fn state<E: Entity>(state: &E, document: &Document, findings: &mut Findings) {
    let structure = E::STRUCTURE;
    columns(state, findings);
    let expected = document.state_json(structure);
    let written = match serde_json::to_string(state) {
        Ok(written) => written,
        Err(error) => return findings.add(Property::Codecs, format!("the state cannot be written: {error}")),
    };
    if written != expected {
        findings.add(
            Property::Codecs,
            format!("the state is written as {written}\nand the model has {expected}"),
        );
    }
    let read = |text: &str| quiet(|| serde_json::from_str::<E>(text));
    match read(&written) {
        Ok(Ok(again)) if again == *state => {}
        Ok(Ok(again)) => findings.add(
            Property::Codecs,
            format!(
                "the state {written}\ncomes back as {}",
                serde_json::to_string(&again).unwrap_or_default()
            ),
        ),
        Ok(Err(error)) => findings.add(Property::Codecs, format!("{written}\ncannot be read: {error}")),
        Err(panic) => findings.add(Property::Codecs, format!("reading the state panicked: {panic}")),
    }
    let members: Vec<Member> = structure
        .fields
        .iter()
        .map(|field| Member { wire: field.wire, ..Member::new(field.name, field.ty, field.at) })
        .collect();
    unknown_names(&members, &written, findings, |text| read(text).map(|read| read.is_ok()));
}

fn columns<E: Entity>(state: &E, findings: &mut Findings) {
    let (whole, mut again) = (state.whole(), E::Patch::default());
    let mut stored: Vec<(usize, Datum<'static>)> = Vec::new();
    if let Err((column, flaw)) =
        E::encode(&whole, &mut |column, datum| stored.push((column, datum.into_owned())))
    {
        let name = E::STRUCTURE.fields.get(column).map_or("?", |field| field.name);
        return findings.add(Property::Codecs, format!("`{name}` cannot be stored: {flaw}"));
    }
    for (column, datum) in &stored {
        let Some(field) = E::STRUCTURE.fields.get(*column) else { continue };
        match quiet(|| E::decode(&mut again, *column, datum.borrowed())) {
            Ok(Ok(())) => {}
            Ok(Err(flaw)) => {
                findings.add(Property::Codecs, format!("`{}` cannot be loaded: {flaw}", field.name));
            }
            Err(panic) => {
                findings.add(Property::Codecs, format!("loading `{}` panicked: {panic}", field.name));
            }
        }
        if matches!(field.ty.required(), Type::Enum(_)) {
            let mut other = E::Patch::default();
            match quiet(|| E::decode(&mut other, *column, Datum::Text(UNKNOWN.into()))) {
                Ok(Err(_)) => {}
                Ok(Ok(())) => {
                    findings.add(Property::Names, format!("`{}` loads an unknown name", field.name));
                }
                Err(panic) => findings.add(Property::Names, format!("an unknown name panicked: {panic}")),
            }
        }
    }
    match E::complete(again) {
        Ok(again) if again == *state => {}
        Ok(again) => {
            findings.add(Property::Codecs, format!("from its columns, {state:?}\ncomes back as {again:?}"));
        }
        Err(field) => findings.add(Property::Codecs, format!("`{field}` is lost in its column")),
    }
}

/// The messages of a decision: as their model describes them, and the same when they are read again.
pub(super) fn messages(effects: &impl EffectSet, findings: &mut Findings) {
    effects.each(&mut |payload| {
        let name = payload.message().name;
        let json = match payload.json() {
            Ok(json) => json,
            Err(flaw) => {
                return findings.add(Property::Codecs, format!("`{name}` cannot be written: {flaw}"));
            }
        };
        match Document::of_message(payload.message(), &json) {
            Ok(document) if document.message_json(payload.message()) == json => {}
            Ok(document) => findings.add(
                Property::Codecs,
                format!(
                    "`{name}` is written as {json}\nand its model has {}",
                    document.message_json(payload.message())
                ),
            ),
            Err(flaw) => {
                findings.add(Property::Codecs, format!("`{name}` is not as its model says: {flaw}\n{json}"));
            }
        }
        match quiet(|| payload.reread(&json)) {
            Ok(Ok(again)) if again == json => {}
            Ok(Ok(again)) => {
                findings.add(Property::Codecs, format!("`{name}` {json}\ncomes back as {again}"));
            }
            Ok(Err(flaw)) => findings.add(Property::Codecs, format!("`{name}` cannot be read again: {flaw}")),
            Err(panic) => findings.add(Property::Codecs, format!("reading `{name}` panicked: {panic}")),
        }
    });
}

/// Puts an unknown name in each place of an enumeration, and demands that reading fails.
fn unknown_names(
    members: &[Member],
    json: &str,
    findings: &mut Findings,
    reads: impl Fn(&str) -> Result<bool, String>,
) {
    let Ok(document) = serde_json::from_str::<Json>(json) else { return };
    let mut places = Vec::new();
    for member in members {
        if let Some(value) = document.get(member.wire) {
            choices(&member.ty, value, &format!("/{}", member.wire), &mut places);
        }
    }
    for place in places.into_iter().take(6) {
        let mut other = document.clone();
        let Some(slot) = other.pointer_mut(&place) else { continue };
        *slot = Json::from(UNKNOWN);
        match reads(&other.to_string()) {
            Ok(false) => {}
            Ok(true) => findings
                .add(Property::Names, format!("an unknown name at `{place}` was read as if it were known")),
            Err(panic) => {
                findings.add(Property::Names, format!("an unknown name at `{place}` panicked: {panic}"));
            }
        }
    }
}

/// The places of enumerations within a JSON value.
fn choices(ty: &Type, value: &Json, place: &str, places: &mut Vec<String>) {
    match ty {
        Type::Enum(_) if value.is_string() => places.push(place.to_owned()),
        Type::Optional(inner) => choices(inner, value, place, places),
        Type::List(inner) | Type::Set(inner) => {
            for (index, item) in value.as_array().into_iter().flatten().enumerate().take(2) {
                choices(inner, item, &format!("{place}/{index}"), places);
            }
        }
        Type::Record(record) => {
            for member in record.members {
                if let Some(part) = value.get(member.wire) {
                    choices(&member.ty, part, &format!("{place}/{}", member.wire), places);
                }
            }
        }
        _ => {}
    }
}

/// Whether two values are written alike.
pub(super) fn same(ty: &Type, one: &Content, other: &Content) -> bool {
    one.to_json(ty) == other.to_json(ty)
}
