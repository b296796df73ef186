//! Lanes: where a message lies, and who may publish from there. One rule for every store.

use std::time::Duration;

use cohesive_core::value::Timestamp;

use super::{Acquire, Lease};

/// The number of a lane. Those of the events are below [`LANES`], those of the requests follow them.
pub type Lane = u8;

/// How many lanes a stream has. More relays than lanes would have nothing to do, so the number never has to change.
pub const LANES: Lane = 64;

/// The lane of an entity among those of a stream, from 0 on; [`Stream::lane`](super::Stream::lane) has its number.
/// The rule must never change: messages would change their lanes while they are pending.
///
/// It is FNV-1a over both names with their lengths, stirred so that the upper bits depend on every byte.
#[must_use]
pub fn lane(entity: &str, id: &str) -> Lane {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in [entity.as_bytes(), id.as_bytes()] {
        let length = (part.len() as u64).to_be_bytes();
        for byte in length.iter().chain(part) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(PRIME);
        }
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    // Six bits are 64 lanes.
    (hash >> 58) as Lane
}

/// How many lanes are one relay's share.
#[must_use]
pub fn share(relays: usize) -> usize {
    usize::from(LANES).div_ceil(relays.max(1))
}

/// A lane as a store keeps it. The default is a lane that never had an owner.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct LaneRow {
    pub(crate) owner: Option<String>,
    pub(crate) token: u64,
    /// When the lease was taken or extended.
    pub(crate) since: Timestamp,
    /// When it is over.
    pub(crate) until: Timestamp,
}

impl LaneRow {
    /// Whether the owner has lost the lane to whoever asks.
    fn is_over(&self, now: Timestamp) -> bool {
        is_over(self.since, self.until, now)
    }
}

/// How far a span may begin in the future before it counts as one from a clock that was set back. Clocks are read a
/// moment before their transactions take effect.
pub(crate) const SLACK: Duration = Duration::from_secs(1);

/// Whether a span is over, or comes from a clock that was set back.
pub(crate) fn is_over(since: Timestamp, until: Timestamp, now: Timestamp) -> bool {
    until <= now || since > now.saturating_add(SLACK)
}

/// What an [`Acquire`] comes to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Leases to extend.
    pub(crate) extended: Vec<Lease>,
    /// Lanes to take, with their new tokens.
    pub(crate) taken: Vec<Lease>,
    /// Leases that last long enough.
    pub(crate) kept: Vec<Lease>,
    /// How long the shortest lease lasts then.
    pub(crate) left: Duration,
}

impl Plan {
    /// Every lease of the relay, by lane.
    pub(crate) fn held(&self) -> Vec<Lease> {
        let mut held: Vec<Lease> =
            self.extended.iter().chain(&self.taken).chain(&self.kept).copied().collect();
        held.sort_unstable();
        held
    }
}

/// Decides on the lanes of the request's stream, which are given in the order of their numbers.
pub(crate) fn plan(lanes: &[LaneRow], request: &Acquire, relays: usize, now: Timestamp) -> Plan {
    let mut plan = Plan::default();
    let mut free = Vec::new();
    let mut left = request.lease;
    for (lane, row) in request.stream.lanes().zip(lanes) {
        let lease = Lease { lane, token: row.token };
        let ours = row.owner.as_deref() == Some(&*request.owner);
        if ours && request.held.contains(&lease) {
            let rest = between(now, row.until);
            if row.is_over(now) || rest < request.lease * 2 / 3 {
                plan.extended.push(lease);
            } else {
                left = left.min(rest);
                plan.kept.push(lease);
            }
        } else if ours || row.owner.is_none() || row.is_over(now) {
            free.push(Lease { lane, token: row.token + 1 });
        }
    }
    let held = plan.extended.len() + plan.kept.len();
    plan.taken = free.into_iter().take(share(relays).saturating_sub(held)).collect();
    if held + plan.taken.len() > 0 {
        plan.left = left;
    }
    plan
}

/// A message that waits to be claimed alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Suspect {
    pub(crate) attempts: u32,
    pub(crate) position: u64,
    pub(crate) lease: Lease,
    /// Whether it is under way.
    pub(crate) claimed: bool,
}

/// What a claim gives with regard to messages that wait to be claimed alone.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Alone {
    /// There are none: whatever else is pending.
    Nobody,
    /// Nothing: one is under way, or the relay has something else in hand.
    Later,
    /// This message and nothing else.
    One(Lease, u64),
}

/// Decides on the messages that wait to be claimed alone: first the one with the fewest attempts, which is most
/// likely to be the neighbour of one that ends the process.
pub(crate) fn alone(suspects: &[Suspect], busy: bool) -> Alone {
    match suspects.iter().min() {
        None => Alone::Nobody,
        Some(_) if busy || suspects.iter().any(|suspect| suspect.claimed) => Alone::Later,
        Some(first) => Alone::One(first.lease, first.position),
    }
}

/// The time from one instant to a later one; zero if it is not later.
pub(crate) fn between(from: Timestamp, to: Timestamp) -> Duration {
    Duration::from_micros(u64::try_from(to.as_micros().saturating_sub(from.as_micros())).unwrap_or(0))
}

/// The instant this long before.
pub(crate) fn before(now: Timestamp, span: Duration) -> Timestamp {
    let span = i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
    Timestamp::from_micros(now.as_micros().saturating_sub(span)).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::outbox::Stream;

    /// Pending messages lie where this put them, so it is pinned for ever.
    #[test]
    fn f32_lanes_never_change() {
        let lanes =
            [("Tender", "t-1"), ("Tender", "t-2"), ("Fine", "t-1"), ("", ""), ("a", "bc"), ("ab", "c")]
                .map(|(entity, id)| lane(entity, id));
        assert_eq!(lanes, [25, 59, 2, 41, 21, 51]);
    }

    #[test]
    fn lanes_are_filled_evenly() {
        let mut filled = [0_u32; LANES as usize];
        for number in 0..64_000 {
            filled[usize::from(lane("Tender", &number.to_string()))] += 1;
        }
        assert!(filled.iter().all(|count| (850..1150).contains(count)), "{filled:?}");
    }

    #[test]
    fn shares_cover_all_lanes() {
        for relays in 0..200 {
            assert!(share(relays) * relays.max(1) >= usize::from(LANES));
            assert!(share(relays) >= 1);
        }
        assert_eq!([share(1), share(2), share(3), share(64)], [64, 32, 22, 1]);
    }

    #[test]
    fn f30_a_clock_that_was_set_back_frees_lanes() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000).unwrap();
        let lease = Duration::from_secs(30);
        let row =
            |since, until| LaneRow { owner: Some("a".into()), token: 7, since: at(since), until: at(until) };
        let lanes = [row(0, 30), row(100, 130), row(90, 120)];
        let request = Acquire { owner: "b".into(), stream: Stream::Events, held: Vec::new(), lease };
        // Less than the slack: it may just have been a moment earlier.
        assert!(plan(&[row(1, 31)], &request, 2, at(0)).taken.is_empty());
        let taken = |now| {
            plan(&lanes, &request, 2, at(now)).taken.iter().map(|l| (l.lane, l.token)).collect::<Vec<_>>()
        };
        assert_eq!(taken(100), [(0, 8)]);
        assert_eq!(taken(95), [(0, 8), (1, 8)]);
        assert_eq!(taken(200), [(0, 8), (1, 8), (2, 8)]);
        let held = vec![Lease { lane: 0, token: 7 }];
        let own = Acquire { owner: "a".into(), stream: Stream::Events, held, lease };
        // What is known is extended though it is over; what is not known is taken anew.
        let plan = plan(&lanes, &own, 1, at(100));
        assert_eq!(plan.extended, [Lease { lane: 0, token: 7 }]);
        assert_eq!(plan.taken, [Lease { lane: 1, token: 8 }, Lease { lane: 2, token: 8 }]);
        assert_eq!(plan.left, lease);
    }
}
