//! Who does what parcels ask for.

use alloc::string::String;
use core::sync::atomic::{AtomicU32, Ordering};

use cohesive::prelude::*;

use crate::parcel::{FetchParcel, WriteLetter};

/// A place with drivers.
#[derive(Debug, Default)]
pub struct Depot {
    letters: AtomicU32,
}

impl Depot {
    /// How many letters were written.
    pub fn letters(&self) -> u32 {
        self.letters.load(Ordering::Relaxed)
    }
}

impl Handle<FetchParcel> for Depot {
    async fn handle(&self, _: FetchParcel, call: &EffectCall) -> Result<Timestamp, EffectFailure> {
        if call.attempt == call.attempts {
            return Err(EffectFailure::permanent("nobody was there"));
        }
        Err(EffectFailure::transient(String::from("the roads are closed")))
    }
}

impl Handle<WriteLetter> for Depot {
    async fn handle(&self, _: WriteLetter, _: &EffectCall) -> Result<Nothing, EffectFailure> {
        let _ = self.letters.fetch_add(1, Ordering::Relaxed);
        Ok(Nothing)
    }
}
