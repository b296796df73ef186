//! What the callers ask for, and what they wrote down about it.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use super::client::{Client, Reply};
use super::random::Random;

/// One request. Its key names it for ever.
#[derive(Debug, Clone)]
pub struct Call {
    pub tender: String,
    /// The partner, if this is an acceptance.
    pub partner: Option<String>,
    pub path: String,
    pub key: String,
    pub body: String,
}

/// A request as its caller wrote it down: before it was sent, and again when the whole answer was there.
#[derive(Debug)]
pub struct Record {
    pub call: Call,
    pub reply: Option<Reply>,
}

/// All that the callers wrote down.
#[derive(Default)]
pub struct Records(Vec<Record>);

impl Records {
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    pub fn all(&self) -> &[Record] {
        &self.0
    }

    pub fn get(&self, index: usize) -> &Record {
        &self.0[index]
    }

    pub fn extend(&mut self, fresh: Vec<Record>) {
        self.0.extend(fresh);
    }

    pub fn answer(&mut self, index: usize, reply: Reply) {
        self.0[index].reply = Some(reply);
    }

    pub fn unanswered(&self) -> Vec<usize> {
        (0..self.0.len()).filter(|&index| self.0[index].reply.is_none()).collect()
    }

    /// The tenders that the requests from `first` on are about.
    pub fn tenders(&self, first: usize) -> BTreeSet<String> {
        self.0[first..].iter().map(|record| record.call.tender.clone()).collect()
    }

    /// The requests about one tender, with their answers.
    pub fn about(&self, tender: &str) -> impl Iterator<Item = (&Call, &Reply)> {
        let about = self.0.iter().filter(move |record| record.call.tender == tender);
        about.map(|record| (&record.call, record.reply.as_ref().expect("every request was answered by now")))
    }
}

/// Offers tenders and has them accepted until the desk is gone.
pub fn drive(
    address: &str,
    round: usize,
    caller: usize,
    mut random: Random,
    answered: &mpsc::Sender<()>,
    killed: &AtomicBool,
) -> Vec<Record> {
    let mut records = Vec::new();
    // The desk may be gone before this caller got a connection.
    let Ok(mut client) = Client::connect(address) else { return records };
    for number in 0.. {
        for call in calls(&format!("T-{round}-{caller}-{number}"), &mut random) {
            records.push(Record { call, reply: None });
            let record = records.last_mut().unwrap();
            match client.post(&record.call) {
                Ok(reply) => {
                    assert!(reply.status < 500, "{:?} was answered with {reply}", record.call);
                    record.reply = Some(reply);
                    let _ = answered.send(());
                }
                Err(error) => {
                    assert!(killed.load(Ordering::SeqCst), "the desk broke off by itself: {error}");
                    return records;
                }
            }
        }
    }
    records
}

/// The life of one tender: offered, mostly accepted, sometimes too late, sometimes twice.
fn calls(tender: &str, random: &mut Random) -> Vec<Call> {
    let offer = Call {
        tender: tender.to_owned(),
        partner: None,
        path: "/tenders/offer".to_owned(),
        key: format!("offer-{tender}"),
        body: format!(r#"{{"id":"{tender}","expiration":"2026-03-01T12:00:00Z"}}"#),
    };
    let accept = |partner: &str, at: &str| Call {
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
        2 => vec![offer, accept("P-late", late), accept("P-1", timely)],
        3 => vec![offer, accept("P-1", timely), accept("P-2", timely)],
        _ => vec![offer, accept("P-1", timely)],
    }
}
