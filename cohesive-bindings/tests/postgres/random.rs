//! Choices that a seed repeats.

use std::hash::{BuildHasher as _, Hasher as _};

/// `SplitMix64`.
pub struct Random(u64);

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `bound - 1`.
    pub const fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// The seed that was asked for, or a fresh one.
pub fn seed() -> u64 {
    match std::env::var("COHESIVE_SEED") {
        Ok(text) => text.parse().expect("COHESIVE_SEED is a whole number"),
        Err(_) => std::collections::hash_map::RandomState::new().build_hasher().finish(),
    }
}

/// How long a test of chances goes on: as asked for, or the usual short run.
pub fn rounds(usual: u64) -> u64 {
    match std::env::var("COHESIVE_ROUNDS") {
        Ok(text) => text.parse().expect("COHESIVE_ROUNDS is a whole number"),
        Err(_) => usual,
    }
}
