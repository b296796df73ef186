//! An account that keeps every property.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use cohesive::prelude::*;
use cohesive::value::Datum;
use cohesive::{Flaw, model};
use serde::{Deserialize, Serialize};

/// A number that can be changed behind a shared reference, as no sensible value can.
#[derive(Debug, Default)]
pub struct Tally(Arc<AtomicI64>);

impl Tally {
    pub fn get(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    pub fn touch(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Clone for Tally {
    fn clone(&self) -> Self {
        Self(Arc::new(AtomicI64::new(self.get())))
    }
}

impl PartialEq for Tally {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl Serialize for Tally {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.get().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Tally {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(|number| Self(Arc::new(AtomicI64::new(number))))
    }
}

impl cohesive::value::Value for Tally {
    const TYPE: model::Type = model::Type::Int64;

    fn encode(&self) -> Result<Datum<'_>, Flaw> {
        Ok(Datum::Int(self.get()))
    }

    fn decode(datum: Datum<'_>) -> Result<Self, Flaw> {
        match datum {
            Datum::Int(number) => Ok(Self(Arc::new(AtomicI64::new(number)))),
            other => Err(other.instead_of("a whole number")),
        }
    }

    fn check(&self) -> Result<(), Flaw> {
        Ok(())
    }
}

#[derive(Id)]
pub struct AccountId(String);

#[derive(Lifecycle)]
pub enum AccountStatus {
    #[initial]
    Open,
    #[terminal]
    Closed,
}

#[derive(Value)]
pub enum Holder {
    Person,
    Company,
}

/// An account that never goes below its limit.
#[entity]
pub struct Account {
    #[id]
    pub id: AccountId,
    #[lifecycle]
    pub status: AccountStatus,
    #[field(default = Holder::Person)]
    pub holder: Holder,
    #[field(default = Decimal::ZERO)]
    pub balance: Decimal,
    #[field(range(0..=1000))]
    pub limit: i32,
    pub note: Option<String>,
    #[field(computed = self.balance + Decimal::from(self.limit))]
    pub available: Decimal,
    #[field(merge = max)]
    pub seen: Option<Timestamp>,
    pub tally: Tally,
}

/// Money came.
#[event]
pub struct Deposited {
    pub account_id: AccountId,
    pub amount: Decimal,
    pub balance: Decimal,
}

/// Print a statement.
#[effect(reply = Nothing)]
pub struct PrintStatement {
    pub account_id: AccountId,
}

#[transitions]
impl Account {
    #[create]
    pub fn open(id: AccountId, limit: i32, holder: Holder, tally: Tally) -> Self {
        Self { id, limit, holder, tally }
    }

    /// Somebody pays in.
    #[transition(Open)]
    pub fn deposit(&mut self, amount: Decimal, note: Option<String>, at: Timestamp) {
        requires!(Positive: amount > Decimal::ZERO, "a deposit is positive");
        requires!(Small: amount <= Decimal::new(100_000, 0), "a deposit is small");
        self.balance += amount;
        self.note = note;
        self.seen.merge(Some(at));
        emit!(Deposited { account_id: self.id, amount, balance: self.balance });
    }

    /// Somebody takes out.
    #[transition(Open)]
    pub fn withdraw(&mut self, amount: Decimal) {
        requires!(Positive: amount > Decimal::ZERO, "a withdrawal is positive");
        self.balance -= amount;
    }

    /// The bank learns that interest was paid elsewhere.
    #[fact(external_id = id_of_interest)]
    pub fn record_interest(&mut self, id_of_interest: String) {
        self.note = Some(id_of_interest);
    }

    /// The account is closed.
    #[transition(Open => Closed)]
    pub fn close(&mut self) {
        requires!(Settled: self.balance.is_zero(), "there is money left");
        request!(PrintStatement { account_id: self.id });
    }

    /// What no walk comes to.
    #[transition(Closed)]
    pub fn never(&mut self) {
        requires!(Impossible: self.balance > Decimal::ZERO, "a closed account is empty");
        self.note = None;
    }

    /// An account never goes below its limit.
    #[invariant]
    fn within_limit(&self) -> bool {
        self.available >= Decimal::ZERO
    }

    /// A closed account is empty.
    #[invariant]
    fn closed_accounts_are_empty(&self) -> bool {
        self.status != AccountStatus::Closed || self.balance.is_zero()
    }
}
