//! Marks: what removed receipts knew.

use std::sync::Arc;

use cohesive_core::value::{Datum, Timestamp};

use super::samples::{
    NOTE, at, change, load_marks, load_tickets, marked, new_ticket, receipt, text, unit, version,
};
use super::{Failure, Outcome, commit_all, commit_one, same, ticket};
use crate::store::{Load, Receipt, ReceiptKey, Store, Unit, UnitOutcome};

fn only(receipt: Receipt) -> Unit {
    Unit { receipts: vec![receipt], ..Unit::default() }
}

async fn marks(store: &impl Store, scopes: &[&str]) -> Result<Vec<Option<Timestamp>>, Failure> {
    Ok(store.load(load_marks(scopes)).await?.marks)
}

// F16
pub(super) async fn pruning_raises_the_mark(store: &impl Store) -> Outcome {
    let until = |receipt: Receipt, seconds: i64| only(Receipt { expires_at: at(seconds), ..receipt });
    let mut batch = vec![
        until(marked("a", "1", 30), 150),
        until(marked("a", "2", 50), 150),
        until(marked("a", "3", 40), 150),
        // Without a mark, and not expired yet.
        until(receipt("a", "4"), 150),
        until(marked("a", "5", 99), 151),
        until(marked("b", "1", -10), 150),
        until(receipt("c", "1"), 150),
    ];
    // More than a store removes in one go.
    batch.extend((0..2500).map(|number| until(marked("d", &number.to_string(), number), 150)));
    commit_all(store, batch).await?;
    let scopes = ["b", "a", "c", "none", "a", "d"];
    same!(marks(store, &scopes).await?, [None; 6]);
    same!(store.prune_receipts(at(149)).await?, 0);
    same!(marks(store, &scopes).await?, [None; 6]);
    same!(store.prune_receipts(at(150)).await?, 2506);
    let expected = [Some(at(-10)), Some(at(50)), None, None, Some(at(50)), Some(at(2499))];
    same!(marks(store, &scopes).await?, expected);
    same!(store.load(Load::default()).await?.marks, []);
    Ok(())
}

pub(super) async fn marks_never_fall(store: &impl Store) -> Outcome {
    for (round, (seconds, highest)) in (0..).zip([(50, 50), (40, 50), (51, 51), (-1, 51)]) {
        commit_all(store, vec![only(marked("a", &format!("{round}"), seconds))]).await?;
        same!(store.prune_receipts(at(200)).await?, 1);
        same!(marks(store, &["a"]).await?, [Some(at(highest))]);
        same!(store.prune_receipts(Timestamp::MAX).await?, 0);
        same!(marks(store, &["a", "A"]).await?, [Some(at(highest)), None]);
    }
    Ok(())
}

/// Between its end and its removal, a message that was applied is not taken for one that was not.
pub(super) async fn marked_receipts_stand_until_they_are_pruned(store: &impl Store) -> Outcome {
    let first = marked("a", "1", 50);
    commit_all(store, vec![only(first.clone())]).await?;
    let again = |key: &str| {
        let receipt = Receipt { recorded_at: at(9000), expires_at: at(9001), ..marked("a", key, 60) };
        Unit { write: Some(new_ticket("t")), receipts: vec![receipt], ..Unit::default() }
    };
    same!(commit_one(store, again("1")).await?, UnitOutcome::ReceiptExists(Box::new(first)));
    same!(ticket(store, "t").await?, None);
    same!(store.prune_receipts(at(9000)).await?, 1);
    same!(commit_one(store, again("1")).await?, UnitOutcome::Committed);
    same!(marks(store, &["a"]).await?, [Some(at(50))]);
    Ok(())
}

/// Rows, receipts and marks are those of one moment: whoever looks finds each message that the row tells of either
/// by its receipt or below the mark, and none by both.
pub(super) async fn loads_see_one_moment<S: Store>(store: &Arc<S>) -> Outcome {
    const LAST: u64 = 60;
    commit_all(&**store, vec![unit(new_ticket("t"))]).await?;
    let mut readers = tokio::task::JoinSet::new();
    for _ in 0..3 {
        let store = Arc::clone(store);
        readers.spawn(async move {
            loop {
                if look(&*store, LAST).await? == LAST {
                    return Ok::<_, Failure>(());
                }
                tokio::task::yield_now().await;
            }
        });
    }
    for number in 0..LAST {
        let seconds = i64::try_from(number + 1).unwrap_or_default();
        let receipt = Receipt { expires_at: at(200 + seconds), ..marked("a", &key(number + 1), seconds) };
        let write = change("t", number, NOTE, text(&key(number + 1)));
        let whole = Unit { write: Some(write), receipts: vec![receipt], ..Unit::default() };
        commit_all(&**store, vec![whole]).await?;
        // Every third stays for a while, so that some are known by receipt and some by mark.
        if number % 3 > 0 {
            store.prune_receipts(at(200 + seconds)).await?;
        }
    }
    for outcome in readers.join_all().await {
        outcome?;
    }
    Ok(())
}

fn key(number: u64) -> String {
    format!("k{number}")
}

/// One load, judged. Answers how many messages the row tells of.
async fn look(store: &impl Store, last: u64) -> Result<u64, Failure> {
    let keys = (1..=last).map(|number| ReceiptKey { scope: "a".to_owned(), key: key(number) });
    let marks = vec!["a".to_owned()];
    let load = Load { receipts: keys.collect(), marks, ..load_tickets(&["t"], &[NOTE]) };
    let loaded = store.load(load).await?;
    let Some(row) = loaded.rows.into_iter().flatten().next() else {
        return Err(Failure("the ticket is there".to_owned()));
    };
    let told = row.version.number();
    let note = if told == 0 { text("") } else { text(&key(told)) };
    same!((row.version, &row.columns[..]), (version(told), &[note][..] as &[Datum<'static>]));
    let mark = loaded.marks.first().copied().flatten().unwrap_or(at(0));
    let found: Vec<bool> = loaded.receipts.iter().map(Option::is_some).collect();
    let expected: Vec<bool> = (1..=last)
        .map(|number| number <= told && i64::try_from(number).is_ok_and(|number| mark < at(number)))
        .collect();
    same!((told, mark, found), (told, mark, expected));
    Ok(told)
}
