//! Random choices that are written down, so that a walk can be walked again and made shorter.
//!
//! Everything random in a walk is a number below a bound, and 0 is the simplest choice. A walk that fails is made
//! small by making the list of its numbers small, whatever they stand for (`MacIver` and Donaldson, *Test-Case
//! Reduction via Test-Case Generation*, 2020). A step that depends on the state before it shrinks along with it, which
//! strategies that are put together beforehand do not.

/// More choices than any sensible walk makes; the rest are 0, so that a walk ends.
const LIMIT: usize = 8192;

/// A source of choices that remembers them.
#[derive(Debug)]
pub(super) struct Choices {
    script: Vec<u64>,
    random: Option<Random>,
    taken: Vec<u64>,
    spans: Vec<(usize, usize)>,
}

impl Choices {
    /// New choices from a seed.
    pub(super) const fn random(seed: u64) -> Self {
        Self { script: Vec::new(), random: Some(Random(seed)), taken: Vec::new(), spans: Vec::new() }
    }

    /// Choices that were made before; the simplest ones where the script ends.
    pub(super) const fn replay(script: Vec<u64>) -> Self {
        Self { script, random: None, taken: Vec::new(), spans: Vec::new() }
    }

    /// The choices so far, and the parts of them that belong together.
    pub(super) fn into_parts(self) -> (Vec<u64>, Vec<(usize, usize)>) {
        (self.taken, self.spans)
    }

    fn take(&mut self, bound: u64, draw: impl FnOnce(&mut Random) -> u64) -> u64 {
        let place = self.taken.len();
        let number = match &mut self.random {
            _ if place >= LIMIT => 0,
            Some(random) => draw(random),
            None => self.script.get(place).copied().unwrap_or(0),
        };
        let number = number.min(bound.saturating_sub(1));
        if place < LIMIT {
            self.taken.push(number);
        }
        number
    }

    /// A number from 0 up to, and without, `bound`.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.take(bound, |random| random.next() % bound.max(1))
    }

    /// Any number of 64 bits.
    pub(super) fn any(&mut self) -> u64 {
        self.take(u64::MAX, Random::next)
    }

    /// A place in a list of this length.
    pub(super) fn index(&mut self, length: usize) -> usize {
        let bound = u64::try_from(length).unwrap_or(u64::MAX);
        usize::try_from(self.below(bound)).unwrap_or(0)
    }

    /// One of `items`; `None` where there are none.
    pub(super) fn one_of<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        if items.is_empty() { None } else { items.get(self.index(items.len())) }
    }

    /// Yes, once in `of` times.
    pub(super) fn once_in(&mut self, of: u64) -> bool {
        self.take(2, |random| u64::from(random.next().is_multiple_of(of.max(1)))) == 1
    }

    /// A place in a list of weights, taken in proportion to them.
    pub(super) fn weighted(&mut self, weights: &[u32]) -> usize {
        let bound = u64::try_from(weights.len()).unwrap_or(u64::MAX);
        let place = self.take(bound, |random| {
            let total: u64 = weights.iter().copied().map(u64::from).sum();
            let mut rest = random.next() % total.max(1);
            let place = weights.iter().position(|weight| {
                let weight = u64::from(*weight);
                let here = rest < weight;
                rest = rest.saturating_sub(weight);
                here
            });
            place.and_then(|place| u64::try_from(place).ok()).unwrap_or(0)
        });
        usize::try_from(place).unwrap_or(0)
    }

    /// What `make` chooses, as a part that can be left out as a whole.
    pub(super) fn span<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        let start = self.taken.len();
        let result = make(self);
        self.spans.push((start, self.taken.len()));
        result
    }
}

/// `SplitMix64` (Steele, Lea and Flood, *Fast splittable pseudorandom number generators*, 2014): small, fast, and the
/// same on every machine.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// A seed for the part `number` of a run with `seed`.
pub(super) fn seed_of(seed: u64, number: u64) -> u64 {
    Random(seed ^ number.wrapping_mul(0xd134_2543_de82_ef95)).next()
}

/// Makes the choices of a failing walk as short and as simple as it can.
///
/// `fails` walks again and says whether the failure is still there, with the choices that were made and the parts of
/// them that belong together.
pub(super) fn shrink(
    taken: Vec<u64>,
    spans: Vec<(usize, usize)>,
    budget: usize,
    fails: impl FnMut(Vec<u64>) -> Option<(Vec<u64>, Vec<(usize, usize)>)>,
) -> Vec<u64> {
    let mut shrinker = Shrinker { best: taken, spans, budget, fails };
    while shrinker.round() {}
    shrinker.best
}

struct Shrinker<F> {
    best: Vec<u64>,
    spans: Vec<(usize, usize)>,
    budget: usize,
    fails: F,
}

impl<F: FnMut(Vec<u64>) -> Option<(Vec<u64>, Vec<(usize, usize)>)>> Shrinker<F> {
    /// One attempt; whether it made the walk simpler.
    fn attempt(&mut self, script: Vec<u64>) -> bool {
        let simpler = |one: &[u64], other: &[u64]| (one.len(), one) < (other.len(), other);
        if self.budget == 0 || !simpler(&script, &self.best) {
            return false;
        }
        self.budget -= 1;
        match (self.fails)(script) {
            Some((taken, spans)) if simpler(&taken, &self.best) => {
                (self.best, self.spans) = (taken, spans);
                true
            }
            _ => false,
        }
    }

    /// Every way of making it simpler, once; whether one of them did.
    fn round(&mut self) -> bool {
        let before = self.best.clone();
        self.without_spans();
        for length in [8, 4, 2, 1] {
            self.without_blocks(length);
        }
        self.zeroes();
        self.zero_each();
        self.lesser();
        self.best != before && self.budget > 0
    }

    fn without_spans(&mut self) {
        let mut number = 0;
        while let Some((start, end)) = self.spans.get(number).copied() {
            let mut script = self.best.clone();
            let shorter = start < end && end <= script.len() && {
                script.drain(start..end);
                self.attempt(script)
            };
            if !shorter {
                number += 1;
            }
        }
    }

    fn without_blocks(&mut self, length: usize) {
        let mut start = self.best.len();
        while start > 0 {
            start = start.saturating_sub(length);
            let mut script = self.best.clone();
            let end = (start + length).min(script.len());
            if start < end {
                script.drain(start..end);
                self.attempt(script);
            }
        }
    }

    fn zeroes(&mut self) {
        let mut number = 0;
        while let Some((start, end)) = self.spans.get(number).copied() {
            let mut script = self.best.clone();
            if let Some(part) = script.get_mut(start..end) {
                part.fill(0);
                self.attempt(script);
            }
            number += 1;
        }
    }

    fn zero_each(&mut self) {
        for place in 0..self.best.len() {
            let mut script = self.best.clone();
            if let Some(slot) = script.get_mut(place).filter(|slot| **slot != 0) {
                *slot = 0;
                self.attempt(script);
            }
        }
    }

    /// Each number as small as it can be, found by halving.
    fn lesser(&mut self) {
        let mut place = 0;
        while let Some(number) = self.best.get(place).copied() {
            let (mut low, mut high) = (0, number);
            while low < high {
                let middle = low + (high - low) / 2;
                let mut script = self.best.clone();
                if let Some(slot) = script.get_mut(place) {
                    *slot = middle;
                }
                if self.attempt(script) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
                if self.best.get(place).is_none() {
                    break;
                }
            }
            place += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Choices, seed_of, shrink};

    #[test]
    fn the_same_seed_gives_the_same_choices_and_a_script_repeats_them() {
        let draw = |mut choices: Choices| {
            let drawn = (choices.below(7), choices.weighted(&[1, 0, 9]), choices.once_in(3), choices.any());
            (drawn, choices.into_parts().0)
        };
        let (one, script) = draw(Choices::random(seed_of(1, 2)));
        let (other, _) = draw(Choices::random(seed_of(1, 2)));
        assert_eq!(one, other);
        assert_eq!(draw(Choices::replay(script)).0, one);
        assert_ne!(draw(Choices::random(seed_of(1, 3))).0, one);
        assert_eq!(draw(Choices::replay(Vec::new())).0, (0, 0, false, 0));
    }

    /// A list of numbers fails when two of them add up to at least 100; the shortest such list has two.
    #[test]
    fn what_fails_is_made_short_and_simple() {
        let numbers = |choices: &mut Choices| {
            let mut list = Vec::new();
            while list.len() < 50 && choices.below(10) > 0 {
                list.push(choices.span(|choices| choices.below(1000)));
            }
            list
        };
        let fails = |script: Vec<u64>| {
            let mut choices = Choices::replay(script);
            let list = numbers(&mut choices);
            (list.iter().sum::<u64>() >= 100 && list.len() > 1).then(|| choices.into_parts())
        };
        let mut choices = Choices::random(3);
        let list = numbers(&mut choices);
        assert!(list.len() > 3, "{list:?}");
        let (taken, spans) = choices.into_parts();
        let least = shrink(taken, spans, 2000, fails);
        let mut shortest = numbers(&mut Choices::replay(least));
        shortest.sort_unstable();
        assert_eq!(shortest, [0, 100]);
    }
}
