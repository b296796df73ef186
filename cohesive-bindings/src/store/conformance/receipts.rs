//! Receipts: kept exactly, once per scope and key, until they expire.

use super::samples::{at, load_receipts, new_ticket, receipt, unit, version};
use super::{Outcome, commit_all, commit_one, same, ticket};
use crate::store::{Receipt, Store, Unit, UnitOutcome};

fn only(receipt: Receipt) -> Unit {
    Unit { receipts: vec![receipt], ..Unit::default() }
}

// B45
pub(super) async fn receipt_returns_as_written(store: &impl Store) -> Outcome {
    let mut fingerprint = [0; 32];
    for (place, byte) in (0..).zip(&mut fingerprint) {
        *byte = place * 8;
    }
    let full = Receipt {
        scope: "caller\u{1f69a}: it's \"one\"".to_owned(),
        key: "k.#:\\".to_owned(),
        fingerprint,
        status: 599,
        version: Some(version(u64::MAX)),
        body: (0..=255).collect(),
        recorded_at: at(-1),
        expires_at: at(253_000_000_000),
        mark: Some(at(-7)),
    };
    let empty = Receipt { body: Vec::new(), version: None, ..receipt("", "") };
    commit_all(store, vec![only(full.clone()), only(empty.clone())]).await?;
    let loaded = store.load(load_receipts(&[("", ""), ("", "none"), (&full.scope, &full.key)])).await?;
    same!(loaded.receipts, [Some(empty), None, Some(full)]);
    Ok(())
}

// B45
pub(super) async fn receipt_exists_once(store: &impl Store) -> Outcome {
    let first = receipt("s", "k");
    commit_all(store, vec![only(first.clone())]).await?;
    let second = Receipt { fingerprint: [9; 32], status: 422, body: b"other".to_vec(), ..receipt("s", "k") };
    let unit = Unit { write: Some(new_ticket("t")), receipts: vec![second], ..Unit::default() };
    same!(commit_one(store, unit).await?, UnitOutcome::ReceiptExists(Box::new(first.clone())));
    same!(store.load(load_receipts(&[("s", "k")])).await?.receipts, [Some(first)]);
    same!(ticket(store, "t").await?, None);
    Ok(())
}

// B48, R12
pub(super) async fn scopes_are_apart(store: &impl Store) -> Outcome {
    let keys =
        [("a", "b"), ("a", "c"), ("b", "a"), ("ab", ""), ("", "ab"), ("a:b", "c"), ("a", "b:c"), ("A", "b")];
    commit_all(store, keys.iter().map(|(scope, key)| only(receipt(scope, key))).collect()).await?;
    let expected: Vec<_> = keys.iter().map(|(scope, key)| Some(receipt(scope, key))).collect();
    same!(store.load(load_receipts(&keys)).await?.receipts, expected);
    Ok(())
}

// B46
pub(super) async fn expired_receipt_is_replaced(store: &impl Store) -> Outcome {
    let first = receipt("s", "k");
    commit_all(store, vec![only(first.clone())]).await?;
    let later = |seconds: i64| Receipt {
        fingerprint: [8; 32],
        status: 200,
        version: Some(version(4)),
        body: b"later".to_vec(),
        recorded_at: at(seconds),
        expires_at: at(seconds + 100),
        ..receipt("s", "k")
    };
    same!(commit_one(store, only(later(199))).await?, UnitOutcome::ReceiptExists(Box::new(first)));
    same!(commit_one(store, only(later(200))).await?, UnitOutcome::Committed);
    same!(store.load(load_receipts(&[("s", "k")])).await?.receipts, [Some(later(200))]);
    Ok(())
}

pub(super) async fn repeat_within_a_batch_is_refused(store: &impl Store) -> Outcome {
    let mut second = unit(new_ticket("t"));
    second.receipts.push(receipt("s", "k"));
    let mut twice = unit(new_ticket("u"));
    twice.receipts = vec![receipt("s", "twice"), receipt("s", "twice")];
    let outcomes = store.commit(vec![only(receipt("s", "k")), second, twice]).await?;
    let exists = |key| UnitOutcome::ReceiptExists(Box::new(receipt("s", key)));
    same!(outcomes, [UnitOutcome::Committed, exists("k"), exists("twice")]);
    same!(ticket(store, "t").await?, None);
    same!(store.load(load_receipts(&[("s", "twice")])).await?.receipts, [None]);
    Ok(())
}

// B46
pub(super) async fn expired_receipts_are_pruned(store: &impl Store) -> Outcome {
    let until = |key: &str, seconds: i64| only(Receipt { expires_at: at(seconds), ..receipt("s", key) });
    let mut batch = vec![until("before", 199), until("at", 200), until("after", 201)];
    batch.extend((0..2500).map(|number| until(&number.to_string(), 150)));
    commit_all(store, batch).await?;
    same!(store.prune_receipts(at(149)).await?, 0);
    same!(store.prune_receipts(at(200)).await?, 2502);
    same!(store.prune_receipts(at(200)).await?, 0);
    let loaded =
        store.load(load_receipts(&[("s", "before"), ("s", "at"), ("s", "after"), ("s", "7")])).await?;
    let left: Vec<bool> = loaded.receipts.iter().map(Option::is_some).collect();
    same!(left, [false, false, true, false]);
    Ok(())
}
