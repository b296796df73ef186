//! A counter that tells of every step.

use cohesive::prelude::*;

#[derive(Id)]
pub struct CounterId(String);

/// A counter went on.
#[event]
pub struct Counted {
    pub counter_id: CounterId,
    pub count: i64,
    pub note: String,
}

#[entity]
pub struct Counter {
    #[id]
    pub id: CounterId,
    pub count: i64,
}

#[transitions]
impl Counter {
    #[create]
    pub fn open(id: CounterId) -> Self {
        Self { id, count: 0 }
    }

    #[transition]
    pub fn step(&mut self, note: String) {
        self.count += 1;
        emit!(Counted { counter_id: self.id.clone(), count: self.count, note });
    }
}
