//! Private and restricted items, in nested modules, with the transitions in another file than the entity.

#![allow(missing_docs, clippy::redundant_pub_crate, reason = "the visibilities are what is tried")]

mod order {
    use cohesive::prelude::*;

    #[derive(Id)]
    pub(crate) struct OrderId(String);

    #[derive(Value)]
    pub(super) struct Secret {
        code: i32,
    }

    #[entity]
    pub(crate) struct Order {
        #[id]
        pub(crate) id: OrderId,
        pub(super) note: Option<String>,
        pub(in crate::visibilities::order) rank: Option<i32>,
    }

    #[event]
    pub(crate) struct OrderClosed {
        order_id: OrderId,
    }

    #[event]
    struct OrderLost {
        order_id: OrderId,
    }

    #[effect(reply = Nothing)]
    pub(super) struct FindOrder {
        order_id: OrderId,
    }

    #[transitions]
    impl Order {
        #[create]
        pub(crate) fn place(id: OrderId) -> Self {
            Self { id }
        }

        #[transition]
        fn close(&mut self, secret: Secret) {
            self.rank = Some(secret.code);
            self.note = None;
            emit!(OrderClosed { order_id: self.id });
        }

        #[transition]
        #[consumes(OrderLost { order_id: id })]
        fn lose(&mut self) {
            request!(FindOrder { order_id: self.id });
        }
    }

    pub(super) fn close(code: i32) -> impl cohesive::kernel::Update {
        CloseOrder { secret: Secret { code } }
    }
}

mod plain {
    pub mod entity {
        use cohesive::prelude::*;

        #[derive(Id)]
        pub struct BoxId(Uuid);

        #[entity]
        pub struct Box {
            #[id]
            pub id: BoxId,
            pub weight: i32,
        }
    }

    pub mod behaviour {
        use super::entity::{Box, BoxId};
        use cohesive::prelude::*;

        #[transitions]
        impl Box {
            #[create]
            pub fn pack(id: BoxId, weight: i32) -> Self {
                Self { id, weight }
            }

            #[transition]
            pub fn weigh(&mut self, weight: i32) {
                self.weight = weight;
            }
        }
    }
}

#[test]
fn private_and_restricted_items_are_as_they_were() {
    let _ = order::close(1);
    let _ = cohesive::create::<order::PlaceOrder>;
    let _ = cohesive::decide::<plain::behaviour::WeighBox>;
}

/// Types that others get under another name and from another place.
mod shop {
    mod inner {
        use cohesive::prelude::*;

        #[derive(Id)]
        pub struct PriceId(String);

        #[derive(Lifecycle)]
        pub enum PriceStatus {
            #[initial]
            Valid,
            #[terminal]
            Gone,
        }

        #[entity]
        pub struct Price {
            #[id]
            pub id: PriceId,
            #[lifecycle]
            pub status: PriceStatus,
            pub(super) amount: i32,
        }

        #[event]
        pub struct PriceGone {
            pub(super) price_id: PriceId,
        }
    }

    mod rules {
        use cohesive::prelude::*;

        use super::inner::PriceGone as Gone;
        use super::{Price, PriceId};

        #[transitions]
        impl Price {
            #[create]
            pub(in super::super) fn quote(id: PriceId, amount: i32) -> Self {
                Self { id, amount }
            }

            #[transition(Valid => Gone)]
            pub(in super::super) fn withdraw(&mut self) {
                emit!(Gone { price_id: self.id });
            }
        }
    }

    pub use inner::{Price, PriceId};
    pub(super) use rules::{QuotePrice, WithdrawPrice, WithdrawPriceEffect};
}

#[test]
fn re_exported_items_are_the_same() {
    let quote = shop::QuotePrice { id: shop::PriceId::new("P-1").unwrap(), amount: 3 };
    let price = cohesive::create(&quote, &crate::context()).applied().unwrap().created().unwrap();
    let decision =
        cohesive::decide(&price, cohesive::Version::INITIAL, &shop::WithdrawPrice {}, &crate::context());
    let applied = decision.applied().unwrap();
    assert!(matches!(applied.effects().iter().next(), Some(shop::WithdrawPriceEffect::Gone(_))));
}

/// An entity of one function, seen by nobody else.
#[test]
fn entities_may_be_local_to_a_function() {
    use cohesive::prelude::*;

    #[derive(Id)]
    struct NoteId(String);

    #[derive(Value)]
    enum Tone {
        Low,
        High,
    }

    #[entity]
    struct Note {
        #[id]
        id: NoteId,
        tone: Tone,
    }

    #[event]
    struct NotePlayed {
        tone: Tone,
    }

    #[transitions]
    impl Note {
        #[create]
        fn write(id: NoteId, tone: Tone) -> Self {
            Self { id, tone }
        }

        #[transition]
        fn play(&mut self) {
            requires!(Audible: self.tone != Tone::High, "it is too high");
            emit!(NotePlayed { tone: self.tone });
        }
    }

    let write = WriteNote { id: NoteId::new("N-1").unwrap(), tone: Tone::Low };
    let note = cohesive::create(&write, &crate::context()).applied().unwrap().created().unwrap();
    let decision = cohesive::decide(&note, Version::INITIAL, &PlayNote {}, &crate::context());
    assert_eq!(decision.applied().unwrap().effects().len(), 1);
}
