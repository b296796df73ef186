//! The calls of a node, and of the store and the inbox under it.

use std::sync::Arc;

use cohesive::envelope::Envelope;
use cohesive::kernel::Structure as _;
use cohesive::node::{Call, Consumed, Failure, Outcome, Request};
use cohesive::prelude::*;
use cohesive::store::inbox::{DeliveryKey, ParkedDelivery};
use cohesive::store::{
    BoxFuture, ListQuery, Load, OutboxQuery, Receipt, ReceiptKey, RowKey, Unit, UnitOutcome,
};

use crate::support::domain::{Shipment, ShipmentId, Tender, TenderStatus};
use crate::support::{accept, id, keyed, messages, offer};
use crate::{Case, World, nothing};

pub fn cases() -> Vec<Case> {
    let case = |name, before, call, after| Case { name, before, call, after };
    vec![
        case(
            "create",
            nothing,
            |world, name| Box::pin(async move { drop(create(world, name).await) }),
            created,
        ),
        case(
            "update",
            created,
            |world, name| Box::pin(async move { drop(update(world, name).await) }),
            updated,
        ),
        case("call", created, by_name, updated),
        case(
            "follow",
            updated,
            |world, name| Box::pin(async move { drop(follow(world, name).await) }),
            followed,
        ),
        case("reads", created, reads, created),
        case(
            "store",
            nothing,
            |world, name| Box::pin(async move { drop(commit(world, name).await) }),
            remembered,
        ),
        case("count", nothing, count, counted),
        case("park", nothing, park, parked),
        case("remove", parked, remove, removed),
    ]
}

async fn create(world: &World, name: &str) -> Result<bool, Failure> {
    let outcome = world.node.create(offer(name), keyed(name)).await?;
    Ok(!matches!(outcome, Outcome::KeyInFlight))
}

async fn update(world: &World, name: &str) -> Result<bool, Failure> {
    let outcome = world.node.update(&id(name), accept("P-7"), keyed(name)).await?;
    Ok(!matches!(outcome, Outcome::KeyInFlight))
}

/// The same without types.
fn by_name<'a>(world: &'a World, name: &'a str) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        let tender = &world.node.system().entities()[0];
        let accept =
            tender.operations.iter().find(|operation| operation.transition.name == "accept").unwrap();
        let body = br#"{"partner_id":"P-7","accepted_at":"2026-03-01T11:00:00Z"}"#.to_vec();
        let call = Call { id: Some(name.to_owned()), body, request: keyed(name), dry_run: false };
        assert_eq!(accept.call(&world.node, call).await.unwrap().outcome, "committed");
    })
}

/// A repeat with the key has one effect, however far the first came.
fn created<'a>(world: &'a World, name: &'a str) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        while !create(world, name).await.unwrap() {
            tokio::task::yield_now().await;
        }
        let (tender, version) = world.node.get::<Tender>(&id(name)).await.unwrap().unwrap();
        assert_eq!((tender.status, version), (TenderStatus::Pending, Version::INITIAL), "{name}");
        assert_eq!(messages(&world.node, name).await, [], "{name}");
    })
}

fn updated<'a>(world: &'a World, name: &'a str) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        while !create(world, name).await.unwrap() || !update(world, name).await.unwrap() {
            tokio::task::yield_now().await;
        }
        let (tender, version) = world.node.get::<Tender>(&id(name)).await.unwrap().unwrap();
        assert_eq!((tender.status, version), (TenderStatus::Accepted, Version::new(1)), "{name}");
        assert_eq!(messages(&world.node, name).await.len(), 2, "{name}");
    })
}

async fn follow(world: &World, name: &str) -> Consumed {
    let cause = Arc::new(Envelope::of(&messages(&world.node, name).await[0], "/freight"));
    let follower = world.node.system().followers("TenderAccepted").next().unwrap();
    follower.follow(&world.node, cause).await
}

fn followed<'a>(world: &'a World, name: &'a str) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        loop {
            match follow(world, name).await {
                Consumed::Applied | Consumed::Repeated => break,
                // The first is under way.
                Consumed::Failed(_) | Consumed::Early(_) | Consumed::Refused(_) => {
                    tokio::task::yield_now().await;
                }
            }
        }
        let shipment = name.parse::<ShipmentId>().unwrap();
        let (shipment, version) = world.node.get::<Shipment>(&shipment).await.unwrap().unwrap();
        assert_eq!((shipment.tender_id.to_string().as_str(), version), (name, Version::INITIAL));
        let query = OutboxQuery { entity: "Shipment", entity_id: name.to_owned(), after: None, limit: 9 };
        let (caused, cause) = (world.node.outbox(query).await.unwrap(), messages(&world.node, name).await);
        assert_eq!(caused.len(), 1, "{name}");
        assert_eq!(caused[0].causation, Some(cause[0].id.to_string()));
    })
}

fn list() -> ListQuery {
    ListQuery { structure: Tender::STRUCTURE, filters: Vec::new(), after: None, limit: 20 }
}

/// Everything that only reads, one after the other.
fn reads<'a>(world: &'a World, name: &'a str) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        let World { node, store, .. } = world;
        node.preview_create(&offer("T-other"), Request::default()).await.unwrap();
        node.preview(&id(name), &accept("P-7"), Request::default()).await.unwrap();
        node.get::<Tender>(&id(name)).await.unwrap();
        node.list::<Tender>(list()).await.unwrap();
        node.system().entities()[0].reader.get(node, name).await.unwrap();
        messages(node, name).await;
        node.parked_inputs(9).await.unwrap();
        node.prune_receipts().await.unwrap();
        let key = Tender::STRUCTURE.fields.iter().position(|field| field.name == "id").unwrap();
        let row = RowKey {
            structure: Tender::STRUCTURE,
            id: cohesive::value::Datum::Text(name.to_owned().into()),
            columns: vec![key],
        };
        store.load(Load { rows: vec![row], ..Load::default() }).await.unwrap();
        store.list(list()).await.unwrap();
        store.inbox_stats().await.unwrap();
    })
}

/// A unit of its own: a receipt.
async fn commit(world: &World, name: &str) -> UnitOutcome {
    let receipt = Receipt {
        scope: "cancelled".to_owned(),
        key: name.to_owned(),
        fingerprint: [7; 32],
        status: 200,
        version: None,
        body: Vec::new(),
        recorded_at: Timestamp::default(),
        expires_at: Timestamp::MAX,
        mark: None,
    };
    let unit = Unit { receipts: vec![receipt], ..Unit::default() };
    world.store.commit(vec![unit]).await.unwrap().remove(0)
}

fn remembered<'a>(world: &'a World, name: &'a str) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        let outcome = commit(world, name).await;
        assert!(matches!(outcome, UnitOutcome::Committed | UnitOutcome::ReceiptExists(_)), "{outcome:?}");
        let key = ReceiptKey { scope: "cancelled".to_owned(), key: name.to_owned() };
        let loaded = world.store.load(Load { receipts: vec![key], ..Load::default() }).await.unwrap();
        assert!(loaded.receipts[0].is_some(), "{name}");
    })
}

fn delivery(name: &str) -> DeliveryKey {
    DeliveryKey { consumer: "test".to_owned(), source: "/test".to_owned(), id: name.to_owned() }
}

fn count<'a>(world: &'a World, name: &'a str) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        let attempts = world.store.count_attempt(delivery(name)).await.unwrap();
        assert_eq!(attempts, 1);
        world.store.forget_attempts(vec![delivery(name)]).await.unwrap();
    })
}

/// What was counted was counted once at the most, and is forgotten when it is to be.
fn counted<'a>(world: &'a World, name: &'a str) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        let attempts = world.store.count_attempt(delivery(name)).await.unwrap();
        assert!((1..=2).contains(&attempts), "{attempts}");
        world.store.forget_attempts(vec![delivery(name)]).await.unwrap();
        assert_eq!(world.store.count_attempt(delivery(name)).await.unwrap(), 1);
        world.store.forget_attempts(vec![delivery(name)]).await.unwrap();
    })
}

fn park<'a>(world: &'a World, name: &'a str) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        let parked = ParkedDelivery {
            key: delivery(name),
            kind: "TenderAccepted".to_owned(),
            partition_key: name.to_owned(),
            headers: Vec::new(),
            body: name.as_bytes().to_vec(),
            error: "it does not fit".to_owned(),
            attempts: 1,
        };
        world.store.park_delivery(parked).await.unwrap();
    })
}

fn parked<'a>(world: &'a World, name: &'a str) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        park(world, name).await;
        let parked = world.store.parked_of("test".to_owned(), name.to_owned()).await.unwrap();
        assert_eq!(parked.len(), 1, "{name}");
        assert_eq!(parked[0].delivery.body, name.as_bytes());
    })
}

fn remove<'a>(world: &'a World, name: &'a str) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        assert!(world.store.is_waiting("test".to_owned(), name.to_owned()).await.unwrap());
        let parked = world.store.parked_of("test".to_owned(), name.to_owned()).await.unwrap();
        world.store.parked_deliveries(parked[0].number - 1, 1).await.unwrap();
        assert!(world.store.remove_delivery(parked[0].number).await.unwrap());
    })
}

fn removed<'a>(world: &'a World, name: &'a str) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        for stored in world.store.parked_of("test".to_owned(), name.to_owned()).await.unwrap() {
            world.store.remove_delivery(stored.number).await.unwrap();
        }
        assert!(!world.store.is_waiting("test".to_owned(), name.to_owned()).await.unwrap());
    })
}
