//! Lists: in the order of the ids, filtered, in pages.

use cohesive_core::model::Structure;
use cohesive_core::value::{Datum, Uuid};

use super::samples::{
    COUNTER, DESK, EMAIL, NOTE, PARCEL, PRICE, STATE, TICKET, decimal, list_all, new_ticket, text,
    ticket_with, unit, version,
};
use super::{Failure, Outcome, commit_all, same};
use crate::store::{Expected, ListQuery, Store, StoreErrorKind, Unit, Write};

/// A row of an id and a value, for the entities of two columns.
fn pair(structure: &'static Structure, id: Datum<'static>, value: Datum<'static>) -> Unit {
    unit(Write {
        structure,
        id: id.clone(),
        expected: Expected::Absent,
        version: version(0),
        columns: vec![(0, id), (1, value)],
    })
}

async fn ids(store: &impl Store, query: ListQuery) -> Result<Vec<Datum<'static>>, Failure> {
    let rows = store.list(query).await?;
    Ok(rows.into_iter().filter_map(|row| row.columns.into_iter().next()).collect())
}

async fn ticket_ids(
    store: &impl Store,
    filters: Vec<(usize, Datum<'static>)>,
) -> Result<Vec<String>, Failure> {
    let found = ids(store, ListQuery { filters, ..list_all(&TICKET) }).await?;
    Ok(found
        .into_iter()
        .map(|id| if let Datum::Text(id) = id { id.into_owned() } else { String::new() })
        .collect())
}

/// Numbers by number, text and UUIDs by their bytes, so that every store pages alike.
pub(super) async fn ids_give_the_order(store: &impl Store) -> Outcome {
    let numbers = [100, -5, 20, 3, i64::MIN, i64::MAX];
    let uuids = [7, u128::MAX, 0, 1 << 100];
    let texts = ["b", "a", "B", "10", "9", "\u{e9}", "z", "\u{1f69a}", "\u{ff5e}", "ab", "a b"];
    let mut units: Vec<_> =
        numbers.iter().map(|number| pair(&COUNTER, Datum::Int(*number), Datum::Int(0))).collect();
    units.extend(uuids.iter().map(|uuid| pair(&PARCEL, Datum::Uuid(Uuid::from_u128(*uuid)), Datum::Null)));
    units.extend(texts.iter().map(|id| unit(new_ticket(id))));
    commit_all(store, units).await?;

    let mut numbers = numbers;
    numbers.sort_unstable();
    same!(ids(store, list_all(&COUNTER)).await?, numbers.map(Datum::Int));
    let after = ListQuery { after: Some(Datum::Int(3)), ..list_all(&COUNTER) };
    same!(ids(store, after).await?, [20, 100, i64::MAX].map(Datum::Int));
    let mut uuids = uuids;
    uuids.sort_unstable();
    same!(ids(store, list_all(&PARCEL)).await?, uuids.map(|uuid| Datum::Uuid(Uuid::from_u128(uuid))));
    let mut texts = texts;
    texts.sort_unstable();
    same!(ticket_ids(store, Vec::new()).await?, texts);
    same!(ids(store, ListQuery { limit: 0, ..list_all(&TICKET) }).await?, []);
    same!(ids(store, ListQuery { limit: usize::MAX, ..list_all(&TICKET) }).await?.len(), texts.len());
    same!(ids(store, ListQuery { limit: 1, ..list_all(&TICKET) }).await?, [text("10")]);
    Ok(())
}

// R38
pub(super) async fn filters_hold(store: &impl Store) -> Outcome {
    let done = |id, desk| {
        let mut write = ticket_with(id, DESK, text(desk));
        write.columns[STATE].1 = text("it's done");
        unit(write)
    };
    let open = |id, desk| unit(ticket_with(id, DESK, text(desk)));
    let with_email = unit(ticket_with("e", EMAIL, text("it's@me")));
    commit_all(store, vec![done("a", "n"), done("b", "s"), open("c", "n"), open("d", "s"), with_email])
        .await?;
    let state = |state| (STATE, text(state));
    let desk = |desk| (DESK, text(desk));
    same!(ticket_ids(store, vec![state("it's done")]).await?, ["a", "b"]);
    same!(ticket_ids(store, vec![state("open")]).await?, ["c", "d", "e"]);
    same!(ticket_ids(store, vec![desk("n")]).await?, ["a", "c"]);
    same!(ticket_ids(store, vec![state("open"), desk("n")]).await?, ["c"]);
    same!(ticket_ids(store, vec![desk("n"), state("open")]).await?, ["c"]);
    same!(ticket_ids(store, vec![(EMAIL, text("it's@me"))]).await?, ["e"]);
    let nothing: [&str; 0] = [];
    same!(ticket_ids(store, vec![state("lost, for good")]).await?, nothing);
    same!(ticket_ids(store, vec![desk("N")]).await?, nothing);
    same!(ticket_ids(store, vec![desk("' OR 1=1 --")]).await?, nothing);
    same!(ticket_ids(store, vec![state("it's done"), desk("e")]).await?, nothing);
    let wrong = ListQuery { filters: vec![state("Open")], ..list_all(&TICKET) };
    same!(store.list(wrong).await.map_err(|error| error.kind), Err(StoreErrorKind::Schema));
    let beyond = ListQuery { filters: vec![(9, Datum::Null)], ..list_all(&TICKET) };
    same!(store.list(beyond).await.map_err(|error| error.kind), Err(StoreErrorKind::Schema));
    Ok(())
}

pub(super) async fn filter_by_absence(store: &impl Store) -> Outcome {
    let units = vec![
        unit(new_ticket("absent")),
        unit(ticket_with("empty", DESK, text(""))),
        unit(ticket_with("there", DESK, text("n"))),
    ];
    commit_all(store, units).await?;
    same!(ticket_ids(store, vec![(DESK, Datum::Null)]).await?, ["absent"]);
    same!(ticket_ids(store, vec![(DESK, text(""))]).await?, ["empty"]);
    let nothing: [&str; 0] = [];
    same!(ticket_ids(store, vec![(NOTE, Datum::Null)]).await?, nothing);
    Ok(())
}

pub(super) async fn filter_by_number(store: &impl Store) -> Outcome {
    let units = ["1.50", "15", "0.00"].map(|price| unit(ticket_with(price, PRICE, decimal(price))));
    commit_all(store, units.into()).await?;
    same!(ticket_ids(store, vec![(PRICE, decimal("1.5"))]).await?, ["1.50"]);
    same!(ticket_ids(store, vec![(PRICE, decimal("15.0"))]).await?, ["15"]);
    same!(ticket_ids(store, vec![(PRICE, decimal("0"))]).await?, ["0.00"]);
    let nothing: [&str; 0] = [];
    same!(ticket_ids(store, vec![(PRICE, decimal("150"))]).await?, nothing);
    Ok(())
}

// R37
pub(super) async fn pages_have_no_gap(store: &impl Store) -> Outcome {
    const COUNT: usize = 1003;
    let name = |number: usize| format!("t{number:05}");
    let mut units = Vec::new();
    for number in (0..COUNT).rev() {
        let desk = if number % 2 == 0 { "even" } else { "odd" };
        units.push(unit(ticket_with(&name(number), DESK, text(desk))));
    }
    commit_all(store, units).await?;
    for (filters, step) in [(Vec::new(), 1), (vec![(DESK, text("even"))], 2)] {
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = ListQuery { filters: filters.clone(), after, limit: 97, ..list_all(&TICKET) };
            let page = ids(store, page).await?;
            let Some(last) = page.last() else { break };
            same!(page.len() <= 97, true);
            after = Some(last.clone());
            seen.extend(page);
        }
        let expected: Vec<_> = (0..COUNT).step_by(step).map(|number| text(&name(number))).collect();
        same!(seen, expected);
    }
    Ok(())
}
