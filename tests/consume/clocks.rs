//! Clocks that are set by an hour while everything goes on.

use std::sync::Arc;
use std::time::Duration;

use cohesive::node::{IdempotencyKey, NodeOptions, Outcome, Request};
use cohesive::port::Ports;
use cohesive::store::inbox::Inbox as _;
use cohesive::store::memory::MemoryStore;

use crate::broker::Said;
use crate::domain::{ChangeOrder, OrderId, PlaceOrder};
use crate::support::StoppedClock;
use crate::{Depot, Shop, messages};

const ORDERS: usize = 40;
const CHANGES: u32 = 5;

/// The choices of a seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// A shop and a depot, and a clock for each that is set by an hour forward or back before whatever happens.
struct Scene {
    clocks: [Arc<StoppedClock>; 2],
    shop: Shop,
    depot: Depot,
    random: Random,
    jumps: usize,
    forgotten: u64,
}

impl Scene {
    fn new(inbox_retention: Duration) -> Self {
        let clocks = [(); 2].map(|()| StoppedClock::at("2026-01-01T00:00:00Z"));
        let [shop, depot] = clocks.each_ref().map(|clock| Ports { clock: clock.clone(), ..Ports::system() });
        let store = MemoryStore::new().on_clock(clocks[1].clone());
        let options = NodeOptions { inbox_retention, ..NodeOptions::default() };
        let depot = Depot::with(store.clone(), Arc::new(store), &depot, options);
        Self { clocks, shop: Shop::on(shop), depot, random: Random(20_261_122), jumps: 0, forgotten: 0 }
    }

    /// Sets both clocks, and has both nodes forget whatever is over by them.
    async fn set(&mut self) {
        for clock in &self.clocks {
            clock.jump([-3600, 3600, 1][usize::try_from(self.random.below(3)).unwrap()]);
            self.jumps += 1;
        }
        self.shop.0.prune_receipts().await.unwrap();
        self.forgotten += self.depot.node.prune_receipts().await.unwrap();
    }

    /// Places or changes an order by a request with a key, twice. The repeat changes nothing.
    async fn order(&mut self, id: &str, change: u32) {
        let key = |name: String| IdempotencyKey::new("tester", &name).ok();
        for repeat in [false, true] {
            self.set().await;
            let request = Request { key: key(format!("{id}-{change}")), ..Request::default() };
            let is_replayed = if change == 0 {
                let input = PlaceOrder { id: id.parse().unwrap(), pieces: 1 };
                matches!(self.shop.0.create(input, request).await.unwrap(), Outcome::Replayed(_))
            } else {
                let (id, input) = (id.parse::<OrderId>().unwrap(), ChangeOrder { pieces: 1 + change });
                matches!(self.shop.0.update(&id, input, request).await.unwrap(), Outcome::Replayed(_))
            };
            assert_eq!(is_replayed, repeat, "{id}, {change}");
        }
    }

    /// Goes through everything, and delivers each message three times.
    async fn run(&mut self) {
        for change in 0..=CHANGES {
            for number in 0..ORDERS {
                let id = format!("o-{number}");
                self.order(&id, change).await;
                let said = messages(&self.shop.0, "Order", &id).await;
                let last = cohesive::envelope::Envelope::of(said.last().unwrap(), "/shop");
                assert_eq!(said.len(), usize::try_from(change).unwrap() + 1, "{id}");
                for _ in 0..3 {
                    self.set().await;
                    let delivered = self.depot.broker.redeliver(&last);
                    assert_eq!(self.depot.broker.answer(delivered).await, Said::Accepted);
                }
            }
        }
    }
}

/// F30: clocks that are set neither repeat nor lose anything, nor disturb an order.
#[tokio::test(start_paused = true)]
async fn f30_clocks_that_are_set_repeat_and_lose_nothing() {
    let mut scene = Scene::new(NodeOptions::default().inbox_retention);
    scene.run().await;
    for number in 0..ORDERS {
        let id = format!("o-{number}");
        let parcel = scene.depot.parcel(&id).await.unwrap();
        assert_eq!((parcel.pieces, parcel.repacked), (1 + CHANGES, CHANGES), "{id}");
        let caused = messages(&scene.depot.node, "Parcel", &id).await;
        let versions: Vec<_> = caused.iter().map(|message| message.version.number()).collect();
        assert_eq!(versions, (0..=u64::from(CHANGES)).collect::<Vec<_>>(), "{id}");
    }
    let metrics = scene.depot.consumer.metrics();
    println!(
        "{} jumps of the clocks: {} applied, {} repeated, {} parked, {} receipts forgotten",
        scene.jumps, metrics.applied, metrics.repeated, metrics.parked, scene.forgotten
    );
    // A placing is followed by two transitions.
    let each = ORDERS as u64 * (u64::from(CHANGES) + 2);
    assert_eq!((metrics.applied, metrics.repeated, metrics.parked), (each, 2 * each, 0));
    assert_eq!(scene.forgotten, 0);
}

/// F16, F30: where an inbox remembers for hardly longer than clocks are set by, messages are left to an operator, and still
/// none is applied twice.
#[tokio::test(start_paused = true)]
async fn f30_an_inbox_that_is_made_to_forget_applies_nothing_twice() {
    let mut scene = Scene::new(Duration::from_mins(61));
    scene.run().await;
    let mut twice = 0;
    for number in 0..ORDERS {
        let led_to = messages(&scene.depot.node, "Parcel", &format!("o-{number}")).await;
        let mut causes: Vec<_> = led_to.iter().map(|message| message.causation.clone()).collect();
        causes.sort();
        causes.dedup();
        twice += led_to.len() - causes.len();
    }
    let parked = scene.depot.store.inbox_stats().await.unwrap().parked;
    println!(
        "{} jumps of the clocks: {} receipts forgotten, {parked} deliveries parked, {twice} applied twice",
        scene.jumps, scene.forgotten
    );
    assert!(scene.forgotten > 0 && parked > 0, "it never forgot anything");
    assert_eq!(twice, 0);
}
