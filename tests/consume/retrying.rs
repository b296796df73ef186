//! What operators have applied again: once, and in the order of its key.

use std::sync::Arc;

use cohesive::envelope::{Envelope, HeaderText};
use cohesive::operate::{Exit, Operations};
use cohesive::store::inbox::{DeliveryKey, Inbox as _, ParkedDelivery};

use crate::{Depot, Shop, following, messages};

/// What was said, what was complained of, and the end.
async fn run(depot: &Depot, words: &str) -> (String, String, Exit) {
    let operations = Operations::new(&following(), Arc::new(depot.store.clone())).applied_by(&depot.node);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = operations.run(words.split(' '), &mut out, &mut err).await;
    (String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap(), exit)
}

async fn changes(depot: &Depot) -> (u32, u32) {
    let parcel = depot.parcel("o-1").await.unwrap();
    (parcel.pieces, parcel.repacked)
}

/// Keeps a delivery as a consumer does, in the form in which it came.
async fn park(depot: &Depot, message: &Envelope, headers: Vec<(String, String)>, body: String) {
    let delivery = ParkedDelivery {
        key: DeliveryKey {
            consumer: "parcel.repack".to_owned(),
            source: message.source.clone(),
            id: message.id.clone(),
        },
        kind: message.kind.clone(),
        partition_key: message.partition_key.clone(),
        headers,
        body: body.into_bytes(),
        error: "it did not fit".to_owned(),
        attempts: 1,
    };
    depot.store.park_delivery(delivery).await.unwrap();
}

/// F8, P08, R30: an operator has a parked delivery applied; it is once, whatever comes again, and its key goes on in order.
#[tokio::test(start_paused = true)]
async fn f8_what_is_retried_is_applied_once_and_its_key_goes_on() {
    let (shop, depot) = (Shop::new(), Depot::new());
    let said = shop.orders("o-1", 4).await;
    // The placing is late, so the first change is parked, and the second behind it.
    depot.take(&said[1..3]).await;
    let waits =
        "error: 1: not_found: there is no Parcel `o-1`\nerror: 2: 1 has the same key and comes first\n";
    assert_eq!(
        run(&depot, "parked retry --all").await,
        (String::new(), waits.to_owned(), Exit::Unsuccessful)
    );
    depot.take(&said[..1]).await;
    // What would fit now waits behind what did not.
    depot.take(&said[3..4]).await;
    assert_eq!(changes(&depot).await, (1, 0));
    let handled = "\
1: OrderChanged for parcel.repack is handled; 2 deliveries are parked behind it
2: OrderChanged for parcel.repack is handled; 1 delivery is parked behind it
3: OrderChanged for parcel.repack is handled; nothing is parked behind it
";
    assert_eq!(run(&depot, "parked retry 3 2 1").await, (handled.to_owned(), String::new(), Exit::Done));
    assert_eq!(changes(&depot).await, (4, 3));
    assert_eq!(depot.store.inbox_stats().await.unwrap().parked, 0);
    // The broker brings them again, and then what follows.
    depot.take(&said[1..]).await;
    assert_eq!(changes(&depot).await, (5, 4));
    let metrics = depot.consumer.metrics();
    assert_eq!((metrics.applied, metrics.repeated, metrics.parked), (3, 3, 3));
    // The process of the operator ended between the commit and the removal: the delivery is parked still.
    park(&depot, &said[2], said[2].headers("ce-", HeaderText::Percent), said[2].data.clone()).await;
    assert_eq!(run(&depot, "parked retry --all").await.2, Exit::Done);
    assert_eq!(changes(&depot).await, (5, 4));
    assert_eq!(depot.store.inbox_stats().await.unwrap().parked, 0);
    // A80, A81: each change was caused by its message.
    let causes: Vec<_> =
        messages(&depot.node, "Parcel", "o-1").await.into_iter().map(|message| message.causation).collect();
    assert_eq!(causes, said.iter().map(|message| Some(message.id.clone())).collect::<Vec<_>>());
}

/// How a broker writes a message: headers and body.
type Form<'a> = &'a dyn Fn(&Envelope) -> (Vec<(String, String)>, String);

/// It is read back from what was kept, whichever broker brought it.
#[tokio::test(start_paused = true)]
async fn what_is_retried_is_read_as_its_broker_wrote_it() {
    let depot = Depot::new();
    let text = |prefix: &'static str, text| {
        move |message: &Envelope| (message.headers(prefix, text), message.data.clone())
    };
    let document = |message: &Envelope| {
        let headers = vec![("Content-Type".to_owned(), "application/cloudevents+json".to_owned())];
        (headers, message.structured().unwrap())
    };
    let forms: [Form; 4] = [
        &text("ce-", HeaderText::Percent),
        &text("ce_", HeaderText::Utf8),
        &text("cloudEvents:", HeaderText::Utf8),
        &document,
    ];
    for (number, form) in forms.into_iter().enumerate() {
        // What is encoded in one form is not in another.
        let id = format!("100%25 ä-{number}");
        let said = Shop::new().orders(&id, 1).await;
        depot.take(&said[..1]).await;
        let (headers, body) = form(&said[1]);
        park(&depot, &said[1], headers, body).await;
        let (out, err, exit) = run(&depot, "parked retry --all").await;
        assert_eq!((err.as_str(), exit), ("", Exit::Done), "{out}");
        let caused = messages(&depot.node, "Parcel", &id).await.remove(1);
        assert_eq!(
            (caused.causation, caused.correlation),
            (Some(said[1].id.clone()), said[1].correlation.clone())
        );
        // The inbox knows it by the id that the broker's delivery has.
        depot.take(&said[1..]).await;
        assert_eq!(depot.parcel(&id).await.unwrap().repacked, 1);
    }
}

/// What is no event, and what nobody follows any more, stays until it is dropped.
#[tokio::test]
async fn what_cannot_be_retried_stays() {
    let (shop, depot) = (Shop::new(), Depot::new());
    let said = shop.orders("o-1", 1).await;
    let number = depot.broker.deliver_bytes(&said[0], b"{\"order_id\":");
    assert_eq!(depot.broker.answer(number).await, crate::broker::Said::Accepted);
    park(&depot, &Envelope { kind: "OrderLost".to_owned(), ..said[1].clone() }, Vec::new(), "{}".to_owned())
        .await;
    park(
        &depot,
        &Envelope { partition_key: "other".to_owned(), id: "m".to_owned(), ..said[1].clone() },
        Vec::new(),
        "{".to_owned(),
    )
    .await;
    let (out, err, exit) = run(&depot, "parked retry --all").await;
    assert_eq!((out.as_str(), exit), ("", Exit::Unsuccessful));
    let lines: Vec<_> = err.lines().collect();
    assert_eq!(
        lines[..2],
        ["error: 1: no transition here follows it", "error: 2: no transition here follows it"]
    );
    assert!(lines[2].starts_with("error: 3: the body is not JSON: "), "{err}");
    assert_eq!(depot.store.inbox_stats().await.unwrap().parked, 3);
}
