//! A request for compensation, after the running example of van der Aalst, *Process Mining* (Springer, 2011): it is
//! registered, examined thoroughly or casually, its ticket is checked, and it is decided: paid, rejected, or looked at
//! once more.

use cohesive::prelude::*;

#[derive(Id)]
pub struct ClaimId(String);

/// Where a claim stands.
#[derive(Lifecycle)]
pub enum ClaimStatus {
    /// It is examined and its ticket is checked, in either order.
    #[initial]
    Registered,
    /// Both are done.
    ReadyToDecide,
    Accepted,
    #[terminal]
    Paid,
    #[terminal]
    Rejected,
}

/// How a claim was examined.
#[derive(Value)]
pub enum Examination {
    Casual,
    Thorough,
}

/// A claim for compensation.
#[entity]
pub struct Claim {
    #[id]
    pub id: ClaimId,
    #[lifecycle]
    pub status: ClaimStatus,
    #[field(pii, write_once, length(1..=100))]
    pub claimant: String,
    /// What is asked for.
    #[field(write_once, range(Decimal::ZERO..=Decimal::ONE_THOUSAND))]
    pub amount: Decimal,
    pub examination: Option<Examination>,
    pub ticket_valid: Option<bool>,
    /// How often it was looked at again.
    #[field(default = 0, range(0..=3, "a claim is looked at three times more at most"))]
    pub rounds: i32,
    #[field(write_once)]
    pub decided_at: Option<Timestamp>,
}

/// What others have to know of a claim.
#[event]
pub enum ClaimEvent {
    ClaimRegistered { claim_id: ClaimId, amount: Decimal },
    ClaimAccepted { claim_id: ClaimId, amount: Decimal },
    ClaimRejected { claim_id: ClaimId },
}

/// Ask the bank to pay the compensation.
#[effect(
    reply = Nothing,
    timeout = "30s",
    attempts = 8,
    then = Claim::confirm_payment,
    allow(COH0306, reason = "what the bank cannot pay is settled by hand")
)]
pub struct PayCompensation {
    pub claim_id: ClaimId,
    pub amount: Decimal,
}

#[transitions]
impl Claim {
    /// Somebody asks for compensation.
    #[create]
    pub fn register(id: ClaimId, #[field(pii)] claimant: String, amount: Decimal) -> Self {
        requires!(Something: amount > Decimal::ZERO, "a claim asks for something");
        emit!(ClaimRegistered { claim_id: id, amount });
        Self { id, claimant, amount }
    }

    /// An examiner looks at the claim; a large one is examined thoroughly.
    #[transition(Registered => _ | ReadyToDecide)]
    pub fn examine(&mut self, examination: Examination) {
        requires!(NotExamined: self.examination.is_none(), "the claim is examined already");
        requires!(
            LargeClaimsThoroughly: self.amount < Decimal::ONE_HUNDRED || examination == Examination::Thorough,
            "a claim for 100 or more is examined thoroughly"
        );
        self.examination = Some(examination);
        if self.ticket_valid.is_some() {
            self.status = ClaimStatus::ReadyToDecide;
        }
    }

    /// An assistant checks the ticket.
    #[transition(Registered => _ | ReadyToDecide)]
    pub fn check_ticket(&mut self, valid: bool) {
        requires!(NotChecked: self.ticket_valid.is_none(), "the ticket is checked already");
        self.ticket_valid = Some(valid);
        if self.examination.is_some() {
            self.status = ClaimStatus::ReadyToDecide;
        }
    }

    /// The manager decides: only a claim with a valid ticket is accepted.
    #[transition(ReadyToDecide => Accepted | Rejected)]
    pub fn decide(&mut self, accept: bool, context: &Context) {
        requires!(
            ValidTicket: !accept || self.ticket_valid == Some(true),
            "a claim without a valid ticket is not accepted"
        );
        self.decided_at = Some(context.now());
        if accept {
            self.status = ClaimStatus::Accepted;
            emit!(ClaimAccepted { claim_id: self.id, amount: self.amount });
            request!(PayCompensation { claim_id: self.id, amount: self.amount });
        } else {
            self.status = ClaimStatus::Rejected;
            emit!(ClaimRejected { claim_id: self.id });
        }
    }

    /// The manager wants another look.
    #[transition(ReadyToDecide => Registered)]
    pub fn reinitiate(&mut self) {
        self.rounds += 1;
        self.examination = None;
        self.ticket_valid = None;
    }

    /// The bank has paid.
    #[transition(Accepted => Paid)]
    pub fn confirm_payment(&mut self) {}

    /// What is decided was examined and checked.
    #[invariant]
    fn decisions_have_grounds(&self) -> bool {
        self.status == ClaimStatus::Registered || self.examination.is_some() && self.ticket_valid.is_some()
    }

    /// What is registered is still to be examined or checked.
    #[invariant]
    fn registered_claims_are_not_ready(&self) -> bool {
        self.status != ClaimStatus::Registered || self.examination.is_none() || self.ticket_valid.is_none()
    }

    /// Nothing is paid on an invalid ticket.
    #[invariant]
    fn accepted_tickets_are_valid(&self) -> bool {
        !matches!(self.status, ClaimStatus::Accepted | ClaimStatus::Paid) || self.ticket_valid == Some(true)
    }
}
