//! What has to hold when everything is quiet: the answers against the stores, the broker's log and the effects.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cohesive::broker::nats::{NatsOptions, NatsPublisher, NatsSubscriber, NatsSubscription};
use cohesive::broker::{Publisher as _, Subscriber as _};
use cohesive::envelope::Envelope;
use cohesive::kernel::Structure as _;
use cohesive::node::{Node, NodeOptions, System};
use cohesive::port::Ports;
use cohesive::prelude::Timestamp;
use cohesive::store::inbox::Inbox as _;
use cohesive::store::outbox::{Outbox as _, Stream};
use cohesive::store::sqlite::{SqliteOptions, SqliteStore};
use cohesive::store::{ListQuery, OutboxQuery, StoredMessage};

use super::domain::{Shipment, ShipmentStatus, Tender, TenderStatus};
use super::load::{Answers, Wish};

/// What everything that was found comes to.
#[derive(Debug, Default)]
pub struct Found {
    pub tenders: usize,
    pub accepted: usize,
    pub delivered: usize,
    /// Events that the broker has, each counted once.
    pub events: usize,
    /// How often the broker has an event again.
    pub repeated: usize,
    /// How often an effect was performed again.
    pub performed_again: usize,
}

/// One desk's file, read beside it or after it.
pub struct File {
    store: Arc<SqliteStore>,
    node: Node,
}

impl File {
    pub fn open(database: &Path) -> Self {
        let system = || System::new("freight").entity::<Tender>().entity::<Shipment>();
        let structures = [Tender::STRUCTURE, Shipment::STRUCTURE];
        let store = Arc::new(SqliteStore::open(database, &structures, SqliteOptions::default()).unwrap());
        let node = Node::start(system(), store.clone(), Ports::system(), NodeOptions::default());
        Self { store, node }
    }

    /// How many messages are not settled, of both streams.
    pub async fn pending(&self) -> u64 {
        let mut pending = 0;
        for stream in Stream::ALL {
            pending += self.store.outbox_stats(stream).await.unwrap().pending;
        }
        pending
    }

    async fn tenders(&self) -> Vec<Tender> {
        let rows = self.node.list::<Tender>(everything(Tender::STRUCTURE)).await.unwrap();
        rows.into_iter().map(|(tender, _)| tender).collect()
    }

    async fn shipments(&self) -> Vec<Shipment> {
        let rows = self.node.list::<Shipment>(everything(Shipment::STRUCTURE)).await.unwrap();
        rows.into_iter().map(|(shipment, _)| shipment).collect()
    }

    /// The messages of one entity, all of them published and none parked.
    async fn messages(&self, entity: &'static str, id: &str) -> Vec<StoredMessage> {
        let query = OutboxQuery { entity, entity_id: id.to_owned(), after: None, limit: 100 };
        let messages = self.node.outbox(query).await.unwrap();
        for message in &messages {
            assert!(message.published_at.is_some(), "not published: {message:?}");
        }
        messages
    }

    async fn is_sound(&self) {
        self.store.verify().await.unwrap();
        for stream in Stream::ALL {
            assert_eq!(self.store.parked_messages(stream, 10).await.unwrap(), [], "{stream:?}");
        }
        assert_eq!(self.store.parked_deliveries(0, 10).await.unwrap(), []);
    }
}

fn everything(structure: &'static cohesive::model::Structure) -> ListQuery {
    ListQuery { structure, filters: Vec::new(), after: None, limit: 10_000_000 }
}

/// Waits until nothing is owed any more and every accepted tender has a shipment.
pub async fn quiet(tenders: &File, shipments: &File) {
    let start = Instant::now();
    loop {
        let accepted = tenders.tenders().await.iter().filter(|tender| is_accepted(tender)).count();
        let booked = shipments.shipments().await.len();
        let owed = [tenders.pending().await, shipments.pending().await];
        if owed == [0, 0] && booked >= accepted {
            return;
        }
        assert!(
            start.elapsed() < Duration::from_mins(3),
            "never quiet: {owed:?} messages are owed, {booked} of {accepted} shipments are booked"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn is_accepted(tender: &Tender) -> bool {
    tender.status == TenderStatus::Accepted
}

/// Holds everything to what was answered.
pub async fn judge(
    [tenders, shipments]: [&File; 2],
    broker: &str,
    answers: &Answers,
    printed: &[String],
) -> Found {
    let mut found = Found::default();
    let done = |wish: Wish| -> BTreeMap<&str, Option<&str>> {
        let of = answers.given.iter().filter(|(call, reply)| call.wish == wish && reply.status < 300);
        of.map(|(call, _)| (&*call.tender, call.partner.as_deref())).collect()
    };
    let (offered, accepted, delivered) = (done(Wish::Offer), done(Wish::Accept), done(Wish::Deliver));

    // CW1, CW17: what was answered is there, and nothing else is.
    let mut causes: HashMap<String, StoredMessage> = HashMap::new();
    let mut events: HashMap<String, (String, String)> = HashMap::new();
    let mut requests: BTreeMap<String, String> = BTreeMap::new();
    for tender in tenders.tenders().await {
        let id = tender.id.to_string();
        found.tenders += 1;
        assert!(offered.contains_key(&*id), "{id} was offered by nobody");
        let partner = tender.partner_id.as_ref().map(ToString::to_string);
        assert_eq!(accepted.get(&*id).copied().flatten(), partner.as_deref(), "{id}");
        let messages = tenders.messages("Tender", &id).await;
        assert_eq!(messages.len(), if is_accepted(&tender) { 2 } else { 0 }, "{id}: {messages:?}");
        let [event, request] = &messages[..] else { continue };
        note(&mut events, event);
        requests.insert(id.clone(), request.id.to_string());
        causes.insert(id, event.clone());
    }
    assert_eq!((found.tenders, causes.len()), (offered.len(), accepted.len()), "answered commits are lost");
    found.accepted = accepted.len();

    // P08, P09: one shipment for each, and no other.
    let mut booked = BTreeSet::new();
    for shipment in shipments.shipments().await {
        let id = shipment.id.to_string();
        assert!(booked.insert(id.clone()), "{id} is booked twice");
        let cause = causes.get(&id).unwrap_or_else(|| panic!("nobody accepted what {id} ships"));
        assert_eq!(accepted.get(&*id).copied().flatten(), Some(&*shipment.partner_id.to_string()), "{id}");
        let messages = shipments.messages("Shipment", &id).await;
        let is_delivered = shipment.status == ShipmentStatus::Delivered;
        assert_eq!(is_delivered, delivered.contains_key(&*id), "{id}: {shipment:?}");
        assert_eq!(messages.len(), if is_delivered { 2 } else { 1 }, "{id}: {messages:?}");
        // A80, A81
        assert_eq!(messages[0].correlation, cause.correlation, "{id}");
        assert_eq!(messages[0].causation, Some(cause.id.to_string()), "{id}");
        for message in &messages {
            note(&mut events, message);
        }
        found.delivered += usize::from(is_delivered);
    }
    assert_eq!(booked.len(), accepted.len(), "accepted tenders without a shipment");
    tenders.is_sound().await;
    shipments.is_sound().await;

    found.performed_again = effects(&requests, printed);
    found.events = events.len();
    found.repeated = log(broker, &events).await;
    found
}

/// Remembers an event by its id: its entity, and its place among those of the entity.
fn note(events: &mut HashMap<String, (String, String)>, message: &StoredMessage) {
    let sequence = format!("{:020}.{:010}", message.version.number(), message.ordinal);
    let entity = format!("{}:{}", message.entity, message.entity_id);
    assert!(events.insert(message.id.to_string(), (entity, sequence)).is_none(), "two have one id");
}

/// A120: each effect was performed, under one key, and no other. Answers how many were performed again.
fn effects(requests: &BTreeMap<String, String>, printed: &[String]) -> usize {
    let mut performed: BTreeMap<&str, usize> = BTreeMap::new();
    for line in printed.iter().filter_map(|line| line.strip_prefix("990 accept: tender ")) {
        let (tender, rest) = line.split_once(' ').unwrap_or((line, ""));
        let key = rest.split_once("(key ").and_then(|(_, rest)| rest.split_once(',')).map(|(key, _)| key);
        assert_eq!(key, requests.get(tender).map(|id| &**id), "another key: {line}");
        *performed.entry(tender).or_default() += 1;
    }
    for tender in requests.keys() {
        assert!(performed.contains_key(&**tender), "the effect of {tender} was not performed");
    }
    performed.values().sum::<usize>() - performed.len()
}

/// The options of the desk.
fn options(broker: &str) -> NatsOptions {
    NatsOptions {
        servers: vec![broker.to_owned()],
        stream: "FREIGHT".to_owned(),
        prefix: "freight".to_owned(),
        duplicate_window: Duration::from_millis(100),
        ..NatsOptions::default()
    }
}

/// What comes last in each partition. So many that none is without.
const MARKS: usize = 400;

/// Everything that the broker keeps: each event at least once, the first time in order, and nothing else. Answers how
/// often an event is there again.
async fn log(broker: &str, events: &HashMap<String, (String, String)>) -> usize {
    let publisher = NatsPublisher::connect(options(broker)).await.unwrap();
    for number in 0..MARKS {
        publisher.publish(&mark(number)).await.unwrap();
    }
    let kinds = ["TenderAccepted", "ShipmentBooked", "ShipmentDelivered", "Mark"];
    let subscription = NatsSubscription::new("judge", kinds);
    let subscriber = NatsSubscriber::connect(options(broker), subscription).await.unwrap();
    let (mut seen, mut last) = (BTreeSet::new(), HashMap::<String, String>::new());
    let (mut repeated, mut marks) = (0, BTreeSet::new());
    while marks.len() < MARKS {
        let delivery = subscriber.receive().await.unwrap();
        let message = delivery.message.unwrap();
        // The next of the partition comes when this is accepted.
        tokio::spawn(delivery.acknowledge.accept());
        if message.kind == "Mark" {
            marks.insert(message.id);
            continue;
        }
        let (entity, sequence) =
            events.get(&message.id).unwrap_or_else(|| panic!("nobody recorded {message:?}"));
        assert_eq!((&message.partition_key, &message.sequence), (entity, sequence));
        if !seen.insert(message.id) {
            repeated += 1;
            continue;
        }
        let before = last.insert(entity.clone(), sequence.clone());
        assert!(before.as_ref() < Some(sequence), "{entity}: {sequence} came after {before:?}");
    }
    subscriber.close().await;
    let absent: Vec<_> = events.iter().filter(|(id, _)| !seen.contains(*id)).take(5).collect();
    assert_eq!(seen.len(), events.len(), "the broker has not everything, for example not {absent:?}");
    repeated
}

fn mark(number: usize) -> Envelope {
    let now = Timestamp::default();
    Envelope {
        id: format!("mark-{number}"),
        source: "/judge".to_owned(),
        kind: "Mark".to_owned(),
        role: "event".to_owned(),
        subject: None,
        time: now,
        recorded: now,
        correlation: "judge".to_owned(),
        causation: None,
        sequence: String::new(),
        partition_key: format!("mark-{number}"),
        trace_parent: None,
        data: "{}".to_owned(),
    }
}
