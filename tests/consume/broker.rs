//! A broker whose every delivery the test decides, and that remembers every answer.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cohesive::broker::{Acknowledge, Delivery, RawMessage, SubscribeError, Subscriber};
use cohesive::envelope::{Envelope, HeaderText};
use cohesive::store::BoxFuture;
use tokio::sync::{mpsc, watch};

/// What the consumer said of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    Accepted,
    Rejected,
    /// It was dropped without a word.
    Nothing,
}

type Answers = Vec<(u64, Said)>;

/// A message, other bytes in its place, whether it came before, and the number of the delivery.
type Next = (Envelope, Option<Vec<u8>>, bool, u64);

pub struct Scripted {
    sender: mpsc::UnboundedSender<Next>,
    queue: tokio::sync::Mutex<mpsc::UnboundedReceiver<Next>>,
    answers: Arc<watch::Sender<Answers>>,
    sent: Mutex<u64>,
    pub horizon: Option<Duration>,
}

impl Scripted {
    pub fn new() -> Arc<Self> {
        let (sender, queue) = mpsc::unbounded_channel();
        Arc::new(Self {
            sender,
            queue: queue.into(),
            answers: Arc::new(watch::channel(Answers::new()).0),
            sent: Mutex::new(0),
            horizon: Some(Duration::from_hours(1)),
        })
    }

    fn push(&self, envelope: &Envelope, body: Option<Vec<u8>>, redelivered: bool) -> u64 {
        let mut sent = self.sent.lock().unwrap();
        *sent += 1;
        self.sender.send((envelope.clone(), body, redelivered, *sent)).unwrap();
        *sent
    }

    /// Delivers a message, and answers the number of the delivery.
    pub fn deliver(&self, envelope: &Envelope) -> u64 {
        self.push(envelope, None, false)
    }

    /// The same, once more.
    pub fn redeliver(&self, envelope: &Envelope) -> u64 {
        self.push(envelope, None, true)
    }

    /// Delivers bytes that are no event.
    pub fn deliver_bytes(&self, envelope: &Envelope, body: &[u8]) -> u64 {
        self.push(envelope, Some(body.to_vec()), false)
    }

    /// Waits until the consumer has said something of this delivery.
    pub async fn answer(&self, number: u64) -> Said {
        let mut answers = self.answers.subscribe();
        let found =
            |answers: &Answers| answers.iter().find(|(known, _)| *known == number).map(|(_, said)| *said);
        let said = answers.wait_for(|answers| found(answers).is_some()).await.unwrap();
        found(&said).unwrap()
    }

    /// The answers so far, in their order.
    pub fn answers(&self) -> Answers {
        self.answers.borrow().clone()
    }
}

impl Subscriber for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn redelivery_horizon(&self) -> Option<Duration> {
        self.horizon
    }

    fn receive(&self) -> BoxFuture<'_, Result<Delivery, SubscribeError>> {
        Box::pin(async {
            let next = self.queue.lock().await.recv().await;
            let (envelope, body, redelivered, number) =
                next.ok_or_else(|| SubscribeError::new("it is over"))?;
            let headers = envelope.headers("ce-", HeaderText::Percent);
            let body = body.unwrap_or_else(|| envelope.data.clone().into_bytes());
            let pairs = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let message = Envelope::read(pairs, "ce-", true, &body);
            let acknowledge = Answer { number, answers: Arc::clone(&self.answers), said: Said::Nothing };
            let raw = RawMessage { headers, body };
            Ok(Delivery { message, raw, redelivered, acknowledge: Box::new(acknowledge) })
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

struct Answer {
    number: u64,
    answers: Arc<watch::Sender<Answers>>,
    said: Said,
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.answers.send_modify(|answers| answers.push((self.number, self.said)));
    }
}

impl Acknowledge for Answer {
    fn accept(mut self: Box<Self>) -> BoxFuture<'static, Result<(), SubscribeError>> {
        self.said = Said::Accepted;
        Box::pin(async move {
            drop(self);
            Ok(())
        })
    }

    fn reject(mut self: Box<Self>, _: Duration) -> BoxFuture<'static, Result<(), SubscribeError>> {
        self.said = Said::Rejected;
        Box::pin(async move {
            drop(self);
            Ok(())
        })
    }

    fn extend(&mut self) -> BoxFuture<'_, Result<(), SubscribeError>> {
        Box::pin(async { Ok(()) })
    }
}
