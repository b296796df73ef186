//! Many units at once: each as a whole or not at all, none at the expense of another.

use std::sync::Arc;

use cohesive_core::value::Datum;

use super::samples::{
    EMAIL, NOTE, change, history, load_receipts, message, new_ticket, parked, receipt, text, ticket_with,
    unit, version,
};
use super::{Failure, Outcome, commit_all, commit_one, same, ticket};
use crate::store::{Store, Unit, UnitOutcome};

pub(super) async fn answers_stand_in_order(store: &impl Store) -> Outcome {
    let units = vec![
        unit(new_ticket("a")),
        unit(new_ticket("a")),
        unit(ticket_with("b", EMAIL, text("same"))),
        unit(ticket_with("c", EMAIL, text("same"))),
        unit(change("d", 0, NOTE, text(""))),
        unit(new_ticket("e")),
    ];
    let expected = [
        UnitOutcome::Committed,
        UnitOutcome::Conflict { actual: Some(version(0)) },
        UnitOutcome::Committed,
        UnitOutcome::NotUnique { field: "email" },
        UnitOutcome::Conflict { actual: None },
        UnitOutcome::Committed,
    ];
    same!(store.commit(units).await?, expected);
    Ok(())
}

/// A unit of state, two messages and two receipts.
fn whole(id: &str, write: crate::store::Write) -> Unit {
    Unit {
        write: Some(write),
        messages: vec![message(id, 0, 0), message(id, 0, 1)],
        receipts: vec![receipt("s", id), receipt("s2", id)],
        parked: vec![parked(id)],
    }
}

// P03, R09
pub(super) async fn refused_unit_leaves_nothing(store: &impl Store) -> Outcome {
    let taken = ticket_with("taken", EMAIL, text("same"));
    commit_all(store, vec![whole("taken", taken)]).await?;

    let conflict = whole("r1", change("r1", 4, NOTE, text("x")));
    let clash = whole("r2", ticket_with("r2", EMAIL, text("same")));
    let mut known_receipt = whole("r3", new_ticket("r3"));
    known_receipt.receipts[1] = receipt("s", "taken");
    let mut known_message = whole("r4", new_ticket("r4"));
    known_message.messages[1] = message("taken", 0, 0);
    let mut batch = Vec::new();
    let refused = [("r1", conflict), ("r2", clash), ("r3", known_receipt), ("r4", known_message)];
    for (id, unit) in refused {
        let good = format!("good-{id}");
        batch.extend([whole(&good, new_ticket(&good)), unit]);
    }
    batch.push(whole("last", new_ticket("last")));
    let outcomes = store.commit(batch).await?;

    let refusals: Vec<_> = outcomes.iter().skip(1).step_by(2).cloned().collect();
    let expected = [
        UnitOutcome::Conflict { actual: None },
        UnitOutcome::NotUnique { field: "email" },
        UnitOutcome::ReceiptExists(Box::new(receipt("s", "taken"))),
        UnitOutcome::MessageExists(message("taken", 0, 0).id),
    ];
    same!(refusals, expected);
    for id in ["r1", "r2", "r3", "r4"] {
        same!(traces(store, id).await?, (false, 0, 0, 0));
    }
    for id in ["taken", "good-r1", "good-r2", "good-r3", "good-r4", "last"] {
        same!(traces(store, id).await?, (true, 2, 2, 1));
    }
    // What a refused unit would have taken is free.
    commit_all(store, vec![whole("r3", new_ticket("r3")), whole("r4", new_ticket("r4"))]).await
}

/// Whether there is such a ticket, and how many messages, receipts and kept inputs.
async fn traces(store: &impl Store, id: &str) -> Result<(bool, usize, usize, usize), Failure> {
    let row = ticket(store, id).await?.is_some();
    let kept = store.parked_inputs(99).await?;
    let kept = kept.iter().filter(|stored| stored.input.entity_id == id).count();
    let messages = store.outbox(history(id)).await?.len();
    let loaded = store.load(load_receipts(&[("s", id), ("s2", id)])).await?;
    Ok((row, messages, loaded.receipts.iter().flatten().count(), kept))
}

pub(super) async fn units_of_one_entity_apply_in_order(store: &impl Store) -> Outcome {
    let units = vec![
        unit(new_ticket("t")),
        unit(change("t", 0, NOTE, text("one"))),
        unit(change("t", 0, NOTE, text("stale"))),
        unit(change("t", 1, NOTE, text("two"))),
    ];
    let outcomes = store.commit(units).await?;
    let mut expected = vec![UnitOutcome::Committed; 4];
    expected[2] = UnitOutcome::Conflict { actual: Some(version(1)) };
    same!(outcomes, expected);
    let row = ticket(store, "t").await?;
    same!(row.map(|row| (row.version, row.columns[NOTE].clone())), Some((version(2), text("two"))));
    Ok(())
}

/// Receipt, then entity, then unique value, then message: stores must not differ in what they answer.
pub(super) async fn refusals_have_an_order(store: &impl Store) -> Outcome {
    commit_all(store, vec![whole("t", ticket_with("t", EMAIL, text("same")))]).await?;
    let everything = || whole("t", ticket_with("t", EMAIL, text("same")));
    let exists = UnitOutcome::ReceiptExists(Box::new(receipt("s", "t")));
    same!(commit_one(store, everything()).await?, exists);
    let without_receipt = Unit { receipts: Vec::new(), ..everything() };
    same!(commit_one(store, without_receipt).await?, UnitOutcome::Conflict { actual: Some(version(0)) });
    let other_entity =
        Unit { write: Some(ticket_with("u", EMAIL, text("same"))), receipts: Vec::new(), ..everything() };
    same!(commit_one(store, other_entity).await?, UnitOutcome::NotUnique { field: "email" });
    let both = Unit { write: None, ..everything() };
    same!(commit_one(store, both).await?, exists);
    let only_messages = Unit { write: None, receipts: Vec::new(), ..everything() };
    same!(commit_one(store, only_messages).await?, UnitOutcome::MessageExists(message("t", 0, 0).id));
    Ok(())
}

pub(super) async fn state_is_not_needed(store: &impl Store) -> Outcome {
    let units = vec![
        Unit { messages: vec![message("t", 0, 0)], ..Unit::default() },
        Unit { receipts: vec![receipt("s", "t")], ..Unit::default() },
        Unit::default(),
    ];
    commit_all(store, units).await?;
    same!(traces(store, "t").await?, (false, 1, 1, 0));
    Ok(())
}

pub(super) async fn nothing_is_a_batch(store: &impl Store) -> Outcome {
    same!(store.commit(Vec::new()).await?, []);
    Ok(())
}

// B04, R09
pub(super) async fn one_of_fifty_wins<S: Store>(store: &Arc<S>) -> Outcome {
    commit_all(&**store, vec![unit(new_ticket("t"))]).await?;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..50_u32 {
        let store = Arc::clone(store);
        let write = change("t", 0, NOTE, text(&number.to_string()));
        let unit = Unit { write: Some(write), messages: vec![message("t", 1, number)], ..Unit::default() };
        tasks.spawn(async move { (number, store.commit(vec![unit]).await) });
    }
    let mut winners = Vec::new();
    for (number, outcomes) in tasks.join_all().await {
        match &*outcomes? {
            [UnitOutcome::Committed] => winners.push(number),
            other => same!(other, [UnitOutcome::Conflict { actual: Some(version(1)) }]),
        }
    }
    let written = ticket(&**store, "t").await?.map(|row| (row.version, row.columns[NOTE].clone()));
    let note = winners.first().map_or(Datum::Null, |winner| text(&winner.to_string()));
    same!(winners.len(), 1);
    same!(written, Some((version(1), note)));
    same!(store.outbox(history("t")).await?.len(), 1);
    Ok(())
}
