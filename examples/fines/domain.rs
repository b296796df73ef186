//! A road-traffic fine, from its creation to its payment, appeal or collection.

use cohesive::prelude::*;

/// The number of a fine.
#[derive(Id)]
pub struct FineId(String);

/// Where a fine stands.
#[derive(Lifecycle)]
pub enum FineStatus {
    /// An officer wrote it.
    #[initial]
    Created,
    /// It was sent to the offender, who now owes the postage too.
    Sent,
    /// The offender has received it.
    Notified,
    /// It was not paid in time, and a penalty replaced the amount.
    Penalised,
    /// Nothing is owed any more.
    #[terminal]
    Paid,
    /// An agency collects what is owed.
    #[terminal]
    InCollection,
}

/// How far an appeal to the prefecture has come.
#[derive(Value)]
pub enum Appeal {
    /// The offender has not appealed.
    None,
    /// The offender has filed an appeal.
    Filed,
    /// The appeal lies with the prefecture.
    Forwarded,
    /// The prefecture has decided.
    Decided,
    /// The offender knows the decision.
    Announced,
}

/// The class of the vehicle.
#[derive(Value)]
pub enum VehicleClass {
    /// A car.
    #[wire = "A"]
    Car,
    /// A lorry.
    #[wire = "C"]
    Lorry,
    /// A motorcycle.
    #[wire = "M"]
    Motorcycle,
    /// A trailer.
    #[wire = "R"]
    Trailer,
}

/// A road-traffic fine.
#[entity]
pub struct Fine {
    /// The number of the fine.
    #[id]
    pub id: FineId,
    /// Where it stands.
    #[lifecycle]
    pub status: FineStatus,
    /// How far an appeal has come.
    #[field(default = Appeal::None)]
    pub appeal: Appeal,
    /// The article of the code that was violated.
    #[field(write_once, index)]
    pub article: i32,
    /// The class of the vehicle.
    #[field(write_once)]
    pub vehicle_class: VehicleClass,
    /// The points that the licence loses.
    #[field(write_once)]
    pub points: i32,
    /// A note that the fine was dismissed, as the register abbreviates it.
    #[field(write_once)]
    pub dismissal: Option<String>,
    /// What the violation costs; after the penalty, what it costs then.
    pub amount: Decimal,
    /// The postage.
    #[field(default = Decimal::ZERO)]
    pub expenses: Decimal,
    /// What was paid so far.
    #[field(default = Decimal::ZERO)]
    pub paid: Decimal,
    /// What is owed.
    #[field(computed = self.amount + self.expenses - self.paid)]
    pub outstanding: Decimal,
    /// The day it was written.
    #[field(write_once)]
    pub created_on: Date,
    /// The day it was sent.
    #[field(write_once)]
    pub sent_on: Option<Date>,
    /// The day it was received.
    #[field(write_once)]
    pub notified_on: Option<Date>,
}

/// A fine was written.
#[event]
pub struct FineCreated {
    /// The fine.
    pub fine_id: FineId,
    /// What the violation costs.
    pub amount: Decimal,
}

/// Ask the post to deliver the fine.
#[effect(
    reply = Nothing,
    timeout = "1m",
    attempts = 20,
    allow(COH0306, reason = "a fine that cannot be delivered lapses, which the register does not record")
)]
pub struct DeliverFine {
    /// The fine.
    pub fine_id: FineId,
}

/// A penalty replaced the amount.
#[event]
pub struct PenaltyAdded {
    /// The fine.
    pub fine_id: FineId,
    /// What the violation costs now.
    pub amount: Decimal,
}

/// Somebody paid.
#[event]
pub struct PaymentReceived {
    /// The fine.
    pub fine_id: FineId,
    /// What was paid now.
    pub amount: Decimal,
    /// What was paid in all.
    pub total: Decimal,
}

/// Nothing is owed any more.
#[event]
pub struct FineSettled {
    /// The fine.
    pub fine_id: FineId,
}

/// Ask the agency to collect what is owed.
#[effect(
    reply = Nothing,
    timeout = "1m",
    attempts = 20,
    allow(COH0306, reason = "the agency takes every credit; what it cannot collect is in its own books")
)]
pub struct CollectCredit {
    /// The fine.
    pub fine_id: FineId,
    /// What is owed.
    pub outstanding: Decimal,
}

#[transitions]
impl Fine {
    /// An officer writes a fine.
    #[create]
    pub fn create(
        id: FineId,
        amount: Decimal,
        article: i32,
        vehicle_class: VehicleClass,
        points: i32,
        dismissal: Option<String>,
        created_on: Date,
    ) -> Self {
        requires!(PositiveAmount: amount > Decimal::ZERO, "a fine costs something");
        emit!(FineCreated { fine_id: id, amount });
        Self { id, amount, article, vehicle_class, points, dismissal, created_on }
    }

    /// The fine is sent to the offender, who owes the postage from now on.
    #[transition(Created => Sent)]
    pub fn send(&mut self, expense: Decimal, sent_on: Date) {
        requires!(NoNegativeExpense: expense >= Decimal::ZERO, "postage is not negative");
        requires!(SentAfterCreation: sent_on >= self.created_on, "a fine is not sent before it is written");
        self.expenses += expense;
        self.sent_on = Some(sent_on);
        request!(DeliverFine { fine_id: self.id });
    }

    /// The offender receives the fine.
    #[transition(Sent => Notified)]
    pub fn notify(&mut self, notified_on: Date) {
        requires!(NotifiedAfterSending: Some(notified_on) >= self.sent_on, "a fine is not received before it is sent");
        self.notified_on = Some(notified_on);
    }

    /// Sixty days after the notification, a penalty replaces the amount.
    #[transition(Notified => Penalised)]
    pub fn add_penalty(&mut self, amount: Decimal, added_on: Date) {
        requires!(
            NoAppealPending: matches!(self.appeal, Appeal::None | Appeal::Announced),
            "no penalty is added while an appeal is pending"
        );
        requires!(
            SixtyDaysPassed: added_on.days_since(self.notified_on.unwrap_or(added_on)) >= 60,
            "the offender has sixty days to pay"
        );
        requires!(Higher: amount > self.amount, "the penalty is higher than the amount it replaces");
        self.amount = amount;
        emit!(PenaltyAdded { fine_id: self.id, amount });
    }

    /// Somebody pays, in full or in part.
    #[transition(Created | Sent | Notified | Penalised => _ | Paid)]
    pub fn pay(&mut self, amount: Decimal, total: Decimal) {
        requires!(PositivePayment: amount > Decimal::ZERO, "a payment is positive");
        requires!(TotalAgrees: self.paid + amount == total, "the total is not the sum of the payments so far");
        self.paid = total;
        emit!(PaymentReceived { fine_id: self.id, amount, total });
        if self.outstanding <= amount {
            self.status = FineStatus::Paid;
            emit!(FineSettled { fine_id: self.id });
        }
    }

    /// The offender appeals to the prefecture, within sixty days of the notification.
    #[transition(Notified | Penalised)]
    pub fn file_appeal(&mut self, filed_on: Date) {
        requires!(NotAppealed: self.appeal == Appeal::None, "there is an appeal already");
        requires!(
            InTime: filed_on.days_since(self.notified_on.unwrap_or(filed_on)) <= 60,
            "an appeal is filed within sixty days of the notification"
        );
        self.appeal = Appeal::Filed;
    }

    /// The appeal goes to the prefecture.
    #[transition(Notified | Penalised)]
    pub fn forward_appeal(&mut self) {
        requires!(AppealFiled: self.appeal == Appeal::Filed, "there is no appeal to be forwarded");
        self.appeal = Appeal::Forwarded;
    }

    /// The prefecture has decided.
    #[transition(Notified | Penalised)]
    pub fn receive_appeal_result(&mut self) {
        requires!(AppealForwarded: self.appeal == Appeal::Forwarded, "there is no appeal to be decided");
        self.appeal = Appeal::Decided;
    }

    /// The offender learns the decision.
    #[transition(Notified | Penalised)]
    pub fn notify_appeal_result(&mut self) {
        requires!(AppealDecided: self.appeal == Appeal::Decided, "there is no decision to be announced");
        self.appeal = Appeal::Announced;
    }

    /// An agency is asked to collect what is owed.
    #[transition(Penalised => InCollection)]
    pub fn send_to_collection(&mut self) {
        requires!(SomethingOwed: self.outstanding > Decimal::ZERO, "nothing is owed");
        request!(CollectCredit { fine_id: self.id, outstanding: self.outstanding });
    }

    /// A paid fine owes nothing.
    #[invariant]
    fn paid_fines_owe_nothing(&self) -> bool {
        self.status != FineStatus::Paid || self.outstanding <= Decimal::ZERO
    }

    /// Payments are not negative.
    #[invariant]
    fn payments_are_not_negative(&self) -> bool {
        self.paid >= Decimal::ZERO
    }
}
