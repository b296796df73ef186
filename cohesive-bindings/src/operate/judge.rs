//! What is concluded from what was seen, from probe to probe.

use std::time::Duration;

use tokio::time::Instant;

use crate::consumer::ConsumerMetrics;
use crate::node::Activity;
use crate::relay::RelayMetrics;

/// Whether the loop of a node is there and has not been in one decision since it was seen in it long ago.
pub(super) fn decides(
    seen: &mut Option<(u64, Instant)>,
    activity: Activity,
    now: Instant,
    patience: Duration,
) -> Result<(), String> {
    match activity {
        Activity::Waiting => Ok(()),
        Activity::Ended => Err("its loop has ended".to_owned()),
        Activity::Deciding(turn) => {
            let lasted = now - since(seen, turn, now);
            let stuck = || format!("its loop has been in one decision for {} s", lasted.as_secs());
            if lasted < patience { Ok(()) } else { Err(stuck()) }
        }
    }
}

/// What was seen of a relay.
#[derive(Default)]
pub(super) struct Watch {
    rounds: Option<(u64, Instant)>,
    failing: Option<(u64, Instant)>,
}

impl Watch {
    pub(super) fn judge(
        &mut self,
        metrics: &RelayMetrics,
        now: Instant,
        patience: Duration,
    ) -> Result<(), String> {
        let turned = since(&mut self.rounds, metrics.rounds, now);
        // One entity alone may have a message that this broker never takes.
        let failed = if metrics.failing > 1 {
            since(&mut self.failing, metrics.published, now)
        } else {
            self.failing = None;
            now
        };
        if now - turned >= patience {
            return Err(format!("its loop has not turned for {} s", (now - turned).as_secs()));
        }
        if now - failed >= patience {
            let (entities, seconds) = (metrics.failing, (now - failed).as_secs());
            return Err(format!(
                "nothing was acknowledged for {seconds} s, and {entities} entities wait for another attempt"
            ));
        }
        Ok(())
    }
}

/// Since when a number has been the same, as far as it was seen.
fn since(seen: &mut Option<(u64, Instant)>, number: u64, now: Instant) -> Instant {
    match seen {
        Some((same, since)) if *same == number => *since,
        _ => seen.insert((number, now)).1,
    }
}

/// What was seen of a consumer.
#[derive(Default)]
pub(super) struct Reception {
    received: u64,
    failures: u64,
    /// Since when calls have failed, and when one was last seen to.
    failing: Option<(Instant, Instant)>,
}

impl Reception {
    pub(super) fn judge(
        &mut self,
        metrics: &ConsumerMetrics,
        now: Instant,
        patience: Duration,
    ) -> Result<(), String> {
        let received = std::mem::replace(&mut self.received, metrics.received) != metrics.received;
        let failed =
            std::mem::replace(&mut self.failures, metrics.receive_failures) != metrics.receive_failures;
        // A call that waits tells nothing. It does when it has waited for longer than failures are apart.
        let quiet = |(_, last): &mut (Instant, Instant)| received || now - *last > patience * 2;
        self.failing.take_if(quiet);
        if failed && !received {
            self.failing.get_or_insert((now, now)).1 = now;
        }
        match self.failing {
            Some((since, _)) if now - since >= patience => {
                Err(format!("nothing could be received for {} s", (now - since).as_secs()))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relay_that_stands_still_or_fails_everywhere_is_not_ready_until_it_succeeds() {
        let (mut watch, patience) = (Watch::default(), Duration::from_secs(30));
        let begin = Instant::now();
        let mut rounds = 0;
        let mut judge = |second: u64, published: u64, failing: u64, turns: u64| {
            rounds += turns;
            let metrics = RelayMetrics { rounds, failing, published, ..RelayMetrics::default() };
            watch.judge(&metrics, begin + Duration::from_secs(second), patience)
        };
        // One message that is not taken is no reason, for however long.
        assert_eq!(judge(0, 5, 1, 1), Ok(()));
        assert_eq!(judge(100, 5, 1, 1), Ok(()));
        // Several without a success are, after a while.
        assert_eq!(judge(110, 5, 2, 1), Ok(()));
        assert_eq!(judge(139, 5, 3, 1), Ok(()));
        let reason = judge(140, 5, 7, 1).unwrap_err();
        assert_eq!(reason, "nothing was acknowledged for 30 s, and 7 entities wait for another attempt");
        // A success ends it, also one that was followed by failures before anybody looked.
        assert_eq!(judge(141, 6, 2, 1), Ok(()));
        assert!(judge(171, 6, 2, 1).is_err());
        assert_eq!(judge(172, 7, 0, 1), Ok(()));
        // A loop that does not turn.
        assert_eq!(judge(201, 7, 0, 0), Ok(()));
        assert_eq!(judge(202, 7, 0, 0).unwrap_err(), "its loop has not turned for 30 s");
        assert_eq!(judge(203, 7, 0, 1), Ok(()));
    }

    #[test]
    fn a_node_is_stuck_when_it_is_seen_in_the_same_decision_for_long() {
        let (mut seen, patience, begin) = (None, Duration::from_secs(30), Instant::now());
        let mut decided = |second: u64, activity| {
            decides(&mut seen, activity, begin + Duration::from_secs(second), patience)
        };
        assert_eq!(decided(0, Activity::Deciding(1)), Ok(()));
        assert_eq!(decided(29, Activity::Deciding(1)), Ok(()));
        assert!(decided(30, Activity::Deciding(1)).is_err());
        // Busy all the time is not stuck, and neither is waiting for a store for an hour.
        assert_eq!(decided(31, Activity::Deciding(3)), Ok(()));
        assert_eq!(decided(4000, Activity::Waiting), Ok(()));
        assert_eq!(decided(4001, Activity::Deciding(5)), Ok(()));
        assert!(decided(4002, Activity::Ended).is_err());
    }

    #[test]
    fn a_consumer_that_fails_for_long_is_not_ready_until_it_receives_or_fails_no_more() {
        let (mut reception, patience, begin) =
            (Reception::default(), Duration::from_secs(30), Instant::now());
        let mut judge = |second: u64, received: u64, receive_failures: u64| {
            let metrics = ConsumerMetrics { received, receive_failures, ..ConsumerMetrics::default() };
            reception.judge(&metrics, begin + Duration::from_secs(second), patience)
        };
        assert_eq!(judge(0, 0, 0), Ok(()), "nothing to receive is nothing wrong");
        assert_eq!(judge(100, 0, 1), Ok(()));
        assert_eq!(judge(129, 0, 2), Ok(()));
        assert_eq!(judge(130, 0, 2).unwrap_err(), "nothing could be received for 30 s");
        assert!(judge(160, 0, 3).is_err());
        assert_eq!(judge(161, 1, 4), Ok(()), "something was received");
        assert_eq!(judge(162, 1, 5), Ok(()));
        assert!(judge(192, 1, 6).is_err());
        assert!(judge(252, 1, 6).is_err(), "the next call may still fail");
        assert_eq!(judge(253, 1, 6), Ok(()), "it waits, and does not fail");
    }
}
