use cohesive::prelude::*;

#[derive(Id)]
pub struct GuestId(String);

#[entity]
pub struct Guest {
    #[id]
    pub id: GuestId,
    #[field(default = 0)]
    pub stays: i64,
    pub name: Option<String>,
}

#[transitions]
impl Guest {
    #[create]
    #[consumes(StayPaid { guest_id: id, .. })]
    pub fn register(id: GuestId) -> Self {
        Self { id }
    }

    #[consumes(StayPaid { guest_id: id, name, bill: _ })]
    #[transition(conflict = at_head)]
    pub fn thank(&mut self, name: Option<String>) {
        self.name = name;
        self.stays += 1;
    }
}

#[derive(Id)]
pub struct StayId<T>(String, core::marker::PhantomData<fn() -> T>);

#[derive(Lifecycle)]
pub enum StayStatus {
    #[initial]
    Open,
    #[terminal]
    Paid,
}

#[derive(Value)]
pub struct Item {
    #[id]
    pub number: u32,
    #[field(range(1..=10, "1 to 10 pieces"))]
    pub pieces: u32,
    #[field(pii)]
    pub note: String,
}

#[event]
pub struct StayPaid {
    pub guest_id: GuestId,
    pub bill: Money,
    #[field(pii)]
    pub name: Option<String>,
}

#[effect(reply = Nothing)]
pub struct Thank {
    pub guest_id: GuestId,
}

#[entity]
pub struct Stay {
    #[id]
    pub id: StayId<Guest>,
    #[lifecycle]
    pub status: StayStatus,
    #[field(references(Guest))]
    pub guest_id: GuestId,
    #[field(length(..=12), pii, alias = "surname")]
    pub name: Option<String>,
    #[field(pattern("[A-Z]{2}[0-9]{3}"))]
    pub room: String,
    pub items: Vec<Item>,
    pub bill: Money,
    pub arrival: Timestamp,
    #[field(check(LeavesLater: self.departure > self.arrival, "a guest leaves after arriving"))]
    pub departure: Timestamp,
    #[field(merge = max)]
    pub seen: Option<Timestamp>,
    pub tags: BTreeSet<String>,
    #[field_versions]
    pub touched: FieldVersions,
}

#[transitions]
impl Stay {
    #[create]
    pub fn book(
        id: StayId<Guest>,
        guest_id: GuestId,
        #[field(pii)] name: Option<String>,
        #[field(length(1..))] room: String,
        arrival: Timestamp,
    ) -> Self {
        let bill = Money { amount: Decimal::ZERO, currency: Currency::EUR };
        Self { id, guest_id, name, room, bill, arrival, departure: arrival + Duration::days(3) }
    }

    #[transition(conflict = disjoint)]
    pub fn correct(&mut self, number: u32, pieces: u32) {
        if let Some(item) = self.items.iter().find(|item| item.number == number) {
            self.items.upsert(Item { pieces, ..item });
        }
    }

    #[transition(conflict = manual)]
    pub fn cancel(&mut self, number: u32, tag: String) {
        requires!(Cheap: self.weight(2) < 10, "it weighs too much");
        self.items.remove_by_id(number);
        self.tags.insert(tag);
    }

    #[transition]
    pub fn see(&mut self, at: Timestamp) {
        self.seen.merge(Some(at));
    }

    #[fact(_ => _ | Paid, external_id = payment_id, occurred_at = paid_at)]
    pub fn pay(&mut self, payment_id: String, amount: Money, paid_at: Option<Timestamp>) {
        let bill = self.bill - amount;
        self.bill = bill;
        if bill.amount <= Decimal::ZERO {
            self.status = StayStatus::Paid;
            emit!(StayPaid { guest_id: self.guest_id, bill, name: self.name });
            request!(Thank { guest_id: self.guest_id });
        }
    }

    /// What it weighs.
    #[native(reads(items))]
    fn weight(&self, each: usize) -> usize {
        self.items.len() * each
    }
}
