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
