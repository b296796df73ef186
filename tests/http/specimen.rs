//! Entities that use every type of field, every conflict policy and every kind of refusal.

use cohesive::prelude::*;

#[derive(Id)]
pub struct SpecimenId(String);

#[derive(Id)]
pub struct TicketId(Uuid);

#[derive(Value)]
pub enum Colour {
    Red,
    #[wire = "dark-green"]
    Green,
}

#[derive(Value)]
pub struct Part {
    pub name: String,
    #[field(range(..=100))]
    pub count: u32,
    pub note: Option<String>,
}

#[derive(Lifecycle)]
pub enum Phase {
    #[initial]
    Fresh,
    Used,
    #[terminal]
    Gone,
}

/// One of everything.
#[entity]
pub struct Specimen {
    #[id]
    pub id: SpecimenId,
    #[lifecycle]
    pub phase: Phase,
    #[field(index)]
    pub flag: bool,
    #[field(index)]
    pub small: i32,
    #[field(index)]
    pub large: i64,
    #[field(index)]
    pub natural: u32,
    #[field(index)]
    pub exact: Decimal,
    #[field(index)]
    pub words: String,
    #[field(index)]
    pub bytes: Bytes,
    #[field(index)]
    pub instant: Timestamp,
    #[field(index)]
    pub day: Date,
    #[field(unique)]
    pub uuid: Uuid,
    #[field(index)]
    pub colour: Colour,
    pub part: Part,
    #[field(length(..=4))]
    pub list: Vec<String>,
    #[field(index, range(1..=1000, "a limit is from 1 to 1000"))]
    pub limit: Option<u32>,
    pub parts: Vec<Part>,
}

#[event]
pub struct SpecimenUsed {
    pub specimen_id: SpecimenId,
    pub part: Part,
}

#[transitions]
impl Specimen {
    /// Takes one of everything in.
    #[create]
    pub fn collect(
        id: SpecimenId,
        flag: bool,
        small: i32,
        large: i64,
        natural: u32,
        exact: Decimal,
        words: String,
        bytes: Bytes,
        instant: Timestamp,
        day: Date,
        uuid: Uuid,
        colour: Colour,
        part: Part,
        list: Vec<String>,
        limit: Option<u32>,
    ) -> Self {
        Self {
            id,
            flag,
            small,
            large,
            natural,
            exact,
            words,
            bytes,
            instant,
            day,
            uuid,
            colour,
            part,
            list,
            limit,
        }
    }

    /// Uses it, by an amount.
    #[transition(Fresh | Used => Used)]
    pub fn consume(&mut self, amount: i32, parts: Vec<Part>) {
        requires!(Positive: amount > 0, "the amount has to be positive");
        if amount == 13 {
            reject!(Unlucky, "thirteen is unlucky");
        }
        self.small = self.small + amount;
        self.parts = parts;
        emit!(SpecimenUsed { specimen_id: self.id.clone(), part: self.part.clone() });
    }

    /// Says something about it; nothing happens when it is said already.
    #[transition]
    pub fn describe(&mut self, words: String) {
        self.words = words;
    }

    /// Counts on, on whatever the latest state is.
    #[transition(conflict = at_head)]
    pub fn count(&mut self) {
        self.large = self.large + 1;
    }

    /// Somebody has counted it elsewhere.
    #[fact(external_id = count_id, occurred_at = counted_at)]
    pub fn record_count(&mut self, count_id: String, large: i64, counted_at: Option<Timestamp>) {
        self.large = large;
    }

    /// Sets what it is worth, or has somebody look at it.
    #[transition(conflict = manual)]
    pub fn appraise(&mut self, exact: Decimal) {
        self.exact = exact;
    }

    /// Throws it away.
    #[transition(Fresh | Used => Gone, conflict = strict)]
    pub fn discard(&mut self) {}

    /// Nothing is worth less than nothing.
    #[invariant]
    fn worth_something(&self) -> bool {
        self.small >= 0
    }
}

/// An entity that a UUID identifies.
#[entity]
pub struct Ticket {
    #[id]
    pub id: TicketId,
    pub seat: String,
}

#[transitions]
impl Ticket {
    /// Issues a ticket.
    #[create]
    pub fn issue(id: TicketId, seat: String) -> Self {
        Self { id, seat }
    }
}

/// An entity with the plural of another.
#[entity(plural = "tickets")]
pub struct Pass {
    #[id]
    pub id: TicketId,
}

#[transitions]
impl Pass {
    /// Grants a pass.
    #[create]
    pub fn grant(id: TicketId) -> Self {
        Self { id }
    }
}

/// An entity with a plural that the routes for operators need.
#[entity]
pub struct Metric {
    #[id]
    pub id: TicketId,
}

#[transitions]
impl Metric {
    /// Begins to measure.
    #[create]
    pub fn begin(id: TicketId) -> Self {
        Self { id }
    }
}

/// An entity with a plural that the API needs for itself.
#[entity(plural = "docs")]
pub struct Paper {
    #[id]
    pub id: TicketId,
}

#[transitions]
impl Paper {
    /// Files a paper.
    #[create]
    pub fn file(id: TicketId) -> Self {
        Self { id }
    }
}
