//! How long to wait before trying again.

use std::time::Duration;

/// How long to wait after failures: twice as long at most after each, with full jitter above the least (R21).
#[derive(Debug)]
pub(crate) struct Backoff {
    first: Duration,
    longest: Duration,
    state: u64,
}

impl Backoff {
    /// Waits from `first` to `longest`. `name` is that of whoever waits: those who share a seed must not wait in step.
    pub(crate) fn new(first: Duration, longest: Duration, seed: u64, name: &str) -> Self {
        let state = name.bytes().fold(seed, |state, byte| mix(state ^ u64::from(byte)));
        Self { first, longest, state }
    }

    /// How long to wait after this many attempts, where the other side asks to be left alone for `asked`. Nobody can ask
    /// for more than the longest wait.
    pub(crate) fn wait_as_asked(&mut self, attempts: u32, asked: Option<Duration>) -> Duration {
        let wait = self.wait(attempts);
        asked.map_or(wait, |asked| wait.max(asked.min(self.longest)))
    }

    /// How long to wait after this many attempts.
    pub(crate) fn wait(&mut self, attempts: u32) -> Duration {
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1).min(31)));
        let span = doubled.min(self.longest).saturating_sub(self.first);
        self.state = mix(self.state);
        // The upper 32 bits as a fraction of the span.
        let fraction = f64::from((self.state >> 32) as u32) / f64::from(u32::MAX);
        (self.first + span.mul_f64(fraction)).min(self.longest.max(self.first))
    }
}

/// `SplitMix64`.
const fn mix(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    // B25, R21
    #[test]
    fn waits_grow_to_a_ceiling_and_never_vanish() {
        let (first, longest) = (Duration::from_millis(10), Duration::from_secs(1));
        let mut backoff = Backoff::new(first, longest, 0, "one");
        let mut most = [Duration::ZERO; 40];
        for _ in 0..500 {
            for (attempts, most) in (1..).zip(&mut most) {
                let wait = backoff.wait(attempts);
                assert!(wait >= first && wait <= longest, "{attempts}: {wait:?}");
                *most = wait.max(*most);
            }
        }
        assert_eq!(most[0], first);
        assert!(most[1] > Duration::from_millis(18) && most[1] <= Duration::from_millis(20), "{most:?}");
        assert!(most[39] > Duration::from_millis(980), "{most:?}");
        // The same seed gives the same waits, and another relay has its own.
        let waits = |owner| {
            let mut backoff = Backoff::new(first, longest, 0, owner);
            (0..8).map(|_| backoff.wait(9)).collect::<Vec<_>>()
        };
        assert_eq!(waits("one"), waits("one"));
        assert_ne!(waits("one"), waits("two"));
    }

    // R21
    #[test]
    fn who_asks_to_be_left_alone_is_within_the_ceiling() {
        let (first, longest) = (Duration::from_millis(10), Duration::from_secs(1));
        let mut backoff = Backoff::new(first, longest, 0, "one");
        let mut wait = |asked| backoff.wait_as_asked(1, asked);
        assert_eq!((wait(None), wait(Some(Duration::ZERO))), (first, first));
        assert_eq!(wait(Some(Duration::from_millis(500))), Duration::from_millis(500));
        assert_eq!(wait(Some(Duration::MAX)), longest);
    }
}
