//! Domains that a `macro_rules!` writes, from parts that it was given in every way.

#![allow(clippy::redundant_pub_crate, reason = "the visibilities are handed on")]

use cohesive::kernel::{Entity as _, Structure as _};
use cohesive::prelude::*;
use cohesive::{create, decide};

/// Everything is handed in.
macro_rules! domain {
    (
        $(#[$about:meta])*
        $visibility:vis $name:ident($id:ident) as $table:literal {
            $($(#[$told:meta])* $field:ident: $ty:ty = $default:expr,)*
        }
        $status:ident: $first:ident $edge:ident $last:ident;
        $event:ident, $guard:ident: $condition:expr, $message:literal;
        $text:expr, $list:expr, $pattern:pat
    ) => {
        /// An identifier.
        #[derive(Id)]
        $visibility struct $id(String);

        /// Where it stands.
        #[derive(Lifecycle)]
        $visibility enum $status {
            /// The beginning.
            #[initial]
            $first,
            /// The end.
            #[terminal]
            $last,
        }

        $(#[$about])*
        #[entity(table = $table)]
        $visibility struct $name {
            /// The id.
            #[id]
            $visibility id: $id,
            /// Where it stands.
            #[lifecycle]
            $visibility status: $status,
            $($(#[$told])* #[field(default = $default)] $visibility $field: $ty,)*
            /// What was said.
            $visibility said: Option<String>,
            /// A list.
            $visibility list: Vec<i64>,
        }

        /// It came to an end.
        #[event]
        $visibility struct $event {
            /// Which one.
            $visibility id: $id,
        }

        #[transitions]
        impl $name {
            /// The beginning.
            #[create]
            $visibility fn begin(id: $id, $($field: $ty),*) -> Self {
                Self { id, $($field),* }
            }

            /// The end.
            #[transition($first => $last)]
            $visibility fn $edge(&mut self, amount: i64, said: Option<String>) {
                requires!($guard: $condition, $message);
                let twice = amount * 2;
                if matches!(said, $pattern) {
                    self.said = Some($text.to_string());
                } else {
                    self.said = said;
                }
                let list = $list;
                if list.is_empty() {
                    self.list.push(twice);
                } else {
                    self.list = list;
                }
                emit!($event { id: self.id });
            }

            /// What others say of it.
            #[transition]
            #[consumes($event { id })]
            $visibility fn hear(&mut self) {}

            /// Always so.
            #[invariant]
            fn holds(&self) -> bool {
                $condition
            }
        }
    };
}

domain! {
    /// A box that a macro made.
    pub Crate(CrateId) as "wooden_crate" {
        /// How heavy it is.
        weight: i32 = 1 + 1,
        /// Whether it is open.
        open: Option<bool> = None,
    }
    CrateStatus: Packed send Sent;
    CrateSent, Lit: 1 < 2, "it is dark";
    "nothing", vec![1, 2], None
}

domain! {
    /// Two in one file do not meet.
    pub(crate) Barrel(BarrelId) as "barrel" {}
    BarrelStatus: Full drink Empty;
    BarrelEmpty, Thirsty: true, "nobody is thirsty";
    "cheers", Vec::new(), Some(_)
}

/// A part of an entity comes from an outer macro, the word for the entity from an inner one.
macro_rules! outer {
    ($($rest:tt)*) => { inner! { Sack $($rest)* } };
}

macro_rules! inner {
    ($name:ident $id:ident $($parameter:ident)*) => {
        /// The id of a sack.
        #[derive(Id)]
        pub struct $id(i64);

        /// A sack.
        #[entity]
        pub struct $name {
            /// The id.
            #[id]
            pub id: $id,
            $(
                #[doc = concat!("A ", stringify!($parameter))]
                pub $parameter: i32,
            )*
            /// The sum.
            #[field(computed = 0 $(+ self.$parameter)*)]
            pub sum: i32,
        }

        #[transitions]
        impl $name {
            /// Fills a sack.
            #[create]
            pub fn fill(id: $id, $($parameter: i32),*) -> Self {
                Self { id, $($parameter),* }
            }

            $(
                /// Something more.
                #[transition]
                pub fn $parameter(&mut self, $parameter: i32) {
                    self.$parameter += $parameter;
                }
            )*
        }
    };
}

outer! { SackId corn beans }

#[test]
fn a_macro_writes_a_domain() {
    assert_eq!(Crate::STRUCTURE.table, "wooden_crate");
    assert_eq!(Crate::STRUCTURE.docs, "A box that a macro made.");
    assert_eq!(Crate::STRUCTURE.field("weight").unwrap().docs, "How heavy it is.");
    assert_eq!(Crate::MODEL.transitions[1].guards[0].message, "it is dark");
    let begin = BeginCrate { id: "C-1".parse().unwrap(), weight: 3, open: Some(true) };
    let made = create(&begin, &crate::context()).applied().unwrap().created().unwrap();
    let send = SendCrate { amount: 21, said: None };
    let decision = decide(&made, Version::INITIAL, &send, &crate::context());
    let after = decision.applied().unwrap().after(&made).unwrap();
    assert_eq!((after.said.as_deref(), after.list.as_slice()), (Some("nothing"), [1, 2].as_slice()));
    assert_eq!((after.weight, after.status), (3, CrateStatus::Sent));

    let begin = BeginBarrel { id: "B-1".parse().unwrap() };
    let full = create(&begin, &crate::context()).applied().unwrap().created().unwrap();
    let drink = DrinkBarrel { amount: 1, said: Some("skol".to_owned()) };
    let decision = decide(&full, Version::INITIAL, &drink, &crate::context());
    assert_eq!(decision.applied().unwrap().after(&full).unwrap().said.as_deref(), Some("cheers"));
}

#[test]
fn macros_may_call_macros() {
    let fill = FillSack { id: SackId::new(1).unwrap(), corn: 2, beans: 3 };
    let sack = create(&fill, &crate::context()).applied().unwrap().created().unwrap();
    assert_eq!(sack.sum, 5);
    let decision = decide(&sack, Version::INITIAL, &BeansSack { beans: 4 }, &crate::context());
    assert_eq!(decision.applied().unwrap().after(&sack).unwrap().sum, 9);
    assert_eq!(CornSack { corn: 1 }, CornSack { corn: 1 });
}
