//! No parameters, several creations, one event in several transitions, one refusal in several places, helpers and
//! constants in the block, items made by `macro_rules!`, trailing commas.

#![allow(
    missing_docs,
    clippy::let_and_return,
    clippy::if_same_then_else,
    reason = "any form is tried, not the best one"
)]

use cohesive::prelude::*;
use cohesive::{create, decide};

#[derive(Id)]
pub struct OrderId(String);

#[derive(Lifecycle)]
pub enum OrderStatus {
    #[initial]
    Open,
    Held,
    #[terminal]
    Closed,
}

#[entity(table = "purchase_order")]
pub struct Order {
    #[id]
    pub id: OrderId,
    #[lifecycle]
    pub status: OrderStatus,
    #[field(index)]
    #[field(write_once, wire = "nr")]
    pub number: Option<i32>,
    pub amount: i32,
}

#[event]
pub struct OrderChanged {}

#[effect(reply = Vec<String>,)]
pub struct AskForNames {}

#[allow(clippy::needless_pass_by_value, reason = "an attribute of the user's above ours")]
#[transitions]
impl Order {
    pub const LIMIT: i32 = 100;

    #[create]
    pub fn place(id: OrderId, amount: i32) -> Self {
        emit!(OrderChanged {});
        Self { id, amount }
    }

    #[create]
    pub fn import(id: OrderId, number: i32) -> Self {
        Self { id, number: Some(number), amount: Self::LIMIT }
    }

    #[transition(Open => Held)]
    pub fn hold(&mut self) {
        emit!(OrderChanged {});
        request!(AskForNames {});
    }

    #[transition(Open | Held => Closed, conflict = at_head,)]
    pub fn r#final(&mut self, mut amount: i32) {
        requires!(Positive: amount > -1, "it is negative");
        let doubled = {
            let twice = amount * 2;
            twice
        };
        if doubled > Self::LIMIT {
            reject!(TooMuch, "it is too much");
        } else if doubled == 13 {
            reject!(TooMuch, "it is too much");
        }
        self.amount = match doubled {
            0 => 1,
            known if known == 2 => known,
            other => other,
        };
    }

    /// A helper.
    pub const fn is_large(&self) -> bool {
        self.amount > Self::LIMIT
    }
}

macro_rules! entity {
    ($name:ident, $id:ident, $ty:ty, $limit:expr) => {
        #[derive(Id)]
        pub struct $id(String);

        #[entity]
        pub struct $name {
            #[id]
            pub id: $id,
            pub content: $ty,
            pub open: bool,
        }

        #[transitions]
        impl $name {
            #[create]
            pub fn make(id: $id, content: $ty) -> Self {
                Self { id, content, open: !$limit }
            }
        }
    };
}

entity!(Crate, CrateId, Option<Decimal>, 1 > 2);

#[test]
fn many_ways_to_write_a_domain() {
    let context = crate::context();
    let import = ImportOrder { id: "O-1".parse().unwrap(), number: 7 };
    let order = create(&import, &context).applied().unwrap().created().unwrap();
    assert!(!order.is_large());
    let decision = decide(&order, Version::INITIAL, &FinalOrder { amount: 0 }, &context);
    assert_eq!(decision.applied().unwrap().changed(), ["status", "amount"]);
    let decision = decide(&order, Version::INITIAL, &FinalOrder { amount: 51 }, &context);
    assert_eq!(decision.rejection(), Some(&FinalOrderRejection::TooMuch));
    let make = MakeCrate { id: "C-1".parse().unwrap(), content: None };
    assert!(create(&make, &context).applied().unwrap().created().unwrap().open);
    let _ = decide::<HoldOrder>;
}
