//! The two streams of an outbox.

use std::ops::Range;

use super::{LANES, Lane, lane};

/// The part of an outbox that is worked on by itself: what is parked, slow or lost in one does not hold back the
/// other, also where both are about one entity.
///
/// Each stream has [`LANES`] lanes of its own and is shared by relays of its own. Order holds within a stream: the
/// requests of an entity overtake its events, and the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stream {
    /// Events, for brokers.
    Events,
    /// Requests of effects, for their handlers.
    Requests,
}

impl Stream {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Events, Self::Requests];

    /// The stream of messages with this role, `event` or `request`.
    #[must_use]
    pub fn of_role(role: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stream| stream.role() == role)
    }

    /// The role of its messages.
    #[must_use]
    pub const fn role(self) -> &'static str {
        match self {
            Self::Events => "event",
            Self::Requests => "request",
        }
    }

    /// The lane of an entity in this stream. The rule must never change, see [`lane`].
    #[must_use]
    pub fn lane(self, entity: &str, id: &str) -> Lane {
        self.lanes().start + lane(entity, id)
    }

    /// The numbers of its lanes.
    #[must_use]
    pub const fn lanes(self) -> Range<Lane> {
        match self {
            Self::Events => 0..LANES,
            Self::Requests => LANES..2 * LANES,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pending messages lie where this put them, so it is pinned for ever.
    #[test]
    fn f32_lanes_of_streams_never_change() {
        let lanes = |stream: Stream| [stream.lane("Tender", "t-1"), stream.lane("Fine", "t-1")];
        assert_eq!((lanes(Stream::Events), lanes(Stream::Requests)), ([25, 2], [89, 66]));
    }

    #[test]
    fn streams_are_told_by_their_roles_and_share_no_lane() {
        for stream in Stream::ALL {
            assert_eq!(Stream::of_role(stream.role()), Some(stream));
            assert_eq!(stream.lanes().len(), usize::from(LANES));
        }
        assert_eq!(Stream::of_role("rumour"), None);
        assert!(Stream::Events.lanes().all(|lane| !Stream::Requests.lanes().contains(&lane)));
    }
}
