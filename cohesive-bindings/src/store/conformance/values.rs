//! Every type returns exactly as it was written (P19, R11, R14, R45, F11).

use std::borrow::Cow;

use cohesive_core::model::Type;
use cohesive_core::value::{Date, Datum, Decimal, Duration, Timestamp, Uuid};

use super::samples::{
    EMAIL, NOTE, PRICE, SPECIMEN, at, change, decimal, history, list_all, load_tickets, message, text,
    ticket_with, unit, version,
};
use super::{Failure, Outcome, commit_all, same, ticket};
use crate::store::{Expected, Load, Row, RowKey, Store, StoreErrorKind, Unit, Write};

/// Values at the edges of a type.
fn extremes(ty: &'static Type) -> Vec<Datum<'static>> {
    let date = |year| Date::new(year, 12, 31).map_or(Datum::Null, Datum::Date);
    let numbers = |numbers: &[i64]| numbers.iter().map(|number| Datum::Int(*number)).collect();
    let json = |texts: &[&'static str]| texts.iter().map(|text| Datum::Json(Cow::Borrowed(*text))).collect();
    match ty {
        Type::Optional(inner) => {
            let mut values = extremes(inner);
            values.push(Datum::Null);
            values
        }
        Type::Bool => vec![Datum::Bool(false), Datum::Bool(true)],
        Type::Int32 => numbers(&[i64::from(i32::MIN), -1, 0, i64::from(i32::MAX)]),
        Type::Int64 => numbers(&[i64::MIN, 0, (1 << 53) + 1, i64::MAX]),
        Type::UInt32 => numbers(&[0, i64::from(u32::MAX)]),
        Type::Decimal => {
            let mut values: Vec<_> = [Decimal::MAX, Decimal::MIN].map(Datum::Decimal).into();
            values.extend(["0", "0.00", "0.1", "-10.50", "0.0000000000000000000000000001"].map(decimal));
            values
        }
        Type::Text | Type::Id(_) => AWKWARD.iter().map(|awkward| text(awkward)).collect(),
        Type::Bytes => vec![
            Datum::Bytes(Cow::Borrowed(b"")),
            Datum::Bytes(Cow::Borrowed(b"\0")),
            Datum::Bytes(Cow::Owned((0..=255).collect())),
        ],
        Type::Timestamp => {
            let micro = at(1_700_000_000).saturating_add(std::time::Duration::from_micros(1));
            [Timestamp::MIN, Timestamp::MAX, at(0), micro].map(Datum::Timestamp).into()
        }
        Type::Date => vec![date(0), date(987), date(9999)],
        Type::Uuid => [Uuid::nil(), Uuid::max(), Uuid::from_u128(1)].map(Datum::Uuid).into(),
        Type::Enum(names) => names.variants.iter().map(|variant| text(variant.wire)).collect(),
        Type::Record(_) => json(&["{\"city\":\"\"}", "{ \"city\" : \"it's\u{2028}\" }"]),
        Type::Duration => [Duration::ZERO, Duration::MAX].map(|value| Datum::Int(value.as_micros())).into(),
        Type::Currency => vec![text("EUR"), text("XTS")],
        Type::Set(_) => json(&["[]", "[\"a\",\"b\"]"]),
        Type::List(_) => json(&["[]", "[\"\",\"\u{1f69a}\",\"\\u0000\"]"]),
        Type::Opaque | Type::Named(_) => json(&["null", "1.10", "\"\"", "{\"b\":1,\"a\":[2,{}]}"]),
    }
}

/// Text that ends up in the wrong place wherever text and syntax are mixed.
const AWKWARD: [&str; 14] = [
    "a",
    "it's",
    "\"quoted\"",
    "back\\slash",
    "a.b#c:d",
    "x'; DROP TABLE ticket; --",
    "?1 :name $1 %s {}",
    " leading and trailing ",
    "line\nbreak\ttab",
    "\u{2028}\u{2029}",
    "\u{1f69a}\u{200d}\u{1f468}",
    "e\u{301} and \u{e9}",
    "NULL",
    "00012",
];

pub(super) async fn every_type_returns_exactly(store: &impl Store) -> Outcome {
    let edges: Vec<Vec<Datum<'static>>> = SPECIMEN.fields.iter().map(|field| extremes(&field.ty)).collect();
    let rounds = edges.iter().map(Vec::len).max().unwrap_or(0);
    for round in 0..rounds {
        let id = text(&format!("{round:03}"));
        let mut values: Vec<_> = edges.iter().map(|edges| edges[round % edges.len()].clone()).collect();
        values[0] = id.clone();
        let columns: Vec<usize> = (0..values.len()).collect();
        let write = Write {
            structure: &SPECIMEN,
            id: id.clone(),
            expected: Expected::Absent,
            version: version(0),
            columns: columns.iter().copied().zip(values.clone()).collect(),
        };
        commit_all(store, vec![unit(write)]).await?;
        let row = Some(Row { version: version(0), columns: values.clone() });
        same!(load(store, &id, columns).await?, row);

        // The same by way of a change, one column further, and by way of a list.
        let next = edges.iter().skip(1).map(|edges| edges[(round + 1) % edges.len()].clone());
        values.splice(1.., next);
        let change = Write {
            structure: &SPECIMEN,
            id: id.clone(),
            expected: Expected::Version(version(0)),
            version: version(1),
            columns: (0..).zip(values.clone()).skip(1).collect(),
        };
        commit_all(store, vec![unit(change)]).await?;
        let row = Row { version: version(1), columns: values };
        same!(store.list(list_all(&SPECIMEN)).await?.last(), Some(&row));
    }
    Ok(())
}

async fn load(store: &impl Store, id: &Datum<'static>, columns: Vec<usize>) -> Result<Option<Row>, Failure> {
    let key = RowKey { structure: &SPECIMEN, id: id.clone(), columns };
    let loaded = store.load(Load { rows: vec![key], ..Load::default() }).await?;
    Ok(loaded.rows.into_iter().next().flatten())
}

// R14
pub(super) async fn absent_differs_from_empty(store: &impl Store) -> Outcome {
    let units = vec![
        unit(ticket_with("absent", EMAIL, Datum::Null)),
        unit(ticket_with("empty", EMAIL, text(""))),
        unit(ticket_with("word", EMAIL, text("NULL"))),
    ];
    commit_all(store, units).await?;
    let rows = store.load(load_tickets(&["absent", "empty", "word"], &[EMAIL])).await?.rows;
    let values: Vec<_> = rows.into_iter().flatten().flat_map(|row| row.columns).collect();
    same!(values, [Datum::Null, text(""), text("NULL")]);
    Ok(())
}

// R11, R12, F11, F38
pub(super) async fn awkward_text_returns_exactly(store: &impl Store) -> Outcome {
    let long = "\u{1f69a}'".repeat(200_000);
    for awkward in AWKWARD {
        let message = message(awkward, 0, 0);
        let write = ticket_with(awkward, NOTE, text(awkward));
        let unit = Unit { write: Some(write), messages: vec![message], ..Unit::default() };
        commit_all(store, vec![unit]).await?;
    }
    commit_all(store, vec![unit(ticket_with("long", NOTE, text(&long)))]).await?;
    for awkward in AWKWARD {
        let row = ticket(store, awkward).await?.map(|row| row.columns);
        same!(row.map(|row| (row[0].clone(), row[NOTE].clone())), Some((text(awkward), text(awkward))));
        same!(store.outbox(history(awkward)).await?.len(), 1);
    }
    same!(ticket(store, "long").await?.map(|row| row.columns[NOTE] == text(&long)), Some(true));
    Ok(())
}

/// Text that is not JSON, or not of the declared kind, is refused.
pub(super) async fn json_is_of_its_kind(store: &impl Store) -> Outcome {
    let columns = || SPECIMEN.fields.iter().map(|field| extremes(&field.ty).remove(0));
    let wrong = [
        ("address", "[]"),
        ("address", "{"),
        ("list", "{}"),
        ("list", "[1,]"),
        ("opaque", ""),
        ("opaque", "x"),
    ];
    for (name, json) in wrong {
        let mut columns: Vec<_> = (0..).zip(columns()).collect();
        let id = columns[0].1.clone();
        for (column, datum) in &mut columns {
            if SPECIMEN.fields[*column].name == name {
                *datum = Datum::Json(Cow::Borrowed(json));
            }
        }
        let write =
            Write { structure: &SPECIMEN, id, expected: Expected::Absent, version: version(0), columns };
        let kind = store.commit(vec![unit(write)]).await.map_err(|error| error.kind);
        same!(kind, Err(StoreErrorKind::Schema));
    }
    same!(store.list(list_all(&SPECIMEN)).await?, []);
    Ok(())
}

/// Two decimals of one value are equal, so this looks at their text: a message made from a loaded value has to be
/// the message that was made from the value before it was stored.
pub(super) async fn decimals_keep_their_scale(store: &impl Store) -> Outcome {
    for price in ["1.50", "1.5", "100", "0.00", "0", "-7.0"] {
        commit_all(store, vec![unit(ticket_with(price, PRICE, decimal(price)))]).await?;
        let found = ticket(store, price).await?.map(|row| match &row.columns[PRICE] {
            Datum::Decimal(value) => value.to_string(),
            other => other.kind().to_owned(),
        });
        same!(found.as_deref(), Some(price));
        commit_all(store, vec![unit(change(price, 0, PRICE, Datum::Null))]).await?;
    }
    Ok(())
}
