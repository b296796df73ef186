//! Attempts and deliveries: counted for good, kept as they came.

use std::sync::Arc;

use super::samples::{marked, receipt};
use super::{Failure, Outcome, STRUCTURES, StoreFactory, commit_all, same};
use crate::store::inbox::{DeliveryKey, Inbox, InboxStats, ParkedDelivery, StoredDelivery};
use crate::store::outbox::ERROR_LENGTH;
use crate::store::{Store, StoreErrorKind, Unit};

fn key(consumer: &str, source: &str, id: &str) -> DeliveryKey {
    DeliveryKey { consumer: consumer.to_owned(), source: source.to_owned(), id: id.to_owned() }
}

/// A delivery to the consumer `c` from the source `/s`.
fn delivery(id: &str, partition_key: &str) -> ParkedDelivery {
    ParkedDelivery {
        key: key("c", "/s", id),
        kind: "Opened".to_owned(),
        partition_key: partition_key.to_owned(),
        headers: vec![("ce-id".to_owned(), id.to_owned())],
        body: b"{}".to_vec(),
        error: "no".to_owned(),
        attempts: 3,
    }
}

async fn park_all(store: &impl Inbox, deliveries: &[(&str, &str)]) -> Outcome {
    for (id, partition_key) in deliveries {
        store.park_delivery(delivery(id, partition_key)).await?;
    }
    Ok(())
}

fn ids(found: &[StoredDelivery]) -> Vec<&str> {
    found.iter().map(|stored| &*stored.delivery.key.id).collect()
}

// F9
pub(super) async fn attempts_count_from_one(store: &(impl Store + Inbox)) -> Outcome {
    let keys = [key("c", "/s", "1"), key("d", "/s", "1"), key("c", "/t", "1"), key("c", "/s", "2")];
    // Parts must not run into each other (R12).
    let awkward = [key("c/s", "", "1"), key("c", "/s1", ""), key("", "c/s", "1"), key("C", "/s", "1")];
    for attempt in 1..=3 {
        for key in keys.iter().chain(&awkward) {
            same!(store.count_attempt(key.clone()).await?, attempt);
        }
    }
    store.forget_attempts(vec![keys[0].clone(), key("c", "/s", "none"), keys[3].clone()]).await?;
    store.forget_attempts(Vec::new()).await?;
    let mut counts = Vec::new();
    for key in keys.iter().chain(&awkward) {
        counts.push(store.count_attempt(key.clone()).await?);
    }
    same!(counts, [1, 4, 4, 1, 4, 4, 4, 4]);
    Ok(())
}

/// Two processes may have the same delivery in hand; neither attempt is lost.
pub(super) async fn attempts_at_once_are_all_counted<S: Inbox>(store: &Arc<S>) -> Outcome {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let store = Arc::clone(store);
        tasks.spawn(async move { store.count_attempt(key("c", "/s", "1")).await });
    }
    let mut counts = tasks.join_all().await.into_iter().collect::<Result<Vec<_>, _>>()?;
    counts.sort_unstable();
    same!(counts, (1..=20).collect::<Vec<_>>());
    Ok(())
}

// F8, R29
pub(super) async fn deliveries_return_as_parked(store: &(impl Store + Inbox)) -> Outcome {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let full = ParkedDelivery {
        key: key("tender: it's \"one\"", "/s?a=b#\u{1f69a}", "i\u{2028}%_\\"),
        kind: "Opened'; --".to_owned(),
        partition_key: "Ticket:\u{e9}".to_owned(),
        headers: vec![header("b", "1"), header("a", "\u{0}\u{1f69a}\""), header("b", "2"), header("", "")],
        body: (0..=255).collect(),
        error: "it's \u{1f69a}".to_owned(),
        attempts: u32::MAX,
    };
    let empty = ParkedDelivery { headers: Vec::new(), body: Vec::new(), attempts: 0, ..delivery("", "") };
    store.park_delivery(full.clone()).await?;
    store.park_delivery(empty.clone()).await?;
    let found = store.parked_deliveries(0, 9).await?;
    let numbers: Vec<u64> = found.iter().map(|stored| stored.number).collect();
    same!(found.iter().map(|stored| stored.delivery.clone()).collect::<Vec<_>>(), [full.clone(), empty]);
    same!(found[0].parked_at <= found[1].parked_at, true);
    same!(store.parked_of(full.key.consumer, full.partition_key).await?, found[..1]);
    // A body is not cut, an error is.
    let error = "\u{1f69a}".repeat(ERROR_LENGTH + 5);
    let body = vec![0; 300_000];
    store.park_delivery(ParkedDelivery { error, body: body.clone(), ..delivery("long", "k") }).await?;
    store.park_delivery(ParkedDelivery { error: "a\0b".to_owned(), ..delivery("nul", "k") }).await?;
    let found = store.parked_deliveries(numbers[1], 9).await?;
    same!(ids(&found), ["long", "nul"]);
    same!((found[0].delivery.error.chars().count(), found[0].delivery.body == body), (ERROR_LENGTH, true));
    same!(found[1].delivery.error, "a");
    Ok(())
}

pub(super) async fn a_delivery_is_parked_once(store: &(impl Store + Inbox)) -> Outcome {
    for number in 1..=2 {
        same!(store.count_attempt(key("c", "/s", "1")).await?, number);
        same!(store.count_attempt(key("c", "/s", "2")).await?, number);
    }
    store.park_delivery(delivery("1", "k")).await?;
    same!(store.count_attempt(key("c", "/s", "1")).await?, 1);
    same!(store.count_attempt(key("c", "/s", "2")).await?, 3);
    let first = store.parked_deliveries(0, 9).await?;
    let other = ParkedDelivery { body: b"other".to_vec(), attempts: 9, ..delivery("1", "other") };
    store.park_delivery(other).await?;
    same!(store.parked_deliveries(0, 9).await?, first);
    same!(store.is_waiting("c".to_owned(), "other".to_owned()).await?, false);
    // The attempts are forgotten again.
    same!(store.count_attempt(key("c", "/s", "1")).await?, 1);
    for key in [key("d", "/s", "1"), key("c", "/t", "1")] {
        store.park_delivery(ParkedDelivery { key, ..delivery("1", "k") }).await?;
    }
    same!(store.parked_deliveries(0, 9).await?.len(), 3);
    Ok(())
}

pub(super) async fn parked_deliveries_are_listed_in_order(store: &(impl Store + Inbox)) -> Outcome {
    park_all(store, &[("9", "k"), ("1", "l"), ("5", "k"), ("3", "k"), ("7", "l")]).await?;
    let all = store.parked_deliveries(0, usize::MAX).await?;
    same!(ids(&all), ["9", "1", "5", "3", "7"]);
    same!(all.is_sorted_by(|one, other| one.number < other.number), true);
    same!(all[0].number > 0, true);
    same!(store.parked_deliveries(0, 2).await?, all[..2]);
    same!(store.parked_deliveries(0, 0).await?, []);
    same!(store.parked_deliveries(all[1].number, 2).await?, all[2..4]);
    same!(store.parked_deliveries(all[4].number, 9).await?, []);
    same!(store.parked_deliveries(u64::MAX, 9).await?, []);
    same!(ids(&store.parked_of("c".to_owned(), "k".to_owned()).await?), ["9", "5", "3"]);
    Ok(())
}

// A117: what follows a parked delivery of its key waits.
pub(super) async fn waiting_is_told_by_consumer_and_partition_key(store: &(impl Store + Inbox)) -> Outcome {
    let waits = async |consumer: &str, partition_key: &str| {
        store.is_waiting(consumer.to_owned(), partition_key.to_owned()).await
    };
    same!(waits("c", "k").await?, false);
    park_all(store, &[("1", "k"), ("2", "k")]).await?;
    let mut told = Vec::new();
    for (consumer, partition_key) in [("c", "k"), ("c", "K"), ("C", "k"), ("", "ck"), ("c", ""), ("k", "c")] {
        told.push(waits(consumer, partition_key).await?);
    }
    same!(told, [true, false, false, false, false, false]);
    for stored in store.parked_of("c".to_owned(), "k".to_owned()).await? {
        same!(waits("c", "k").await?, true);
        same!(store.remove_delivery(stored.number).await?, true);
    }
    same!(waits("c", "k").await?, false);
    same!(store.parked_of("c".to_owned(), "k".to_owned()).await?, []);
    Ok(())
}

pub(super) async fn numbers_are_not_given_again(store: &(impl Store + Inbox)) -> Outcome {
    park_all(store, &[("1", "k"), ("2", "k")]).await?;
    let found = store.parked_deliveries(0, 9).await?;
    let last = found[1].number;
    same!(store.remove_delivery(last).await?, true);
    same!(store.remove_delivery(last).await?, false);
    same!(store.remove_delivery(u64::MAX).await?, false);
    same!(store.remove_delivery(0).await?, false);
    // What was removed may be parked again.
    park_all(store, &[("2", "k")]).await?;
    let found = store.parked_deliveries(0, 9).await?;
    same!((ids(&found), found[1].number > last), (vec!["1", "2"], true));
    Ok(())
}

pub(super) async fn what_cannot_name_a_delivery_is_refused(store: &(impl Store + Inbox)) -> Outcome {
    let nul = || "a\0b".to_owned();
    let mut errors = Vec::new();
    for wrong in [key("a\0b", "", ""), key("", "a\0b", ""), key("", "", "a\0b")] {
        errors.push(store.count_attempt(wrong.clone()).await.err());
        errors.push(store.forget_attempts(vec![key("c", "/s", "1"), wrong.clone()]).await.err());
        errors.push(store.park_delivery(ParkedDelivery { key: wrong, ..delivery("1", "k") }).await.err());
    }
    errors.push(store.park_delivery(ParkedDelivery { kind: nul(), ..delivery("1", "k") }).await.err());
    errors.push(store.park_delivery(delivery("1", &nul())).await.err());
    errors.push(store.is_waiting(nul(), String::new()).await.err());
    errors.push(store.is_waiting(String::new(), nul()).await.err());
    errors.push(store.parked_of(nul(), String::new()).await.err());
    errors.push(store.parked_of(String::new(), nul()).await.err());
    for error in errors {
        same!(error.map(|error| error.kind), Some(StoreErrorKind::Schema));
    }
    same!(store.inbox_stats().await?, InboxStats::default());
    Ok(())
}

pub(super) async fn stats_count_what_is_there(store: &(impl Store + Inbox)) -> Outcome {
    same!(store.inbox_stats().await?, InboxStats::default());
    let receipts = vec![marked("a", "1", 5), marked("a", "2", 6), marked("b", "1", 7), receipt("a", "3")];
    commit_all(store, vec![Unit { receipts, ..Unit::default() }]).await?;
    for id in ["1", "2", "2", "3", "4"] {
        store.count_attempt(key("c", "/s", id)).await?;
    }
    park_all(store, &[("4", "k"), ("5", "k")]).await?;
    same!(store.inbox_stats().await?, InboxStats { receipts: 3, parked: 2, attempts: 3 });
    store.forget_attempts(vec![key("c", "/s", "1")]).await?;
    store.prune_receipts(super::samples::at(200)).await?;
    same!(store.inbox_stats().await?, InboxStats { receipts: 0, parked: 2, attempts: 2 });
    Ok(())
}

pub(super) async fn closed_store_refuses(store: &(impl Store + Inbox)) -> Outcome {
    store.close().await;
    let errors = [
        store.count_attempt(key("c", "/s", "1")).await.err(),
        store.forget_attempts(Vec::new()).await.err(),
        store.park_delivery(delivery("1", "k")).await.err(),
        store.is_waiting("c".to_owned(), "k".to_owned()).await.err(),
        store.parked_deliveries(0, 1).await.err(),
        store.parked_of("c".to_owned(), "k".to_owned()).await.err(),
        store.remove_delivery(1).await.err(),
        store.inbox_stats().await.err(),
    ];
    for error in errors {
        same!(error.map(|error| error.kind), Some(StoreErrorKind::Closed));
    }
    Ok(())
}

// F9, F16: what was answered is there for the next process.
pub(super) async fn what_was_answered_survives<F: StoreFactory>(factory: &F) -> Outcome
where
    F::Store: Inbox,
{
    let store = factory.open(&STRUCTURES).await;
    same!(store.count_attempt(key("c", "/s", "1")).await?, 1);
    store.park_delivery(delivery("2", "k")).await?;
    let parked = store.parked_deliveries(0, 9).await?;
    commit_all(&*store, vec![Unit { receipts: vec![marked("a", "1", 5)], ..Unit::default() }]).await?;
    same!(store.prune_receipts(super::samples::at(200)).await?, 1);
    store.close().await;
    let store = factory.reopen(store).await;
    same!(store.count_attempt(key("c", "/s", "1")).await?, 2);
    same!(store.parked_deliveries(0, 9).await?, parked);
    let marks = store.load(super::samples::load_marks(&["a"])).await?.marks;
    same!(marks, [Some(super::samples::at(5))]);
    store.close().await;
    Ok::<(), Failure>(())
}
