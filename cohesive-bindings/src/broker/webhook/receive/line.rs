//! The requests that wait to be handled, and those in hand. It knows no HTTP.
//!
//! Of each key one message is in hand at a time (A117). A rejected key is held back for as long as it was told (R21),
//! also where its sender comes again earlier.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::broker::RawMessage;
use crate::envelope::{Envelope, Unreadable};

/// How long the sender of a message is asked to wait that nobody answered for.
const SOON: Duration = Duration::from_secs(1);

/// What arrived, as it is delivered.
pub(super) struct Arrived {
    pub(super) message: Result<Envelope, Unreadable>,
    pub(super) raw: RawMessage,
}

/// What the sender hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Accepted,
    /// Send it again, not before this time is over.
    Again(Duration),
}

struct Request {
    key: String,
    arrived: Arc<Arrived>,
    answer: oneshot::Sender<Answer>,
}

enum Key {
    InHand,
    Held(Instant),
}

/// A message in hand. Dropping it tells the sender to send it again.
pub(super) struct Held {
    pub(super) key: String,
    pub(super) answer: oneshot::Sender<Answer>,
}

pub(super) enum Next {
    Message(Held, Arc<Arrived>),
    /// Nothing before this instant, as far as it is known.
    Later(Option<Instant>),
}

pub(super) struct Line {
    places: usize,
    requests: VecDeque<Request>,
    keys: BTreeMap<String, Key>,
    closed: bool,
}

impl Line {
    pub(super) fn new(places: usize) -> Self {
        Self { places, requests: VecDeque::new(), keys: BTreeMap::new(), closed: false }
    }

    /// Puts a request at the end. Gives what to wait for, or the answer where it is known at once.
    pub(super) fn join(
        &mut self,
        key: String,
        arrived: Arc<Arrived>,
        now: Instant,
    ) -> Result<oneshot::Receiver<Answer>, Answer> {
        if let Some(Key::Held(until)) = self.keys.get(&key)
            && *until > now
        {
            return Err(Answer::Again(*until - now));
        }
        // Those whose senders have gone leave their places.
        self.requests.retain(|request| !request.answer.is_closed());
        if self.closed || self.requests.len() >= self.places {
            return Err(Answer::Again(SOON));
        }
        let (answer, answered) = oneshot::channel();
        self.requests.push_back(Request { key, arrived, answer });
        Ok(answered)
    }

    /// The first request whose key is free.
    pub(super) fn next(&mut self, now: Instant) -> Next {
        self.requests.retain(|request| !request.answer.is_closed());
        let mut soonest: Option<Instant> = None;
        let mut found = None;
        for (place, request) in self.requests.iter().enumerate() {
            match self.keys.get(&request.key) {
                Some(Key::InHand) => {}
                Some(Key::Held(until)) if *until > now => {
                    soonest = Some(soonest.map_or(*until, |at| at.min(*until)));
                }
                Some(Key::Held(_)) | None => {
                    found = Some(place);
                    break;
                }
            }
        }
        let Some(Request { key, arrived, answer }) = found.and_then(|place| self.requests.remove(place))
        else {
            return Next::Later(soonest);
        };
        self.keys.insert(key.clone(), Key::InHand);
        Next::Message(Held { key, answer }, arrived)
    }

    /// The message is not in hand any more; those of its key wait for so long.
    pub(super) fn free(&mut self, key: &str, wait: Duration, now: Instant) {
        self.keys.retain(|_, state| !matches!(state, Key::Held(until) if *until <= now));
        self.keys.remove(key);
        if !wait.is_zero() {
            // An instant that cannot be told is never reached.
            let until = now.checked_add(wait).unwrap_or(now + Duration::from_hours(24 * 365));
            self.keys.insert(key.to_owned(), Key::Held(until));
        }
    }

    /// Nothing joins any more, and what waits is told to come again.
    pub(super) fn close(&mut self) {
        self.closed = true;
        for request in self.requests.drain(..) {
            let _ = request.answer.send(Answer::Again(SOON));
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join(
        line: &mut Line,
        key: &str,
        body: &str,
        now: Instant,
    ) -> Result<oneshot::Receiver<Answer>, Answer> {
        let raw = RawMessage { headers: vec![], body: body.as_bytes().to_vec() };
        line.join(key.to_owned(), Arc::new(Arrived { message: Err(Unreadable::Missing("id")), raw }), now)
    }

    fn take(line: &mut Line, now: Instant) -> Option<(Held, String)> {
        match line.next(now) {
            Next::Message(held, arrived) => {
                Some((held, String::from_utf8(arrived.raw.body.clone()).unwrap()))
            }
            Next::Later(_) => None,
        }
    }

    // A117
    #[tokio::test]
    async fn messages_of_a_key_come_one_after_the_other_and_others_beside_them() {
        let now = Instant::now();
        let mut line = Line::new(10);
        let requests = [("a", "a1"), ("a", "a2"), ("b", "b1")]
            .map(|(key, body)| join(&mut line, key, body, now).unwrap());
        let (first, body) = take(&mut line, now).unwrap();
        assert_eq!(body, "a1");
        let (other, body) = take(&mut line, now).unwrap();
        assert_eq!(body, "b1");
        assert!(take(&mut line, now).is_none());
        line.free(&other.key, Duration::ZERO, now);
        assert!(take(&mut line, now).is_none());
        line.free(&first.key, Duration::ZERO, now);
        assert_eq!(take(&mut line, now).unwrap().1, "a2");
        drop(requests);
    }

    // R21
    #[tokio::test]
    async fn a_rejected_key_is_held_back_even_if_its_sender_is_early() {
        let now = Instant::now();
        let (wait, later) = (Duration::from_secs(5), now + Duration::from_secs(5));
        let mut line = Line::new(10);
        let _waiting = [("a", "a1"), ("a", "a2")].map(|(key, body)| join(&mut line, key, body, now).unwrap());
        let (held, _) = take(&mut line, now).unwrap();
        line.free(&held.key, wait, now);
        assert_eq!(join(&mut line, "a", "a1", now).unwrap_err(), Answer::Again(wait));
        assert!(matches!(line.next(now), Next::Later(Some(until)) if until == later));
        assert_eq!(take(&mut line, later).unwrap().1, "a2");
        line.free("a", Duration::MAX, later);
        assert!(matches!(join(&mut line, "a", "a1", later), Err(Answer::Again(_))));
    }

    #[tokio::test]
    async fn a_full_line_and_a_closed_one_send_away() {
        let now = Instant::now();
        let mut line = Line::new(1);
        let first = join(&mut line, "a", "a1", now).unwrap();
        assert_eq!(join(&mut line, "b", "b1", now).unwrap_err(), Answer::Again(SOON));
        // Who waits no longer leaves the place, and is not handled.
        drop(first);
        let mut second = join(&mut line, "b", "b1", now).unwrap();
        line.close();
        assert!(line.is_closed());
        assert_eq!(second.try_recv(), Ok(Answer::Again(SOON)));
        assert_eq!(join(&mut line, "c", "c1", now).unwrap_err(), Answer::Again(SOON));
        assert!(take(&mut line, now).is_none());
    }
}
