use std::time::Duration;

use super::*;
use crate::broker::RawMessage;
use crate::envelope::Unreadable;

fn place(partition: i32) -> Place {
    ("t".to_owned(), partition)
}

fn record(offset: i64, key: &str) -> Record {
    let arrived = Arrived { message: Err(Unreadable::Missing("id")), raw: RawMessage::default() };
    Record { offset, key: key.to_owned(), bytes: 10, arrived: Some(Arc::new(arrived)) }
}

/// A book with partition 0, and these keys in it at offsets from 100 on; `-` is of a kind that nobody asked for.
fn book(window: usize, keys: &[&str]) -> Book {
    let mut book = Book::new(window, 1000);
    book.assign(place(0));
    fill(&mut book, 100, keys);
    book
}

fn fill(book: &mut Book, from: i64, keys: &[&str]) {
    for (offset, key) in (from..).zip(keys) {
        let record = record(offset, key);
        let arrived = record.arrived.clone().filter(|_| *key != "-");
        assert!(book.arrive(&place(0), Record { arrived, ..record }));
    }
}

fn take(book: &mut Book, now: Instant) -> Option<(Held, bool)> {
    match book.next(now) {
        Next::Message { held, redelivered, .. } => Some((held, redelivered)),
        Next::Later(_) => None,
    }
}

/// Takes everything that is delivered now, and gives the offsets.
fn drain(book: &mut Book, now: Instant) -> Vec<Held> {
    std::iter::from_fn(|| take(book, now).map(|(held, _)| held)).collect()
}

fn offsets(held: &[Held]) -> Vec<i64> {
    held.iter().map(|held| held.offset).collect()
}

fn commit(book: &mut Book) -> Option<i64> {
    let offsets = book.begin_commit(true)?;
    book.end_commit(|_| Some(Ok(())));
    offsets.first().map(|(_, offset)| *offset)
}

// A117
#[tokio::test]
async fn messages_of_a_key_come_one_after_the_other_and_others_beside_them() {
    let now = Instant::now();
    let mut book = book(10, &["a", "b", "a", "c", "b"]);
    let held = drain(&mut book, now);
    assert_eq!(offsets(&held), [100, 101, 103]);
    book.accept(&held[1]).unwrap();
    assert_eq!(offsets(&drain(&mut book, now)), [104]);
    book.reject(&held[0], now + Duration::from_secs(1)).unwrap();
    assert!(take(&mut book, now).is_none());
    let held = drain(&mut book, now + Duration::from_secs(1));
    assert_eq!(offsets(&held), [100]);
    book.accept(&held[0]).unwrap();
    assert_eq!(offsets(&drain(&mut book, now)), [102]);
}

// R21
#[tokio::test]
async fn a_rejected_message_waits_as_long_as_it_was_told() {
    let now = Instant::now();
    let mut book = book(10, &["a", "b"]);
    let held = drain(&mut book, now);
    book.reject(&held[0], now + Duration::from_secs(5)).unwrap();
    book.reject(&held[1], now + Duration::from_secs(3)).unwrap();
    assert!(matches!(book.next(now), Next::Later(Some(until)) if until == now + Duration::from_secs(3)));
    assert_eq!(offsets(&drain(&mut book, now + Duration::from_secs(3))), [101]);
    assert_eq!(offsets(&drain(&mut book, now + Duration::from_secs(5))), [100]);
}

// A120: an offset is committed once everything below it is accepted.
#[tokio::test]
async fn only_what_has_no_hole_below_is_committed() {
    let now = Instant::now();
    let mut book = book(10, &["a", "b", "-", "c", "d"]);
    let held = drain(&mut book, now);
    assert_eq!(offsets(&held), [100, 101, 103, 104]);
    assert_eq!(book.accept(&held[1]).unwrap().map(drop), None, "it would wait for the first one");
    assert_eq!(commit(&mut book), None);
    let mut first = book.accept(&held[0]).unwrap().unwrap();
    assert!(first.try_recv().is_err(), "Kafka has not answered");
    assert_eq!(commit(&mut book), Some(103), "what nobody asked for is passed over");
    assert_eq!(first.try_recv(), Ok(Ok(())));
    book.accept(&held[3]).unwrap();
    assert_eq!(commit(&mut book), None);
    let mut last = book.accept(&held[2]).unwrap().unwrap();
    let committing = book.begin_commit(false).unwrap();
    assert_eq!(committing, [(place(0), 105)]);
    assert_eq!(book.begin_commit(true), None, "one at a time");
    book.end_commit(|_| None);
    assert!(last.try_recv().is_err(), "it is not known yet");
    assert_eq!(book.begin_commit(false).unwrap(), [(place(0), 105)]);
    book.end_commit(|_| Some(Err("no".to_owned())));
    assert_eq!(last.try_recv(), Ok(Err("no".to_owned())));
    assert_eq!(commit(&mut book), Some(105), "it is tried again");
}

#[tokio::test]
async fn who_accepts_during_a_commit_waits_for_the_next() {
    let now = Instant::now();
    let mut book = book(10, &["a", "b"]);
    let held = drain(&mut book, now);
    let mut first = book.accept(&held[0]).unwrap().unwrap();
    book.begin_commit(false).unwrap();
    let mut second = book.accept(&held[1]).unwrap().unwrap();
    book.end_commit(|_| Some(Ok(())));
    assert_eq!(first.try_recv(), Ok(Ok(())));
    assert!(second.try_recv().is_err());
    assert_eq!(book.begin_commit(false).unwrap(), [(place(0), 102)]);
    book.end_commit(|_| Some(Ok(())));
    assert_eq!(second.try_recv(), Ok(Ok(())));
}

#[tokio::test]
async fn what_was_in_hand_of_a_revoked_partition_counts_no_more() {
    let now = Instant::now();
    let mut book = book(10, &["a", "b", "c"]);
    let held = drain(&mut book, now);
    let mut waiting = book.accept(&held[0]).unwrap().unwrap();
    book.leave(&[place(0)]);
    assert!(take(&mut book, now).is_none());
    assert!(book.has_in_hand(&[place(0)]) && !book.has_in_hand(&[place(1)]));
    book.revoke(&place(0));
    assert!(waiting.try_recv().unwrap().is_err());
    // It comes back, with the same messages.
    book.assign(place(0));
    fill(&mut book, 100, &["a", "b", "c"]);
    assert_eq!(book.accept(&held[1]).unwrap_err(), Gone);
    assert_eq!(book.reject(&held[2], now).unwrap_err(), Gone);
    assert_eq!(book.holds(&held[1]).unwrap_err(), Gone);
    assert!(!book.arrive(&place(1), record(0, "x")));
    // An answer to a commit of the former assignment says nothing about this one.
    let held = drain(&mut book, now);
    let mut waiting = book.accept(&held[0]).unwrap().unwrap();
    book.committed(&place(0), 1, 103, &Ok(()));
    assert!(waiting.try_recv().is_err());
    assert_eq!(commit(&mut book), Some(101));
    assert!(waiting.try_recv().is_ok());
}

#[tokio::test]
async fn redelivered_is_what_may_have_been_delivered_before() {
    let now = Instant::now();
    // As many as fit into a window may have been with a former member.
    let mut book = book(2, &["a", "b", "c", "d"]);
    let mut flags = Vec::new();
    while let Some((held, redelivered)) = take(&mut book, now) {
        flags.push(redelivered);
        if held.offset == 102 {
            book.reject(&held, now).unwrap();
            let (again, redelivered) = take(&mut book, now).unwrap();
            assert!(again == held && redelivered, "it was rejected");
        }
        book.accept(&held).unwrap();
        commit(&mut book);
    }
    assert_eq!(flags, [true, true, false, false]);
    // The partition goes and comes back: what this process saw is told from what it did not.
    book.assign(place(0));
    fill(&mut book, 101, &["a", "b", "c", "d", "e"]);
    let mut flags = Vec::new();
    while let Some((held, redelivered)) = take(&mut book, now) {
        flags.push(redelivered);
        book.accept(&held).unwrap();
        commit(&mut book);
    }
    assert_eq!(flags, [true, true, true, false, false]);
}

#[tokio::test]
async fn no_more_than_a_window_is_ahead_of_what_kafka_knows() {
    let now = Instant::now();
    let mut book = book(3, &["a", "b", "c", "d", "e"]);
    let held = drain(&mut book, now);
    assert_eq!(offsets(&held), [100, 101, 102]);
    book.accept(&held[0]).unwrap();
    book.accept(&held[1]).unwrap();
    assert!(take(&mut book, now).is_none(), "Kafka does not know yet");
    book.begin_commit(false).unwrap();
    book.end_commit(|_| Some(Ok(())));
    assert_eq!(offsets(&drain(&mut book, now)), [103, 104]);
}

#[tokio::test]
async fn what_nobody_asked_for_does_not_stand_in_the_way() {
    let now = Instant::now();
    let mut book = book(4, &["-", "-", "-", "-", "a"]);
    assert!(take(&mut book, now).is_none());
    assert_eq!(book.begin_commit(false).unwrap(), [(place(0), 104)], "without anybody waiting for it");
    book.end_commit(|_| Some(Ok(())));
    assert_eq!(offsets(&drain(&mut book, now)), [104]);
}

#[tokio::test]
async fn partitions_take_turns() {
    let now = Instant::now();
    let mut book = book(10, &["a", "b"]);
    for partition in 1..3 {
        book.assign(place(partition));
        for offset in 0..2 {
            book.arrive(&place(partition), record(offset, &offset.to_string()));
        }
    }
    let partitions: Vec<i32> = drain(&mut book, now).iter().map(|held| held.place.1).collect();
    assert_eq!(partitions, [0, 1, 2, 0, 1, 2]);
}

#[tokio::test]
async fn a_full_partition_is_paused_and_resumed_when_half_of_it_is_gone() {
    let now = Instant::now();
    let mut book = Book::new(100, 40);
    book.assign(place(0));
    fill(&mut book, 0, &["a", "b", "c"]);
    assert_eq!(book.flow(), (vec![], vec![]));
    fill(&mut book, 3, &["d", "e"]);
    assert_eq!(book.flow(), (vec![place(0)], vec![]));
    assert!(book.is_paused());
    let held = drain(&mut book, now);
    for held in &held[..2] {
        book.accept(held).unwrap();
    }
    assert_eq!(book.flow(), (vec![], vec![]));
    book.accept(&held[2]).unwrap();
    assert_eq!(book.flow(), (vec![], vec![place(0)]));
    assert!(!book.is_paused());
}

#[tokio::test]
async fn a_log_that_begins_anew_is_read_anew() {
    let now = Instant::now();
    let mut book = book(10, &["a", "b"]);
    let held = drain(&mut book, now);
    fill(&mut book, 50, &["c"]);
    assert_eq!(book.accept(&held[0]).unwrap_err(), Gone);
    let (fresh, redelivered) = take(&mut book, now).unwrap();
    assert!(fresh.offset == 50 && redelivered);
    book.accept(&fresh).unwrap();
    assert_eq!(commit(&mut book), Some(51));
}
