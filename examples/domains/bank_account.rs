//! A bank account that cannot be overdrawn, as the tutorials of event-sourcing libraries have it
//! (for example <https://doc.rust-cqrs.org>): opened, deposited to, withdrawn from.

use cohesive::prelude::*;

#[derive(Id)]
pub struct AccountId(String);

/// An account in whole cents.
#[entity]
pub struct Account {
    #[id]
    pub id: AccountId,
    pub owner: String,
    #[field(default = 0, range(0.., "there is not enough money"))]
    pub balance: i64,
}

/// What happens to an account.
#[event]
pub enum AccountEvent {
    Opened { owner: String },
    Deposited { cents: i64, balance: i64 },
    Withdrawn { cents: i64, balance: i64 },
}

#[transitions]
impl Account {
    /// Somebody opens an account.
    #[create]
    pub fn open(id: AccountId, owner: String) -> Self {
        emit!(Opened { owner });
        Self { id, owner }
    }

    /// Somebody brings money.
    #[transition]
    pub fn deposit(&mut self, #[field(range(1..))] cents: i64) {
        self.balance += cents;
        emit!(Deposited { cents, balance: self.balance });
    }

    /// Somebody takes money.
    #[transition]
    pub fn withdraw(&mut self, #[field(range(1..))] cents: i64) {
        self.balance -= cents;
        emit!(Withdrawn { cents, balance: self.balance });
    }
}
