//! Failures of the broker: retried, parked, and never taken for success.

use std::sync::Arc;
use std::time::Duration;

use cohesive_bindings::relay::RelayOptions;
use cohesive_bindings::store::memory::MemoryStore;
use cohesive_bindings::store::outbox::{Outbox as _, Stream};
use cohesive_bindings::store::{OutboxMessage, Store as _};
use tokio::time::Instant;

use super::harness::{Act, Broker, HeldClock, histories, message, options, put, start, until};

fn store() -> (MemoryStore, Arc<Broker>) {
    (MemoryStore::new().on_clock(HeldClock::new()), Arc::default())
}

// F8, A121, R29, R30, CW7
#[tokio::test(start_paused = true)]
async fn poison_parks_its_entity_and_no_other() {
    let (store, broker) = store();
    let messages = histories(100, 6);
    put(&store, &messages).await;
    let poison = [message("t3", 1, 0), message("t50", 0, 0)];
    let stubborn = message("t71", 5, 0);
    let (refused, failing) =
        (poison.each_ref().map(|message| message.id.to_string()), stubborn.id.to_string());
    let member = start(Arc::new(store.clone()), &broker, options(), move |message, start| {
        if refused.contains(&message.id) {
            return Act::Refuse;
        }
        let flaky = message.subject.as_deref().is_some_and(|subject| subject.ends_with('9')) && start < 3;
        if flaky || message.id == failing { Act::Fail } else { Act::Slow(1) }
    });
    until("parked", &store, |stats| stats.parked == 3 && stats.pending == 5 + 6 + 1).await;
    let parked = store.parked_messages(Stream::Events, 9).await.unwrap();
    let ids: Vec<_> = parked.iter().map(|message| message.id).collect();
    assert_eq!(ids, [poison[1].id, poison[0].id, stubborn.id]);
    // Refused for good: one start. It may pass: as many as are allowed.
    assert_eq!([&poison[0], &poison[1], &stubborn].map(|message| broker.starts(&message.id)), [1, 1, 5]);
    assert_eq!((parked[0].attempts, &*parked[0].error), (1, "never"));
    assert_eq!((parked[2].attempts, &*parked[2].error), (5, "no: the broker is full"));
    let waiting = |message: &OutboxMessage| match &*message.entity_id {
        "t3" => message.version.number() > 0,
        "t50" => true,
        "t71" => message.version.number() == 5,
        _ => false,
    };
    let flowing: Vec<_> = messages.iter().filter(|message| !waiting(message)).cloned().collect();
    assert_eq!(broker.check(&flowing), 0);
    assert_eq!(broker.len(), flowing.len());
    assert_eq!(member.relay.metrics().parked, 3);

    // An operator decides, in order: dropped, so the next one follows; tried again, and refused again.
    assert!(store.drop_parked(parked[0].position).await.unwrap());
    assert!(store.retry_parked(parked[1].position).await.unwrap());
    until("published", &store, |stats| stats.pending == 5 + 1 && stats.parked == 2).await;
    assert_eq!(broker.starts(&poison[0].id), 2);
    let followers: Vec<_> = (1..6).map(|version| message("t50", version, 0)).collect();
    assert_eq!(broker.check(&followers), 0);
}

/// Publishes 20 messages of each of 200 entities, of which `poison` never go and `flaky` fail twice each. Answers when
/// each message of the others was on its way, in order, and what was parked.
async fn crowd(poison: usize, flaky: usize) -> (Vec<Duration>, Vec<String>) {
    let (store, broker) = store();
    let number = |entity: &str| entity.trim_start_matches('t').parse::<usize>().unwrap();
    put(&store, &histories(200, 20)).await;
    let began = Instant::now();
    let log = Arc::<std::sync::Mutex<Vec<Duration>>>::default();
    let starts = Arc::clone(&log);
    let _member = start(Arc::new(store.clone()), &broker, options(), move |message, start| {
        match number(message.subject.as_deref().unwrap()) {
            entity if entity < poison => Act::Fail,
            entity if entity < poison + flaky && start < 3 => Act::Fail,
            entity if entity < poison + flaky => Act::Slow(25),
            _ => {
                starts.lock().unwrap().push(began.elapsed());
                Act::Slow(25)
            }
        }
    });
    let (parked, owed) = (poison as u64, 20 * poison as u64);
    until("published", &store, |stats| stats.pending == owed && stats.parked == parked).await;
    let parked = store.parked_messages(Stream::Events, 1000).await.unwrap();
    let starts = log.lock().unwrap().clone();
    (starts, parked.into_iter().map(|message| message.entity_id).collect())
}

// F8: of the keys, 1 % never go and 5 % fail twice for each message. How much of the healthy ones goes in the time that
// they would need if they had the relay for themselves? The time is held, and nothing is measured.
#[tokio::test(start_paused = true)]
async fn poison_and_flaky_keys_cost_the_healthy_ones_little() {
    let (alone, none) = crowd(0, 0).await;
    let (beside, mut parked) = crowd(2, 10).await;
    assert_eq!((alone.len(), beside.len(), none.len()), (4000, 20 * 188, 0));
    let span = *alone.last().unwrap() * 188 / 200;
    let gone = beside.iter().filter(|start| **start <= span).count();
    println!(
        "{gone} of {} healthy messages go beside poison in the {span:?} that they need alone",
        beside.len()
    );
    parked.sort();
    assert_eq!(parked, ["t0", "t1"], "parked is what is poison, and nothing else");
    assert!(gone * 100 >= beside.len() * 95, "{gone}");
}

// F36, R07, R20, CW5: nothing is recorded as published that was not acknowledged.
#[tokio::test(start_paused = true)]
async fn only_an_acknowledgement_counts() {
    let (store, broker) = store();
    let messages =
        [message("hang", 0, 0), message("panic", 0, 0), message("fail", 0, 0), message("fine", 0, 0)];
    put(&store, &messages).await;
    let act = |message: &cohesive_bindings::envelope::Envelope, start: u32| match message.subject.as_deref() {
        Some("hang") if start < 3 => Act::Hang,
        Some("panic") if start < 3 => Act::Panic,
        Some("fail") if start < 3 => Act::Fail,
        _ => Act::Ack,
    };
    let member = start(Arc::new(store.clone()), &broker, options(), act);
    until("published", &store, |stats| stats.pending == 3 && stats.waiting == 2).await;
    assert_eq!(member.relay.metrics().published, 1);
    until("published", &store, |stats| stats.pending == 0).await;
    let metrics = member.relay.metrics();
    assert_eq!((metrics.published, metrics.retried, metrics.parked), (4, 6, 0));
    // The broker took what hung, and the relay could not know.
    assert_eq!(broker.check(&messages), 2);
    assert_eq!(broker.starts(&messages[2].id), 3);
}

// R21: a broker that refuses everything at once is not asked in a loop.
#[tokio::test(start_paused = true)]
async fn failures_wait_before_they_are_repeated() {
    let (store, broker) = store();
    put(&store, &[message("t", 0, 0)]).await;
    let times = Arc::new(std::sync::Mutex::new(Vec::new()));
    let log = Arc::clone(&times);
    let first_wait = Duration::from_millis(500);
    let options = RelayOptions { first_wait, ..options() };
    let _member = start(Arc::new(store.clone()), &broker, options, move |_, _| {
        log.lock().unwrap().push(Instant::now());
        Act::Fail
    });
    until("parked", &store, |stats| stats.parked == 1).await;
    let times = times.lock().unwrap();
    assert_eq!(times.len(), 5);
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= first_wait), "{times:?}");
}

// F10: what the broker cannot take is not sent.
#[tokio::test(start_paused = true)]
async fn message_that_cannot_be_sent_is_parked() {
    let (store, broker) = store();
    let size = |bytes: usize| OutboxMessage {
        payload: format!("\"{}\"", "x".repeat(bytes)),
        ..message("large", 0, 0)
    };
    let odd = message("a\nb", 0, 0);
    put(&store, &[size(100_000), odd, message("fine", 0, 0)]).await;
    let _member = start(Arc::new(store.clone()), &broker, options(), |_, _| Act::Ack);
    until("parked", &store, |stats| stats.parked == 2 && stats.pending == 2).await;
    let errors: Vec<_> = store
        .parked_messages(Stream::Events, 9)
        .await
        .unwrap()
        .into_iter()
        .map(|message| message.error)
        .collect();
    assert!(errors[0].ends_with("bytes, and scripted takes 100000"), "{errors:?}");
    assert_eq!(
        errors[1],
        "it cannot be sent: the attribute `subject` of an event cannot hold this: it has a control character or a noncharacter"
    );
    assert_eq!(broker.len(), 1);
}

// B26, F37
#[tokio::test(start_paused = true)]
async fn published_messages_are_kept_for_a_while() {
    let (store, broker) = store();
    let keep_published = Duration::from_mins(10);
    let options = RelayOptions { keep_published, ..options() };
    let member = start(Arc::new(store.clone()), &broker, options, |_, _| Act::Ack);
    let messages = histories(5, 3);
    put(&store, &messages).await;
    until("published", &store, |stats| stats.pending == 0).await;
    tokio::time::sleep(Duration::from_mins(5)).await;
    assert_eq!(member.relay.metrics().pruned, 0);
    // The broker loses everything: it comes again, in order.
    broker.arrived.lock().unwrap().clear();
    assert_eq!(store.republish(Stream::Events, cohesive_core::value::Timestamp::MIN).await.unwrap(), 15);
    until("published", &store, |stats| stats.pending == 0).await;
    assert_eq!(broker.check(&messages), 0);
    tokio::time::sleep(Duration::from_mins(9)).await;
    assert_eq!(member.relay.metrics().pruned, 0, "it counts from the last time");
    put(&store, &[message("t0", 3, 0)]).await;
    tokio::time::sleep(Duration::from_mins(3)).await;
    assert_eq!(member.relay.metrics().pruned, 15);
    let query = cohesive_bindings::store::OutboxQuery {
        entity: "Ticket",
        entity_id: "t0".into(),
        after: None,
        limit: 9,
    };
    assert_eq!(store.outbox(query).await.unwrap().len(), 1);
}
