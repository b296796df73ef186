//! A122, A124: what operators type about what arrived, on both stores.

use std::sync::{Arc, Mutex};

use cohesive::Version;
use cohesive::node::{IdempotencyKey, Request};
use cohesive::operate::Exit;
use cohesive::store::inbox::{DeliveryKey, ParkedDelivery};
use serde_json::json;

use crate::commands::{Desk, desks, run};
use crate::parcel::{PackParcel, WeighParcel, id};

async fn park(desk: &Desk, id: &str, key: &str, body: &[u8]) {
    let delivery = ParkedDelivery {
        key: DeliveryKey {
            consumer: "parcel.send".to_owned(),
            source: "/shop".to_owned(),
            id: id.to_owned(),
        },
        kind: "OrderPaid".to_owned(),
        partition_key: key.to_owned(),
        headers: vec![("ce-id".to_owned(), id.to_owned())],
        body: body.to_owned(),
        error: "parcel.send.wrong_state: not now".to_owned(),
        attempts: 8,
    };
    desk.store.park_delivery(delivery).await.unwrap();
}

async fn left(desk: &Desk) -> Vec<u64> {
    desk.store.parked_deliveries(0, 100).await.unwrap().into_iter().map(|stored| stored.number).collect()
}

/// Two of one key, and one of another.
async fn parked(desk: &Desk) {
    park(desk, "m-1", "order:1", b"{\"n\":1}").await;
    park(desk, "m-2", "order:1", &[0xff, 0]).await;
    park(desk, "m-3", "order:2", b"{}").await;
}

#[tokio::test]
async fn deliveries_are_listed_and_shown_whole() {
    for desk in desks() {
        assert_eq!(desk.run("parked list").await.out, "nothing is parked\n");
        parked(&desk).await;
        desk.clock.move_to("2026-03-01T12:10:00Z");
        let listed = desk.run("parked list --limit 2").await;
        let expected = "\
number  consumer     event      key      tried  parked at                          error
     1  parcel.send  OrderPaid  order:1      8  2026-03-01T12:00:00Z (10 min ago)  parcel.send.wrong_state: not now
     2  parcel.send  OrderPaid  order:1      8  2026-03-01T12:00:00Z (10 min ago)  parcel.send.wrong_state: not now
there are more than these 2; `--limit` shows more
";
        assert_eq!((&*listed.out, listed.exit), (expected, Exit::Done));
        let items = desk.run("parked list --json").await.json();
        assert_eq!((items["items"].as_array().unwrap().len(), &items["more"]), (3, &json!(false)));
        let item = json!({
            "number": 3, "consumer": "parcel.send", "source": "/shop", "id": "m-3", "kind": "OrderPaid",
            "key": "order:2", "attempts": 8, "parked_at": "2026-03-01T12:00:00Z",
            "error": "parcel.send.wrong_state: not now",
        });
        assert_eq!(items["items"][2], item);
        let shown = desk.run("parked show 1").await;
        assert!(shown.out.contains("header     ce-id: m-1\nbody       {\"n\":1}\n"), "{}", shown.out);
        let bytes = desk.run("parked show 2 --json").await.json();
        assert_eq!((&bytes["body_base64"], &bytes["headers"]), (&json!("/wA="), &json!([["ce-id", "m-2"]])));
        for words in ["parked show 4", "parked show 0", "parked drop 4"] {
            let missing = desk.run(words).await;
            assert_eq!(missing.exit, Exit::Nothing, "{words}");
            assert!(missing.err.contains(": no delivery is parked by this number\n"), "{}", missing.err);
        }
    }
}

#[tokio::test]
async fn deliveries_are_handled_again_in_the_order_of_their_key() {
    for desk in desks() {
        parked(&desk).await;
        let nobody = desk.run("parked retry 1").await;
        assert_eq!(
            (&*nobody.err, nobody.exit),
            ("error: 1: nothing here handles deliveries\n", Exit::Unsuccessful)
        );
        let (handled, refuses) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new("m-1")));
        let shared = (Arc::clone(&handled), Arc::clone(&refuses));
        let operations = desk.operations().redeliver(move |stored| {
            let (handled, refuses) = shared.clone();
            async move {
                let id = stored.delivery.key.id;
                if id == *refuses.lock().unwrap() {
                    return Err("still not".to_owned());
                }
                handled.lock().unwrap().push(id);
                Ok(())
            }
        });
        let overtaking = run(&operations, "parked retry 2").await;
        let told = "error: 2: 1 has the same key and comes first\n";
        assert_eq!((&*overtaking.err, overtaking.exit), (told, Exit::Unsuccessful));
        // The key that still fails keeps its order, and the other one goes through.
        let all = run(&operations, "parked retry --all").await;
        assert_eq!(all.out, "3: OrderPaid for parcel.send is handled; nothing is parked behind it\n");
        assert_eq!(all.err, "error: 1: still not\nerror: 2: 1 has the same key and comes first\n");
        assert_eq!((all.exit, left(&desk).await), (Exit::Unsuccessful, vec![1, 2]));
        *refuses.lock().unwrap() = "none";
        let rest = run(&operations, "parked retry 2 1 7 --json").await;
        let document = rest.json();
        assert_eq!(
            (&document["items"][0]["number"], &document["items"][0]["followers"]),
            (&json!(1), &json!([2]))
        );
        assert_eq!((&document["items"][1]["number"], &document["missing"]), (&json!(2), &json!([7])));
        assert_eq!((rest.exit, left(&desk).await), (Exit::Nothing, vec![]));
        assert_eq!(*handled.lock().unwrap(), ["m-3", "m-1", "m-2"]);
    }
}

#[tokio::test]
async fn deliveries_are_given_up_one_by_one_or_all_when_confirmed() {
    for desk in desks() {
        parked(&desk).await;
        let refused = desk.run("parked drop --all").await;
        assert_eq!((refused.exit, left(&desk).await.len()), (Exit::Usage, 3));
        let dropped = desk.run("parked drop 1").await;
        let told = "1: OrderPaid for parcel.send is given up; 1 delivery is parked behind it\n";
        assert_eq!((&*dropped.out, dropped.exit, left(&desk).await), (told, Exit::Done, vec![2, 3]));
        let all = desk.run("parked drop --all --yes").await;
        assert_eq!((all.exit, left(&desk).await), (Exit::Done, vec![]));
    }
}

#[tokio::test]
async fn inputs_that_wait_for_somebody_are_listed() {
    for desk in desks() {
        assert_eq!(desk.run("parked inputs").await.out, "no inputs are kept\n");
        let packed = PackParcel { id: id("P-1"), weight: 1 };
        let _ = desk.node.create(packed, Request::default()).await.unwrap();
        for weight in [2, 3] {
            let actor = Some("u-1".parse().unwrap());
            let request = Request { expected: Some(Version::INITIAL), actor, ..Request::default() };
            let _ = desk.node.update(&id("P-1"), WeighParcel { weight }, request).await.unwrap();
        }
        let listed = desk.run("parked inputs").await;
        let expected = "\
number  entity      transition  seen  actual  actor  kept at                     input
     1  Parcel P-1  weigh          0       1  u-1    2026-03-01T12:00:00Z (now)  {\"weight\":3}
";
        assert_eq!((&*listed.out, listed.exit), (expected, Exit::Done));
        let item = &desk.run("parked inputs --json").await.json()["items"][0];
        assert_eq!(
            (&item["input"], &item["expected"], &item["actual"]),
            (&json!({ "weight": 3 }), &json!(0), &json!(1))
        );
    }
}

#[tokio::test]
async fn what_is_remembered_is_counted_and_forgotten_in_time() {
    for desk in desks() {
        let key = IdempotencyKey::new("tester", "k").ok();
        let packed = PackParcel { id: id("P-1"), weight: 1 };
        let _ = desk.node.create(packed, Request { key, ..Request::default() }).await.unwrap();
        parked(&desk).await;
        let status = desk.run("inbox status --json").await.json();
        assert_eq!(status, json!({ "receipts": 0, "attempts": 0, "parked": 3 }));
        assert_eq!(
            desk.run("inbox status").await.out,
            "0 messages are known one by one\n0 deliveries are being tried\n3 deliveries wait for an operator\n"
        );
        desk.clock.move_to("2026-03-02T11:59:59Z");
        assert_eq!(desk.run("inbox prune").await.out, "0 receipts are forgotten\n");
        desk.clock.move_to("2026-03-02T12:00:00Z");
        let pruned = desk.run("inbox prune --json").await;
        assert_eq!((pruned.json(), pruned.exit), (json!({ "removed": 1 }), Exit::Done));
    }
}
