//! Attributes of the user's own stay where they are, and what generated code does brings no warning about them.

use cohesive::prelude::*;
use cohesive::{create, decide};

/// The id of an account.
#[derive(Id)]
#[must_use]
pub struct AccountId(String);

/// Where an account stands.
#[derive(Lifecycle)]
#[non_exhaustive]
pub enum AccountStatus {
    /// In use.
    #[initial]
    Open,
    /// As it was called before.
    #[deprecated = "nobody freezes accounts any more"]
    Frozen,
}

/// What somebody has.
#[derive(Value)]
#[non_exhaustive]
pub struct Balance {
    /// How much.
    pub amount: i32,
    /// How much of it was borrowed.
    #[deprecated = "loans have accounts of their own"]
    pub borrowed: Option<i32>,
}

/// An account.
#[entity]
#[must_use]
#[non_exhaustive]
#[derive(Eq)]
pub struct Account {
    /// The id.
    #[id]
    pub id: AccountId,
    /// Where it stands.
    #[lifecycle]
    pub status: AccountStatus,
    /// How much there is.
    pub amount: i32,
    /// A name.
    #[deprecated = "names are kept elsewhere"]
    #[field(index, pii)]
    pub name: Option<String>,
}

/// An account was used.
#[event]
#[non_exhaustive]
pub struct AccountUsed {
    /// Which one.
    pub account_id: AccountId,
}

/// An account was used, as it was told before.
#[deprecated = "listen to `AccountUsed`"]
#[event]
pub struct AccountTouched {
    /// Which one.
    #[field(pii)]
    pub account_id: AccountId,
    /// By whom.
    #[deprecated = "nobody looks at it"]
    pub by: Option<String>,
}

#[transitions]
impl Account {
    /// Somebody opens an account.
    #[create]
    pub fn open(id: AccountId, amount: i32) -> Self {
        Self { id, amount }
    }

    /// Somebody uses it.
    #[transition(Open)]
    pub fn deposit(&mut self, amount: i32) {
        self.amount += amount;
        emit!(AccountUsed { account_id: self.id });
    }
}

#[test]
fn attributes_of_the_users_own_stay() {
    let open = OpenAccount { id: "A-1".parse().unwrap(), amount: 1 };
    let account = create(&open, &crate::context()).applied().unwrap().created().unwrap();
    let decision = decide(&account, Version::INITIAL, &DepositAccount { amount: 2 }, &crate::context());
    assert_eq!(decision.applied().unwrap().after(&account).unwrap().amount, 3);
}
