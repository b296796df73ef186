//! The codes of what follows: inputs that follow events, and answers to effects.

use super::{Code, Reach};

pub(super) const FOLLOWING: &[Code] = &[
    Code::new(
        "COH0167",
        "`#[consumes]` belongs beside `#[create]` or `#[transition]`",
        "A creation or a transition follows an event; helpers and invariants change nothing, and a fact is told by its \
         source.",
        "Let a creation or a transition follow the event.",
    ),
    Code::new(
        "COH0168",
        "`amuont` is no parameter of `place`",
        "Each name in the pattern of an event is a parameter, or, for an update, the id of the entity.",
        "Write the name of a parameter; the help names the nearest one.",
    ),
    Code::new(
        "COH0169",
        "nothing of `OrderPaid` fills the parameter `amount`",
        "With an event nobody is there to supply what it does not say.",
        "Name a member for the parameter, or leave the parameter out.",
    ),
    Code::new(
        "COH0170",
        "`ship` does not say which entity `OrderPaid` is about",
        "An update changes one entity, and the event has to name it.",
        "Give a member the name of the id: `#[consumes(OrderPaid { order_id: id, .. })]`.",
    ),
    Code::new(
        "COH0171",
        "`sum` and `paid` both fill `amount`",
        "A parameter has one value. A member may fill several parameters.",
        "Keep one of them.",
    ),
    Code::new(
        "COH0172",
        "`ship` demands a version, and `OrderPaid` states none",
        "An event says what happened, and not what its reader has seen of another entity; every one would be refused.",
        "Write `conflict = at_head`, or leave the policy out.",
    ),
    Code::new(
        "COH0201",
        "`Order` has no transition `Order::confrim` for the answer of `SendLetter`",
        "What is answered, and what failed for good, comes back to the entity that asked.",
        "Name a transition of that entity which changes it; the help names the nearest one.",
    )
    .reach(Reach::Entity),
    Code::new(
        "COH0204",
        "nothing that `SendLetter` leaves fills `amount` of `Order::confirm`",
        "The input is made of the answer and the request: its parameters have the names and types of their members.",
        "Rename the parameter or give it the type of the member, or let the request carry what is missing.",
    )
    .reach(Reach::Entity),
    Code::new(
        "COH0205",
        "`Order::confirm` demands a version, and the answer of `SendLetter` states none",
        "While the effect was performed the entity may have changed; every answer would be refused.",
        "Write `conflict = at_head`, or leave the policy out.",
    )
    .reach(Reach::Entity),
];
