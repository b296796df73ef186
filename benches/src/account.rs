//! A small entity whose one update can be repeated for ever and owes the world two messages each time.

use cohesive::prelude::*;

#[derive(Id)]
pub struct AccountId(String);

/// Money that somebody keeps with us.
#[entity]
pub struct Account {
    #[id]
    pub id: AccountId,
    pub balance: i64,
    pub deposits: i64,
    pub deposited_at: Option<Timestamp>,
}

/// Money came in.
#[event]
pub struct Deposited {
    pub account_id: AccountId,
    pub amount: i64,
    pub balance: i64,
}

/// Ask for a letter about it.
#[effect(reply = Nothing)]
pub struct SendStatement {
    pub account_id: AccountId,
    pub balance: i64,
}

#[transitions]
impl Account {
    /// Opens an account.
    #[create]
    pub fn open(id: AccountId) -> Self {
        Self { id, balance: 0, deposits: 0 }
    }

    /// Puts money in.
    #[transition]
    pub fn deposit(&mut self, amount: i64, deposited_at: Timestamp) {
        requires!(Positive: amount > 0, "a deposit is positive");
        self.balance += amount;
        self.deposits += 1;
        self.deposited_at = Some(deposited_at);
        emit!(Deposited { account_id: self.id, amount, balance: self.balance });
        request!(SendStatement { account_id: self.id, balance: self.balance });
    }

    #[invariant]
    fn a_balance_is_never_negative(&self) -> bool {
        self.balance >= 0
    }
}
