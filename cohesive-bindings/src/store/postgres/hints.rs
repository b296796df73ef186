//! From where on to look for pending messages.
//!
//! What was published leaves dead entries at the low end of the index until the server has cleaned up, which a long
//! transaction anywhere in the cluster puts off. Walking over them on every claim takes longer and longer (F33). So a
//! claim begins at the position that those of some seconds ago had reached.
//!
//! This only spares the server some work. It is no cursor: a lower position may become visible later (F1), and a
//! message may become free again. What this store knows of, it goes back for at once; for the rest, claims look from
//! the start now and then. What an operator frees in another process counts in the lane's row, and a claim that finds
//! another count than the last one looks from the start: an entity's messages are not passed over by those behind them.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::store::outbox::{LANES, Lane, Stream};

/// How long a claim goes on to begin where the one before it began: transactions that take no longer than this lose
/// no time. Twice as long at the most.
const STEP: Duration = Duration::from_secs(2);
/// How often to look from the start at the most.
const FULL_EVERY: Duration = Duration::from_secs(2);
/// A look from the start is followed by this many times as long without one.
const REST: u32 = 20;

/// The hints of one store.
pub(super) struct Hints(Mutex<State>);

struct State {
    lanes: Vec<Hint>,
    /// When the next step is due.
    step_at: Instant,
    /// When to look from the start next.
    full_at: Instant,
}

/// Positions of one lane, ascending.
#[derive(Clone, Copy, Default)]
struct Hint {
    /// From where on claims look.
    from: u64,
    /// What had been reached at the last step.
    before: u64,
    /// What has been reached.
    reached: u64,
    /// The count of the lane's row under which all of that holds.
    changed: i64,
}

impl Hint {
    /// Looks from here on again.
    fn lower(&mut self, position: u64) {
        for place in [&mut self.from, &mut self.before, &mut self.reached] {
            *place = (*place).min(position);
        }
    }
}

/// One claim.
pub(super) struct Search {
    began: Instant,
    full: bool,
}

impl Hints {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        let lanes = vec![Hint::default(); Stream::ALL.len() * usize::from(LANES)];
        Self(Mutex::new(State { lanes, step_at: now + STEP, full_at: now }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where a claim begins in each of these lanes, and the count under which it does.
    pub(super) fn begin(&self, lanes: impl Iterator<Item = Lane>, now: Instant) -> (Search, Vec<(u64, i64)>) {
        let state = &mut *self.state();
        if now >= state.step_at {
            state.step_at = now + STEP;
            for hint in &mut state.lanes {
                (hint.from, hint.before) = (hint.before, hint.reached);
            }
        }
        let full = now >= state.full_at;
        let hint = |lane: Lane| state.lanes.get(usize::from(lane)).copied().unwrap_or_default();
        let from = |hint: Hint| (if full { 0 } else { hint.from }, hint.changed);
        let places = lanes.map(|lane| from(hint(lane))).collect();
        (Search { began: now, full }, places)
    }

    /// What a claim gave.
    pub(super) fn end(&self, search: &Search, found: impl Iterator<Item = (Lane, u64, i64)>, now: Instant) {
        let state = &mut *self.state();
        let mut reached = vec![0; state.lanes.len()];
        for (lane, position, changed) in found {
            if let Some(hint) = state.lanes.get_mut(usize::from(lane)).filter(|hint| hint.changed != changed)
            {
                *hint = Hint { changed, ..Hint::default() };
            }
            if let Some(reached) = reached.get_mut(usize::from(lane)) {
                *reached = position.max(*reached);
            }
        }
        for (hint, reached) in state.lanes.iter_mut().zip(reached).filter(|(_, reached)| *reached > 0) {
            if search.full && reached < hint.from {
                // There may be more of them than were asked for.
                hint.lower(reached);
            }
            hint.reached = hint.reached.max(reached);
        }
        if search.full {
            let took = now.saturating_duration_since(search.began);
            state.full_at = now + FULL_EVERY.max(took * REST);
        }
    }

    /// A message at this position, or one behind it, can be claimed again.
    pub(super) fn lower(&self, lane: Lane, position: u64) {
        if let Some(hint) = self.state().lanes.get_mut(usize::from(lane)) {
            hint.lower(position);
        }
    }

    /// Anything in this lane may be claimed again.
    pub(super) fn forget(&self, lane: Lane) {
        self.lower(lane, 0);
    }

    /// The same of all lanes.
    pub(super) fn forget_all(&self) {
        self.state().lanes.iter_mut().for_each(|hint| hint.lower(0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LANE: Lane = 7;

    /// One claim at `now`: where it began, given what it finds.
    fn claim(hints: &Hints, now: Instant, found: &[u64]) -> u64 {
        let (search, places) = hints.begin(std::iter::once(LANE), now);
        hints.end(&search, found.iter().map(|position| (LANE, *position, 0)), now);
        places[0].0
    }

    /// Hints that have come to 100, with the next look from the start far away.
    fn at_100() -> (Hints, Instant) {
        let hints = Hints::new();
        let mut now = Instant::now() + STEP;
        claim(&hints, now, &[40, 100]);
        for _ in 0..2 {
            now += STEP;
            claim(&hints, now, &[]);
        }
        hints.state().full_at = now + STEP * 9;
        (hints, now)
    }

    #[test]
    fn claims_begin_where_those_of_some_time_ago_got_to() {
        let (hints, mut now) = at_100();
        assert_eq!(claim(&hints, now, &[101, 130]), 100);
        now += STEP / 2;
        // What became visible late, but not too late, is not passed over.
        assert_eq!(claim(&hints, now, &[110]), 100);
        now += STEP;
        assert_eq!(claim(&hints, now, &[]), 100);
        now += STEP;
        assert_eq!(claim(&hints, now, &[]), 130);
    }

    #[test]
    fn f1_they_look_from_the_start_now_and_then() {
        let (hints, mut now) = at_100();
        now = hints.state().full_at.max(now);
        // Something lay below: more of it may lie behind.
        assert_eq!(claim(&hints, now, &[12]), 0);
        assert_eq!(claim(&hints, now, &[13, 14]), 12);
        assert_eq!(hints.state().full_at, now + FULL_EVERY);
        // One that takes long is followed by a long time without one.
        now += FULL_EVERY;
        let (search, _) = hints.begin(std::iter::once(LANE), now);
        now += FULL_EVERY;
        hints.end(&search, std::iter::empty(), now);
        assert_eq!(hints.state().full_at, now + FULL_EVERY * REST);
    }

    #[test]
    fn what_others_have_freed_is_looked_for_from_the_start() {
        let (hints, mut now) = at_100();
        let (search, _) = hints.begin(std::iter::once(LANE), now);
        hints.end(&search, std::iter::once((LANE, 70, 1)), now);
        now += STEP;
        assert_eq!(hints.begin(std::iter::once(LANE), now).1, [(0, 1)]);
        hints.end(&search, std::iter::once((LANE, 71, 1)), now);
        now += STEP;
        assert_eq!(hints.begin(std::iter::once(LANE), now).1, [(70, 1)]);
    }

    #[test]
    fn what_is_known_to_be_free_is_looked_for_at_once() {
        let (hints, now) = at_100();
        hints.lower(LANE + 1, 5);
        hints.lower(LANE, 200);
        assert_eq!(claim(&hints, now, &[]), 100);
        hints.lower(LANE, 60);
        assert_eq!(claim(&hints, now, &[]), 60);
        // Nor does a step pass it over.
        assert_eq!(claim(&hints, now + STEP, &[]), 60);
        hints.forget(LANE);
        assert_eq!(claim(&hints, now + STEP, &[61]), 0);
        hints.forget_all();
        assert_eq!(claim(&hints, now + STEP * 2, &[]), 0);
    }
}
