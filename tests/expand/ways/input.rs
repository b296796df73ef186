//! Ways through a body: several targets, conditions, patterns, names, lists, folds, refusals.

use cohesive::prelude::*;

/// The id of a claim.
#[derive(Id)]
pub struct ClaimId(Uuid);

/// Where a claim stands.
#[derive(Lifecycle)]
pub enum ClaimStatus {
    /// Somebody filed it.
    #[initial]
    Filed,
    /// It is being looked into.
    InReview,
    /// It was paid.
    #[terminal]
    Paid,
    /// It was refused.
    #[terminal]
    Refused,
}

/// A claim against an insurance.
#[entity]
pub struct Claim {
    /// The id.
    #[id]
    pub id: ClaimId,
    /// Where it stands.
    #[lifecycle]
    pub status: ClaimStatus,
    /// What is claimed, part by part.
    pub parts: Vec<Decimal>,
    /// What may be paid.
    #[field(write_once)]
    pub limit: Decimal,
    /// What was paid.
    pub paid: Option<Decimal>,
    /// Remarks.
    pub remarks: Vec<String>,
}

/// A claim was settled.
#[event]
pub struct ClaimSettled {
    /// The claim.
    pub claim_id: ClaimId,
    /// What was paid.
    pub amount: Decimal,
}

#[transitions]
impl Claim {
    /// Somebody files a claim.
    #[create]
    pub fn file(id: ClaimId, limit: Decimal, part: Decimal) -> Self {
        requires!(Positive: part > Decimal::ZERO, "a claim asks for something");
        let parts = vec![part];
        Self { id, limit, parts }
    }

    /// Another part is claimed.
    #[transition(Filed | InReview)]
    pub fn extend(&mut self, part: Decimal, remark: Option<String>) {
        let sum = self.parts.iter().map(|claimed| *claimed).sum();
        requires!(WithinLimit: sum + part <= self.limit, "the limit is reached");
        self.parts.push(part);
        if let Some(text) = remark {
            self.remarks.push(text);
        }
    }

    /// The claim is decided.
    #[transition(Filed | InReview => _ | InReview | Paid | Refused, conflict = strict)]
    pub fn decide(&mut self, offer: Option<Decimal>, context: &Context) {
        requires!(Known: context.actor().is_some(), "nobody decides without a name");
        let large = self.parts.iter().any(|part| *part > Decimal::new(1000, 0));
        match offer {
            Some(amount) if amount > self.limit => {
                reject!(AboveLimit, "the offer is above the limit");
            }
            Some(amount) => {
                self.status = if large { ClaimStatus::InReview } else { ClaimStatus::Paid };
                self.paid = Some(amount);
                emit!(ClaimSettled { claim_id: self.id, amount });
            }
            None => {
                if self.parts.is_empty() {
                    self.status = ClaimStatus::Refused;
                }
            }
        }
    }
}
