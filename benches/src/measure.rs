//! Two things side by side: A B, B A, A B, … and the ratio of each pair.
//!
//! Whatever else the machine does slows both halves of a pair about alike, so that ratios can be trusted where
//! seconds cannot.

use serde::Serialize;

/// The middle of several measurements, with the extremes.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Spread {
    pub median: f64,
    pub min: f64,
    pub max: f64,
}

impl Spread {
    pub fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |place: usize| values.get(place).copied().unwrap_or(f64::NAN);
        Self { median: at(values.len() / 2), min: at(0), max: at(values.len().saturating_sub(1)) }
    }
}

/// What two things measured, pair by pair.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    pub ours: Spread,
    pub theirs: Spread,
    /// Ours divided by theirs.
    pub ratio: Spread,
}

impl Pair {
    pub fn of(ours: &[f64], theirs: &[f64]) -> Self {
        let ratios = ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs);
        Self {
            ratio: Spread::of(ratios.collect()),
            ours: Spread::of(ours.to_vec()),
            theirs: Spread::of(theirs.to_vec()),
        }
    }
}

/// Measures both in turn, `pairs` times, with the order changed each time.
pub fn interleaved(pairs: usize, mut ours: impl FnMut() -> f64, mut theirs: impl FnMut() -> f64) -> Pair {
    let (mut first, mut second) = (Vec::with_capacity(pairs), Vec::with_capacity(pairs));
    for pair in 0..pairs {
        if pair % 2 == 0 {
            first.push(ours());
            second.push(theirs());
        } else {
            second.push(theirs());
            first.push(ours());
        }
    }
    Pair::of(&first, &second)
}
