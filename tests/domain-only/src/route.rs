//! The way that parcels take.

use alloc::string::String;
use alloc::vec::Vec;

use cohesive::prelude::*;

/// The number of a route.
#[derive(Id)]
pub struct RouteId(i64);

/// A town on the way.
#[derive(Value)]
pub struct Stop {
    /// Its place on the way.
    #[id]
    pub place: u32,
    /// Its name.
    #[wire = "town"]
    #[field(length(1..=40))]
    pub name: String,
    /// How long it takes from the stop before.
    pub minutes: i32,
}

/// The way that parcels take, without states of its own.
#[entity(name = "Tour", table = "tour", plural = "tours")]
pub struct Route {
    /// The number.
    #[id]
    pub id: RouteId,
    /// The towns, in order.
    #[field(length(..=9))]
    pub stops: Vec<Stop>,
    /// The newest news of it.
    #[field(merge = max)]
    pub seen: Option<Timestamp>,
    /// Whoever drives there.
    #[field(merge = union)]
    pub drivers: BTreeSet<String>,
}

#[transitions]
impl Route {
    /// Somebody plans a route.
    #[create]
    pub fn plan(id: RouteId) -> Self {
        Self { id }
    }

    /// The route goes through another town.
    #[transition(conflict = strict)]
    pub fn extend(&mut self, stop: Stop) {
        requires!(Later: self.stops.iter().all(|known| known.place < stop.place), "it is not the last town");
        self.stops.push(stop);
    }

    /// The route goes through a town no more.
    #[transition(conflict = at_head)]
    pub fn skip(&mut self, place: u32) {
        self.stops.remove_by_id(place);
    }

    /// A driver was seen.
    #[transition]
    pub fn see(&mut self, at: Timestamp, drivers: BTreeSet<String>) {
        self.seen.merge(Some(at));
        self.drivers.merge(drivers);
    }

    /// How long it takes in all.
    #[native(reads(stops))]
    fn minutes(&self) -> i32 {
        self.stops.iter().fold(0, |sum, stop| i32::saturating_add(sum, stop.minutes))
    }

    /// A route takes a day at most.
    #[invariant]
    fn a_day_at_most(&self) -> bool {
        self.minutes() <= 24 * 60
    }
}
