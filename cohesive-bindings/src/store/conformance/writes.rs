//! One write at a time: presence, versions, columns, unique values.

use cohesive_core::value::Datum;

use super::samples::{
    ALL, COUNTER, DESK, EMAIL, NOTE, PARCEL, PRICE, STATE, TICKET, change, decimal, load_tickets, new_ticket,
    text, ticket_values, ticket_with, unit, version,
};
use super::{Outcome, commit_all, commit_one, same, ticket};
use crate::store::{Expected, Load, Row, RowKey, Store, StoreErrorKind, UnitOutcome, Write};

// P05, T29
pub(super) async fn creation_needs_absence(store: &impl Store) -> Outcome {
    same!(ticket(store, "t").await?, None);
    same!(commit_one(store, unit(new_ticket("t"))).await?, UnitOutcome::Committed);
    let again = ticket_with("t", NOTE, text("another"));
    same!(commit_one(store, unit(again)).await?, UnitOutcome::Conflict { actual: Some(version(0)) });
    let columns = ticket_values("t").into_iter().map(|(_, value)| value).collect();
    same!(ticket(store, "t").await?, Some(Row { version: version(0), columns }));
    Ok(())
}

// P05
pub(super) async fn change_needs_presence(store: &impl Store) -> Outcome {
    let outcome = commit_one(store, unit(change("t", 0, NOTE, text("x")))).await?;
    same!(outcome, UnitOutcome::Conflict { actual: None });
    same!(ticket(store, "t").await?, None);
    Ok(())
}

// P02, B50
pub(super) async fn stale_version_leaves_nothing(store: &impl Store) -> Outcome {
    commit_all(store, vec![unit(new_ticket("t")), unit(change("t", 0, NOTE, text("one")))]).await?;
    let before = ticket(store, "t").await?;
    for stale in [0, 2] {
        let outcome = commit_one(store, unit(change("t", stale, NOTE, text("two")))).await?;
        same!(outcome, UnitOutcome::Conflict { actual: Some(version(1)) });
        same!(ticket(store, "t").await?, before);
    }
    Ok(())
}

/// Several decisions may be written at once, so the version may rise by more than one, from the start on.
pub(super) async fn version_is_as_written(store: &impl Store) -> Outcome {
    let create = Write { version: version(3), ..new_ticket("t") };
    commit_all(store, vec![unit(create)]).await?;
    same!(ticket(store, "t").await?.map(|row| row.version), Some(version(3)));
    let largest = version(u64::MAX);
    let rise = Write { version: largest, columns: Vec::new(), ..change("t", 3, NOTE, Datum::Null) };
    commit_all(store, vec![unit(rise)]).await?;
    same!(ticket(store, "t").await?.map(|row| row.version), Some(largest));
    Ok(())
}

// P06
pub(super) async fn change_writes_only_its_columns(store: &impl Store) -> Outcome {
    let mut create = ticket_with("t", DESK, text("north"));
    create.columns[EMAIL].1 = text("a@example.org");
    commit_all(store, vec![unit(create), unit(new_ticket("other"))]).await?;
    let mut both = change("t", 0, STATE, text("it's done"));
    both.columns.push((NOTE, text("new")));
    commit_all(store, vec![unit(both)]).await?;
    let columns =
        vec![text("t"), text("it's done"), text("a@example.org"), Datum::Null, text("north"), text("new")];
    same!(ticket(store, "t").await?, Some(Row { version: version(1), columns }));
    same!(ticket(store, "other").await?.map(|row| row.version), Some(version(0)));
    Ok(())
}

pub(super) async fn load_answers_in_order_of_questions(store: &impl Store) -> Outcome {
    let parcel = Datum::Uuid(uuid::Uuid::from_u128(5));
    let write = |structure, id: &Datum<'static>, value| Write {
        structure,
        id: id.clone(),
        expected: Expected::Absent,
        version: version(0),
        columns: vec![(0, id.clone()), (1, value)],
    };
    let units = vec![
        unit(ticket_with("a", NOTE, text("first"))),
        unit(ticket_with("b", NOTE, text("second"))),
        unit(write(&COUNTER, &Datum::Int(-7), Datum::Int(70))),
        unit(write(&PARCEL, &parcel, Datum::Null)),
    ];
    commit_all(store, units).await?;
    let mut load = load_tickets(&["b", "none", "a", "b"], &[STATE, NOTE]);
    load.rows[3].columns = Vec::new();
    load.rows.push(RowKey { structure: &COUNTER, id: Datum::Int(-7), columns: vec![1] });
    load.rows.push(RowKey { structure: &COUNTER, id: Datum::Int(7), columns: vec![1] });
    load.rows.push(RowKey { structure: &PARCEL, id: parcel, columns: vec![1] });
    let row = |columns: Vec<Datum<'static>>| Some(Row { version: version(0), columns });
    let expected = [
        row(vec![text("open"), text("second")]),
        None,
        row(vec![text("open"), text("first")]),
        row(Vec::new()),
        row(vec![Datum::Int(70)]),
        None,
        row(vec![Datum::Null]),
    ];
    same!(store.load(load).await?.rows, expected);
    same!(store.load(Load::default()).await?.rows, []);
    Ok(())
}

pub(super) async fn unique_value_is_held_by_one(store: &impl Store) -> Outcome {
    commit_all(store, vec![unit(ticket_with("a", EMAIL, text("same"))), unit(new_ticket("b"))]).await?;
    let taken = UnitOutcome::NotUnique { field: "email" };
    same!(commit_one(store, unit(ticket_with("c", EMAIL, text("same")))).await?, taken);
    same!(ticket(store, "c").await?, None);
    same!(commit_one(store, unit(change("b", 0, EMAIL, text("same")))).await?, taken);
    same!(ticket(store, "b").await?.map(|row| row.version), Some(version(0)));
    // Case counts, other entities do not, and any number may lack a value.
    let parcel = Datum::Uuid(uuid::Uuid::from_u128(1));
    let other = Write {
        structure: &PARCEL,
        id: parcel.clone(),
        expected: Expected::Absent,
        version: version(0),
        columns: vec![(0, parcel), (1, text("same"))],
    };
    let free = vec![unit(ticket_with("d", EMAIL, text("Same"))), unit(other), unit(new_ticket("e"))];
    commit_all(store, free).await?;
    // The first field in order is named, and an entity never stands in its own way.
    let mut both = ticket_with("f", EMAIL, text("same"));
    both.columns[PRICE].1 = decimal("1");
    commit_all(store, vec![unit(change("d", 0, PRICE, decimal("1")))]).await?;
    same!(commit_one(store, unit(both)).await?, taken);
    commit_all(store, vec![unit(change("a", 0, EMAIL, text("same")))]).await
}

pub(super) async fn unique_value_can_be_given_up(store: &impl Store) -> Outcome {
    let units = vec![
        unit(ticket_with("a", EMAIL, text("same"))),
        unit(change("a", 0, EMAIL, Datum::Null)),
        unit(ticket_with("b", EMAIL, text("same"))),
        unit(change("a", 1, EMAIL, text("same"))),
        unit(change("b", 0, EMAIL, text("other"))),
        unit(change("a", 1, EMAIL, text("same"))),
    ];
    let outcomes = store.commit(units).await?;
    let mut expected = vec![UnitOutcome::Committed; 6];
    expected[3] = UnitOutcome::NotUnique { field: "email" };
    same!(outcomes, expected);
    Ok(())
}

pub(super) async fn unique_decimal_counts_by_number(store: &impl Store) -> Outcome {
    commit_all(store, vec![unit(ticket_with("a", PRICE, decimal("1.50")))]).await?;
    let taken = UnitOutcome::NotUnique { field: "price" };
    for same in ["1.5", "1.50", "1.500"] {
        same!(commit_one(store, unit(ticket_with("b", PRICE, decimal(same)))).await?, taken);
    }
    let units = ["15", "150", "-1.5", "0.00"].map(|price| unit(ticket_with(price, PRICE, decimal(price))));
    commit_all(store, units.into()).await?;
    same!(commit_one(store, unit(ticket_with("b", PRICE, decimal("-0")))).await?, taken);
    Ok(())
}

pub(super) async fn id_never_changes(store: &impl Store) -> Outcome {
    commit_all(store, vec![unit(new_ticket("t"))]).await?;
    let wrong = [change("t", 0, 0, text("u")), change("t", 0, 0, text("t")), ticket_with("v", 0, text("w"))];
    for write in wrong {
        let kind = store.commit(vec![unit(write)]).await.map_err(|error| error.kind);
        same!(kind, Err(StoreErrorKind::Schema));
    }
    same!(ticket(store, "t").await?.map(|row| row.version), Some(version(0)));
    Ok(())
}

/// A value that a column cannot hold is a mistake of the caller, not an outcome: the whole batch is refused.
pub(super) async fn what_does_not_fit_commits_nothing(store: &impl Store) -> Outcome {
    let mut partial = new_ticket("x");
    partial.columns.truncate(ALL.len() - 1);
    let mut reversed = new_ticket("x");
    reversed.columns.reverse();
    let wrong = [
        ticket_with("x", NOTE, Datum::Null),
        ticket_with("x", NOTE, Datum::Int(1)),
        ticket_with("x", NOTE, text("a\0b")),
        ticket_with("x", STATE, text("Open")),
        ticket_with("x", PRICE, text("1.5")),
        Write { id: Datum::Int(1), ..new_ticket("x") },
        change("t", 0, ALL.len(), text("beyond")),
        partial,
        reversed,
    ];
    for write in wrong {
        let result = store.commit(vec![unit(new_ticket("t")), unit(write)]).await;
        same!(result.map_err(|error| error.kind), Err(StoreErrorKind::Schema));
        same!(ticket(store, "t").await?, None);
    }
    let beyond = RowKey { structure: &TICKET, id: text("t"), columns: vec![ALL.len()] };
    let load = Load { rows: vec![beyond], ..Load::default() };
    same!(store.load(load).await.map(drop).map_err(|error| error.kind), Err(StoreErrorKind::Schema));
    Ok(())
}
