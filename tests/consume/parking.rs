//! What cannot be applied: kept for an operator, in order, and never applied twice.

use std::sync::Arc;
use std::time::Duration;

use cohesive::envelope::Envelope;
use cohesive::port::Ports;
use cohesive::store::inbox::{DeliveryKey, Inbox as _};
use cohesive::store::memory::MemoryStore;

use crate::broker::Said;
use crate::support::StoppedClock;
use crate::{Depot, Shop};

async fn errors(depot: &Depot) -> Vec<(String, String)> {
    let parked = depot.store.parked_deliveries(0, 100).await.unwrap();
    parked.into_iter().map(|stored| (stored.delivery.key.consumer, stored.delivery.error)).collect()
}

/// F8, F9, B25, R29: what never fits is parked after its attempts, and what follows it in its key is parked behind it.
#[tokio::test(start_paused = true)]
async fn f8_what_never_fits_is_parked_and_its_key_with_it() {
    let (shop, depot) = (Shop::new(), Depot::new());
    let said = shop.orders("o-1", 2).await;
    // The placing never comes.
    let first = depot.broker.deliver(&said[1]);
    assert_eq!(depot.broker.answer(first).await, Said::Accepted);
    let parked = errors(&depot).await;
    assert_eq!(parked.len(), 1);
    assert_eq!(parked[0].0, "parcel.repack");
    assert!(parked[0].1.starts_with("not_found: "), "{parked:?}");
    assert_eq!(depot.store.parked_deliveries(0, 1).await.unwrap()[0].delivery.attempts, 4);
    assert_eq!(depot.consumer.metrics().early, 3);
    // Later ones of the key wait behind it, in order; the other transition has nothing to wait for.
    depot.take(&said[2..]).await;
    depot.take(&said[..1]).await;
    let parked = errors(&depot).await;
    assert_eq!(parked.len(), 2, "{parked:?}");
    assert_eq!(parked[1].1, "an earlier message of its key is parked");
    assert_eq!(depot.parcel("o-1").await.unwrap().repacked, 0);
    // Other keys flow.
    depot.take(&shop.orders("o-2", 2).await).await;
    assert_eq!(depot.parcel("o-2").await.unwrap().repacked, 2);
}

/// A121: what the domain refuses is parked at once, byte for byte, and tells why without a payload.
#[tokio::test]
async fn a121_what_is_refused_is_parked_at_once() {
    let (shop, depot) = (Shop::new(), Depot::new());
    let said = shop.orders("o-1", 1).await;
    depot.take(&said[..1]).await;
    let big = Envelope { data: said[1].data.replace('2', "2000"), ..said[1].clone() };
    depot.take(std::slice::from_ref(&big)).await;
    let parked = depot.store.parked_deliveries(0, 10).await.unwrap();
    assert_eq!(parked.len(), 1);
    assert_eq!(parked[0].delivery.error, "parcel.repack.fits: a parcel holds a thousand pieces");
    assert_eq!((parked[0].delivery.attempts, &*parked[0].delivery.kind), (1, "OrderChanged"));
    assert_eq!(parked[0].delivery.body, big.data.as_bytes());
    let pairs = parked[0].delivery.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    assert_eq!(Envelope::read(pairs, "ce-", true, &parked[0].delivery.body), Ok(big));
}

/// R27, B107: what is no event, or has another payload than the event declares, is kept as it came.
#[tokio::test]
async fn r27_what_cannot_be_read_is_kept_as_it_came() {
    let depot = Depot::new();
    let said = Shop::new().orders("o-1", 0).await.remove(0);
    let broken = depot.broker.deliver_bytes(&said, b"{\"order_id\":\"o");
    let again = depot.broker.deliver_bytes(&said, b"{\"order_id\":\"o");
    assert_eq!(depot.broker.answer(broken).await, Said::Accepted);
    assert_eq!(depot.broker.answer(again).await, Said::Accepted);
    let parked = depot.store.parked_deliveries(0, 10).await.unwrap();
    assert_eq!(parked.len(), 1, "the same bytes are the same delivery");
    assert_eq!(
        (&*parked[0].delivery.key.consumer, &*parked[0].delivery.body),
        ("", &b"{\"order_id\":\"o"[..])
    );
    assert!(parked[0].delivery.error.contains("not JSON"), "{}", parked[0].delivery.error);
    for (data, told) in [
        ("{\"order_id\":\"o-1\"}", "missing field `pieces`"),
        ("{\"order_id\":\"o-1\",\"pieces\":\"secret\"}", "`pieces` is not what the event declares"),
        ("[]", "OrderPlaced"),
    ] {
        let depot = Depot::new();
        depot.take(&[Envelope { data: data.to_owned(), ..said.clone() }]).await;
        let parked = errors(&depot).await;
        assert_eq!(parked.len(), 2, "{parked:?}");
        let told_all = parked.iter().all(|(_, error)| error.contains(told) && !error.contains("secret"));
        assert!(told_all, "{parked:?}");
    }
}

/// F9: a message that was begun as often as it may be, and never ended, is parked without being begun again.
#[tokio::test]
async fn f9_a_message_that_ends_the_process_is_parked_after_its_starts() {
    let depot = Depot::new();
    let said = Shop::new().orders("o-1", 0).await.remove(0);
    let key = |consumer: &str| DeliveryKey {
        consumer: consumer.to_owned(),
        source: said.source.clone(),
        id: said.id.clone(),
    };
    // The first start was not counted, because it was the first; three repeats were, before the process ended each time.
    for _ in 0..3 {
        depot.store.count_attempt(key("parcel.pack")).await.unwrap();
    }
    let number = depot.broker.redeliver(&said);
    assert_eq!(depot.broker.answer(number).await, Said::Accepted);
    let parked = errors(&depot).await;
    assert_eq!(parked.len(), 1, "{parked:?}");
    assert_eq!(parked[0].1, "it was started 4 times, and none of them came to an end");
    assert!(depot.parcel("o-1").await.is_none());
    assert!(depot.entry("o-1").await.is_some(), "the other transition has nothing against it");
    assert_eq!(depot.store.inbox_stats().await.unwrap().attempts, 0);
}

/// F16, CW10: after the inbox has forgotten, what is older than its mark is refused, and what is newer is applied.
#[tokio::test]
async fn f16_what_comes_after_the_inbox_has_forgotten_is_refused() {
    let clock = StoppedClock::at("2026-01-01T00:00:00Z");
    let store = MemoryStore::new();
    let ports = Ports { clock: clock.clone(), ..Ports::system() };
    let depot = Depot::on(store.clone(), Arc::new(store), &ports);
    let said = Shop::new().orders("o-1", 2).await;
    depot.take(&said[..2]).await;
    assert_eq!(depot.parcel("o-1").await.unwrap().repacked, 1);
    clock.move_to("2026-01-10T00:00:00Z");
    assert_eq!(depot.node.prune_receipts().await.unwrap(), 0, "the inbox remembers for fourteen days");
    depot.take(&said[..2]).await;
    assert_eq!(depot.consumer.metrics().repeated, 3);
    clock.move_to("2026-02-01T00:00:00Z");
    assert_eq!(depot.node.prune_receipts().await.unwrap(), 3);
    assert_eq!(depot.store.inbox_stats().await.unwrap().receipts, 0);
    depot.take(&said[1..2]).await;
    let parked = errors(&depot).await;
    assert_eq!(parked.len(), 1, "{parked:?}");
    assert!(parked[0].1.starts_with("message_too_old: "), "{parked:?}");
    assert_eq!(depot.parcel("o-1").await.unwrap().repacked, 1);
    // Nothing was lost: an operator decides. What is newer than the mark is not in doubt, but waits behind it.
    let number = depot.store.parked_deliveries(0, 1).await.unwrap()[0].number;
    assert!(depot.store.remove_delivery(number).await.unwrap());
    depot.take(&said[2..]).await;
    assert_eq!(depot.parcel("o-1").await.unwrap().repacked, 2);
}

/// CW11, R05: while the store is away nothing is acknowledged, nothing dropped, and it goes on by itself.
#[tokio::test(start_paused = true)]
async fn cw11_while_the_store_is_away_nothing_is_acknowledged() {
    let store = MemoryStore::new();
    let failing = Arc::new(crate::failing::Failing::new(store.clone(), 25));
    let depot = Depot::on(store, failing.clone(), &Ports::system());
    let said = Shop::new().orders("o-1", 3).await;
    for envelope in &said {
        depot.broker.deliver(envelope);
    }
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(depot.broker.answers(), []);
    for number in 1..=4 {
        assert_eq!(depot.broker.answer(number).await, Said::Accepted);
    }
    assert_eq!(failing.left(), 0);
    assert_eq!(depot.parcel("o-1").await.unwrap().repacked, 3);
    assert_eq!(depot.consumer.metrics().parked, 0);
    assert!(depot.consumer.metrics().failures >= 8);
}
