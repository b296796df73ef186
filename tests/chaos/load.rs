//! What the callers ask for until it is answered, and what they were answered.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use super::client::{Client, Reply};
use super::random::Random;

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    Offer,
    Accept,
    PickUp,
    Deliver,
}

/// One request. Its key names it for ever.
#[derive(Debug, Clone)]
pub struct Call {
    pub wish: Wish,
    pub tender: String,
    /// The partner, if this is an acceptance.
    pub partner: Option<String>,
    pub path: String,
    pub key: String,
    pub body: String,
}

/// What the callers and who directs them know of each other.
#[derive(Default)]
pub struct Board {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// How many more tenders may be offered.
    allowed: u64,
    /// How many callers are about a tender or a shipment.
    busy: u64,
    /// Accepted tenders whose shipments are to be delivered.
    awaited: VecDeque<String>,
    answers: Vec<(Call, Reply)>,
    deliveries: usize,
    /// Requests that were sent again because their answer was lost.
    repeats: usize,
    /// Answers that told to come again later.
    later: usize,
    over: bool,
}

/// What was answered, at the end.
pub struct Answers {
    pub given: Vec<(Call, Reply)>,
    pub repeats: usize,
    pub later: usize,
}

impl Board {
    /// Lets this many more tenders be offered.
    pub fn allow(&self, tenders: u64) {
        self.state.lock().unwrap().allowed += tenders;
        self.changed.notify_all();
    }

    /// Waits for this many answers, and for this many deliveries among them; not longer than there is something to do.
    pub fn wait(&self, answers: usize, deliveries: usize) {
        let state = self.state.lock().unwrap();
        let (answers, deliveries) = (state.answers.len() + answers, state.deliveries + deliveries);
        let waits = |state: &mut State| {
            let idle = state.allowed == 0 && state.busy == 0 && state.awaited.is_empty();
            !idle && (state.answers.len() < answers || state.deliveries < deliveries)
        };
        let late = self.changed.wait_timeout_while(state, Duration::from_mins(2), waits).unwrap().1;
        assert!(!late.timed_out(), "nothing goes on any more");
    }

    /// Has the callers end when they have done what they were allowed to.
    pub fn end(&self) {
        self.state.lock().unwrap().over = true;
        self.changed.notify_all();
    }

    pub fn answers(self) -> Answers {
        let State { answers, repeats, later, .. } = self.state.into_inner().unwrap();
        Answers { given: answers, repeats, later }
    }

    /// Takes up something, once `take` gives it; `None` when it is over and never will.
    fn take<T>(&self, take: impl Fn(&mut State) -> Option<T>) -> Option<T> {
        let mut state = self.state.lock().unwrap();
        loop {
            if let Some(taken) = take(&mut state) {
                state.busy += 1;
                return Some(taken);
            }
            if state.over && state.allowed == 0 && state.busy == 0 && state.awaited.is_empty() {
                return None;
            }
            state = self.changed.wait(state).unwrap();
        }
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap());
        self.changed.notify_all();
    }

    fn answered(&self, call: &Call, reply: Reply) {
        self.change(|state| {
            state.deliveries += usize::from(call.wish == Wish::Deliver);
            state.answers.push((call.clone(), reply));
        });
    }
}

/// A caller's connection, made again whenever it breaks.
struct Caller<'a> {
    board: &'a Board,
    address: &'a str,
    client: Option<Client>,
}

impl Caller<'_> {
    /// Sends a request until it is answered.
    fn insist(&mut self, call: &Call) -> Reply {
        loop {
            match self.connected(|client| client.post(call)) {
                Some(reply) if reply.status == 503 => self.board.change(|state| state.later += 1),
                Some(reply) => {
                    assert!(reply.status < 500, "{call:?} was answered with {reply}");
                    self.board.answered(call, reply.clone());
                    return reply;
                }
                None => self.board.change(|state| state.repeats += 1),
            }
        }
    }

    fn connected(&mut self, ask: impl FnOnce(&mut Client) -> std::io::Result<Reply>) -> Option<Reply> {
        let client = loop {
            match &mut self.client {
                Some(client) => break client,
                // Until the desk is there again.
                None => self.client = Client::connect(self.address).ok(),
            }
            if self.client.is_none() {
                std::thread::sleep(Duration::from_millis(2));
            }
        };
        let reply = ask(client).ok();
        if reply.is_none() {
            self.client = None;
        }
        reply
    }
}

/// Offers tenders and has them accepted.
pub fn tender(board: &Board, address: &str, caller: usize, mut random: Random) {
    let mut connection = Caller { board, address, client: None };
    for number in 0.. {
        let allowed = board.take(|state| {
            state.allowed = state.allowed.checked_sub(1)?;
            Some(())
        });
        if allowed.is_none() {
            return;
        }
        let tender = format!("T-{caller}-{number}");
        let mut accepted = false;
        for call in calls(&tender, &mut random) {
            accepted |= connection.insist(&call).status < 300 && call.wish == Wish::Accept;
        }
        let awaited = accepted && random.below(2) == 0;
        board.change(|state| {
            state.busy -= 1;
            state.awaited.extend(awaited.then_some(tender));
        });
    }
}

/// Delivers what was booked.
pub fn carry(board: &Board, address: &str) {
    let mut connection = Caller { board, address, client: None };
    while let Some(tender) = board.take(|state| state.awaited.pop_front()) {
        let found = connection.connected(|client| client.try_get(&format!("/shipments/{tender}")));
        let is_booked = found.is_some_and(|reply| reply.status == 200);
        if is_booked {
            let call = |wish, verb: &str, member: &str| Call {
                wish,
                tender: tender.clone(),
                partner: None,
                path: format!("/shipments/{tender}/{verb}"),
                key: format!("{verb}-{tender}"),
                body: format!(r#"{{"{member}":"2026-03-02T12:00:00Z"}}"#),
            };
            connection.insist(&call(Wish::PickUp, "pick_up", "picked_up_at"));
            connection.insist(&call(Wish::Deliver, "deliver", "delivered_at"));
        } else {
            std::thread::sleep(Duration::from_millis(2));
        }
        board.change(|state| {
            state.busy -= 1;
            if !is_booked {
                state.awaited.push_back(tender);
            }
        });
    }
}

/// The life of one tender: offered, mostly accepted, sometimes too late, sometimes twice.
fn calls(tender: &str, random: &mut Random) -> Vec<Call> {
    let offer = Call {
        wish: Wish::Offer,
        tender: tender.to_owned(),
        partner: None,
        path: "/tenders/offer".to_owned(),
        key: format!("offer-{tender}"),
        body: format!(r#"{{"id":"{tender}","expiration":"2026-03-01T12:00:00Z"}}"#),
    };
    let accept = |partner: &str, at: &str| Call {
        wish: Wish::Accept,
        tender: tender.to_owned(),
        partner: Some(partner.to_owned()),
        path: format!("/tenders/{tender}/accept"),
        key: format!("accept-{tender}-{partner}"),
        body: format!(r#"{{"partner_id":"{partner}","accepted_at":"{at}"}}"#),
    };
    let (timely, late) = ("2026-03-01T11:59:59Z", "2026-03-01T12:00:00Z");
    match random.below(8) {
        0 => vec![offer],
        1 => vec![offer, accept("P-late", late)],
        2 => vec![offer, accept("P-1", timely), accept("P-2", timely)],
        _ => vec![offer, accept("P-1", timely)],
    }
}
