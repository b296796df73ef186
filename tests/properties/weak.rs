//! A model with weak guards: what no law of the kernel finds, because nothing is wrong but the model.

use cohesive::prelude::*;
use cohesive::testing::{Options, Property, Report};

#[derive(Id)]
pub struct DoorId(String);

/// A door with a lock.
#[entity]
pub struct Door {
    #[id]
    pub id: DoorId,
    #[field(default = false)]
    pub open: bool,
    #[field(default = false)]
    pub locked: bool,
}

#[transitions]
impl Door {
    #[create]
    pub fn hang(id: DoorId) -> Self {
        Self { id }
    }

    /// It should not open while it is locked; the guard looks at the wrong field.
    #[transition]
    pub fn open(&mut self) {
        requires!(Closed: !self.open, "it is open already");
        self.open = true;
    }

    #[transition]
    pub fn lock(&mut self) {
        requires!(Shut: !self.open, "an open door is not locked");
        requires!(Unlocked: !self.locked || self.open, "it is locked already");
        self.locked = true;
    }

    /// The first guard implies the second one.
    #[transition]
    pub fn unlock(&mut self) {
        requires!(Locked: self.locked, "it is not locked");
        requires!(Lockable: self.locked || !self.open, "it cannot be unlocked");
        self.locked = false;
    }

    #[invariant]
    fn open_doors_are_not_locked(&self) -> bool {
        !(self.open && self.locked)
    }
}

/// The laws that the door breaks.
pub fn broken() -> Vec<Property> {
    let report = Report::of::<Door>(&Options::USUAL);
    Property::ALL.into_iter().filter(|property| report.failure(*property).is_some()).collect()
}

#[test]
fn a_missing_guard_and_an_idle_one_are_found_and_can_be_meant() {
    assert_eq!(broken(), [Property::Guarded, Property::Met]);
    let report = Report::of::<Door>(&Options::USUAL);
    let story = report.failure(Property::Guarded).unwrap();
    assert!(story.contains("`open_doors_are_not_locked` had to refuse"), "{story}");
    let idle = report.failure(Property::Met).unwrap();
    assert!(idle.contains("`Lockable` of `unlock` never refused anything"), "{idle}");
    assert!(!idle.contains("`Shut`") && !idle.contains("`Locked` of"), "{idle}");
    let meant = Options::USUAL.refusing(&["open_doors_are_not_locked"]).unmet(&["Lockable"]);
    let report = Report::of::<Door>(&meant);
    assert!(Property::ALL.iter().all(|property| report.failure(*property).is_none()));
}
