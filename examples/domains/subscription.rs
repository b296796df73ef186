//! A subscription with monthly billing, after the states that Stripe documents
//! (<https://docs.stripe.com/billing/subscriptions/overview>): trialing, active, past due, unpaid, canceled.

use cohesive::prelude::*;

#[derive(Id)]
pub struct SubscriptionId(String);

/// Where a subscription stands.
#[derive(Lifecycle)]
pub enum SubscriptionStatus {
    /// It costs nothing yet.
    #[initial]
    Trialing,
    /// It is paid for the present period.
    Active,
    /// The latest payment failed, and is tried again.
    PastDue,
    /// All attempts failed.
    Unpaid,
    /// It has ended.
    #[terminal]
    Canceled,
}

/// A subscription to one plan.
#[entity]
pub struct Subscription {
    #[id]
    pub id: SubscriptionId,
    #[lifecycle]
    pub status: SubscriptionStatus,
    #[field(pii, length(3..=254), pattern("[^@ ]+@[^@ ]+", "an e-mail address has one @"))]
    pub email: String,
    /// What one period costs.
    #[field(range(Decimal::ZERO..))]
    pub price: Money,
    /// What was paid so far.
    #[field(default = Decimal::ZERO, range(Decimal::ZERO..))]
    pub paid: Decimal,
    /// The end of the trial or of the period that is paid.
    pub paid_until: Date,
    /// How often the present payment has failed.
    #[field(default = 0, range(0..=4))]
    pub failures: i32,
    /// Whether it ends with the period.
    #[field(default = false)]
    pub ends: bool,
}

/// What happens to a subscription.
#[event]
pub enum SubscriptionEvent {
    SubscriptionStarted { subscription_id: SubscriptionId, paid_until: Date },
    InvoicePaid { subscription_id: SubscriptionId, invoice: String, paid_until: Date, paid: Decimal },
    PaymentFailed { subscription_id: SubscriptionId, failures: i32 },
    SubscriptionCanceled { subscription_id: SubscriptionId },
}

/// Ask the payment provider to charge the card for the next period.
#[effect(reply = Nothing, timeout = "30s", attempts = 3, otherwise = Subscription::fail_payment)]
pub struct ChargeCard {
    pub subscription_id: SubscriptionId,
    pub amount: Money,
    pub attempt: i32,
}

#[transitions]
impl Subscription {
    /// Somebody subscribes, and pays nothing for the days of the trial.
    #[create]
    pub fn start(
        id: SubscriptionId,
        #[field(pii)] email: String,
        price: Money,
        today: Date,
        #[field(range(0..=90))] trial_days: i64,
    ) -> Self {
        let paid_until = today.plus_days(trial_days);
        emit!(SubscriptionStarted { subscription_id: id, paid_until });
        Self { id, email, price, paid_until }
    }

    /// A period ends, and the next one has to be paid or the subscription ends.
    #[transition(Trialing | Active => _ | Canceled)]
    pub fn renew(&mut self, today: Date) {
        requires!(PeriodIsOver: today >= self.paid_until, "the period is not over yet");
        if self.ends {
            self.status = SubscriptionStatus::Canceled;
            emit!(SubscriptionCanceled { subscription_id: self.id });
        } else {
            request!(ChargeCard { subscription_id: self.id, amount: self.price, attempt: 1 });
        }
    }

    /// The provider reports a payment. It was made, whatever we think of it.
    #[fact(_ => _ | Active, external_id = invoice)]
    pub fn record_payment(&mut self, invoice: String, amount: Money) {
        let paid = if amount.currency == self.price.currency { self.paid + amount.amount } else { self.paid };
        self.paid = paid.max(Decimal::ZERO);
        if amount == self.price && self.status != SubscriptionStatus::Canceled {
            let paid_until = self.paid_until.plus_days(30);
            self.paid_until = paid_until;
            self.failures = 0;
            self.status = SubscriptionStatus::Active;
            emit!(InvoicePaid { subscription_id: self.id, invoice, paid_until, paid: self.paid });
        }
    }

    /// The provider could not charge the card; after the fourth time, nothing is tried any more.
    #[transition(Trialing | Active | PastDue => PastDue | Unpaid)]
    pub fn fail_payment(&mut self) {
        let failures = self.failures + 1;
        self.failures = failures;
        if failures >= 4 {
            self.status = SubscriptionStatus::Unpaid;
        } else {
            self.status = SubscriptionStatus::PastDue;
            request!(ChargeCard { subscription_id: self.id, amount: self.price, attempt: failures + 1 });
        }
        emit!(PaymentFailed { subscription_id: self.id, failures });
    }

    /// The subscriber wants it to end with the period.
    #[transition(Trialing | Active)]
    pub fn cancel_at_period_end(&mut self) {
        self.ends = true;
    }

    /// It ends at once.
    #[transition(Trialing | Active | PastDue | Unpaid => Canceled)]
    pub fn cancel(&mut self) {
        emit!(SubscriptionCanceled { subscription_id: self.id });
    }

    /// Who is past due has failed to pay at least once.
    #[invariant]
    fn past_due_has_failures(&self) -> bool {
        self.status != SubscriptionStatus::PastDue || self.failures > 0
    }

    /// Attempts end after the fourth one.
    #[invariant]
    fn unpaid_has_four_failures(&self) -> bool {
        (self.status == SubscriptionStatus::Unpaid) == (self.failures == 4)
            || self.status == SubscriptionStatus::Canceled
    }
}
