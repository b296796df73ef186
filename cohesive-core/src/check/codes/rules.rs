//! The codes of rules that look at more than one declaration, and of what is allowed in writing.

use super::{Code, Reach};
use crate::diagnostic::Severity;

const fn warning(code: &'static str, title: &'static str, why: &'static str, fix: &'static str) -> Code {
    Code::new(code, title, why, fix).severity(Severity::Warning).reach(Reach::Entity)
}

const fn hint(code: &'static str, title: &'static str, why: &'static str, fix: &'static str) -> Code {
    Code::new(code, title, why, fix).severity(Severity::Hint).reach(Reach::Entity)
}

pub(super) const RULES: &[Code] = &[
    Code::new(
        "COH0020",
        "an allowance gives its reason in words",
        "Whoever meets the allowance later has to judge whether it is still right.",
        "Write `allow(COH0702, reason = \"…\")` with the reason.",
    ),
    Code::new(
        "COH0021",
        "there is no code `COH0799`",
        "An allowance of a code that nobody knows would silence nothing.",
        "Write the code as the finding shows it; the help names a similar one.",
    ),
    Code::new(
        "COH0022",
        "`COH0107` is an error, and errors cannot be allowed",
        "A model with an error cannot be used, whatever the reason.",
        "Mend the error. Warnings and hints can be allowed.",
    ),
    warning(
        "COH0023",
        "nothing is found here that `allow(COH0702)` would silence",
        "An allowance without a finding hides the next one, which nobody has judged yet.",
        "Take it out.",
    ),
    Code::new(
        "COH0125",
        "the default of `priority` is outside of its own range",
        "Every creation that leaves the field out would be refused.",
        "Choose a default within the range, or widen the range.",
    ),
    Code::new(
        "COH0164",
        "the fact `record_payment` has a guard, `Positive`",
        "A fact happened already, so refusing it loses it. It can only be recorded, and looked at afterwards.",
        "Take the guard out and record the fact as it is, or declare a transition instead of a fact.",
    ),
    Code::new(
        "COH0165",
        "the fact `record_payment` has no parameter `payment_id`",
        "The source tells its facts apart by an id, and the same id again is the same fact.",
        "Name a parameter of the fact.",
    ),
    Code::new(
        "COH0166",
        "the creation `open` has the conflict policy `disjoint`",
        "Before its creation an entity has no version that a caller could have seen.",
        "Leave the policy out.",
    )
    .reach(Reach::Entity),
    Code::new(
        "COH0202",
        "`Order` and `Purchase` are both stored in the table `order`",
        "Two entities of one system with one name, table or path would be taken for each other.",
        "Give one of them another name with `#[entity(name = \"…\", table = \"…\", plural = \"…\")]`.",
    )
    .reach(Reach::System),
    Code::new(
        "COH0203",
        "two messages of the system are called `Closed`",
        "A message is published and looked up under its name.",
        "Rename one of them, for example with the name of its entity first.",
    )
    .reach(Reach::System),
    Code::new(
        "COH0301",
        "a timeout is a whole number above zero and a unit",
        "Without a length of time that can be read, nobody knows how long to wait.",
        "Write `timeout = \"30s\"`; the units are `ms`, `s`, `m` and `h`.",
    ),
    Code::new(
        "COH0302",
        "an effect is tried at least once",
        "An effect that is never tried would never be answered.",
        "Write `attempts = 8`; with `1` it is tried once.",
    ),
    warning(
        "COH0304",
        "effect `SendLetter` has no timeout",
        "An attempt without an end blocks what waits behind it for as long as the other side is silent.",
        "Write `timeout = \"30s\"` in `#[effect(…)]`.",
    ),
    warning(
        "COH0305",
        "effect `SendLetter` does not say how often it is tried",
        "Without a budget an effect that cannot succeed is tried for ever.",
        "Write `attempts = 8` in `#[effect(…)]`.",
    ),
    warning(
        "COH0306",
        "nothing follows when effect `SendLetter` fails for good",
        "After the last attempt the entity would wait for an answer that never comes.",
        "Write `otherwise = Order::letter_failed`, the transition that takes note of the failure.",
    ),
    warning(
        "COH0307",
        "`close` requests the irreversible `SendLetter` before `ReserveStock`",
        "When a later step fails, earlier ones are taken back, and this one cannot be.",
        "Request what cannot be taken back last.",
    ),
    warning(
        "COH0308",
        "event `Withdrawn` tells the change `amount` of `balance`, and not the new value",
        "A consumer that sees a difference twice, or misses one, is wrong from then on. A new value mends itself.",
        "Add the new value to the event, for example `balance: self.balance` after the assignment.",
    ),
    warning(
        "COH0310",
        "nothing in the system emits `PaymentReceived`",
        "What follows the event would never happen.",
        "Emit it, or take it out; allow it where another system emits it.",
    )
    .reach(Reach::System),
    hint(
        "COH0311",
        "nothing in the system follows `OrderClosed`",
        "An event that nobody follows may be for others, or may be left over.",
        "Nothing has to be done where others follow it.",
    )
    .reach(Reach::System),
    warning(
        "COH0312",
        "events go in a circle through `Order::close`",
        "Each round causes the next, so one input may never come to rest.",
        "Break the circle: let one of the transitions emit something else, or end the rounds with a guard \
         and allow it with the reason why they end.",
    )
    .reach(Reach::System),
    warning(
        "COH0313",
        "`ship` and `refund` both follow `PaymentReceived` in the state `Paid`",
        "One event would have two meanings, and the order of delivery would decide between them.",
        "Let them start from different states, or tell them apart by guards on one value of the event.",
    ),
    Code::new(
        "COH0701",
        "`reopen` leaves `Closed`, which is terminal",
        "Others rely on it that nothing happens after a terminal state: rows are archived, ids are freed.",
        "Leave the state out of the transition, or take `#[terminal]` off it.",
    ),
    warning(
        "COH0702",
        "no transition leads to the state `Held`",
        "No entity is ever in the state, so what it is for never happens.",
        "Add a transition that leads to it, or take the state out.",
    ),
    warning(
        "COH0703",
        "nothing leaves the state `Held`, and it is not terminal",
        "An entity in the state stays there for ever, whether that is meant or forgotten.",
        "Mark it `#[terminal]`, or add a transition that leaves it.",
    ),
    warning(
        "COH0704",
        "from the state `Held` no terminal state can be reached",
        "An entity that comes there moves in a circle and never ends.",
        "Add a transition out of the circle.",
    ),
    warning(
        "COH0705",
        "the guard `Small` of `close` never holds, so `close` never happens",
        "A condition that no input can meet refuses all of them.",
        "Correct the condition, or take the transition out.",
    ),
    warning(
        "COH0706",
        "the guards `Large` and `Small` of `close` contradict each other",
        "Each of them can hold, and both together cannot, so the transition never happens.",
        "Correct one of them, or make two transitions of it.",
    ),
    warning(
        "COH0707",
        "the guard `Positive` of `close` always holds",
        "A condition that every input meets refuses nothing, and its author believes that it does.",
        "Correct the condition, or take the guard out.",
    ),
    warning(
        "COH0708",
        "the guard `Positive` of `close` demands only what guards before it demand",
        "Guards are looked at in order, so its refusal is never given.",
        "Put the wider condition first, or take this one out.",
    ),
    warning(
        "COH0709",
        "a way of `close` is never taken",
        "Ways are looked at in order, and those before it take everything that it would take.",
        "Put the narrower condition first, or take the way out.",
    ),
    hint(
        "COH0710",
        "two ways of `close` overlap, and the first one decides",
        "Whoever moves one of the ways changes what happens to the values that both take.",
        "Nothing has to be done where the order is meant; conditions that exclude each other say it better.",
    ),
    warning(
        "COH0711",
        "the invariant `is_sound` always holds",
        "An invariant that cannot be broken guards nothing, and one that never holds refuses everything.",
        "Let it say something about the fields of the entity, or take it out.",
    ),
    warning(
        "COH0712",
        "`close` declares the target `Held` and never chooses it",
        "Diagrams and checks rely on declared targets, and would show a movement that never happens.",
        "Choose it in the body, or take it out of the declaration.",
    ),
    warning(
        "COH0713",
        "nothing uses the parameter `note` of `close`",
        "Callers have to supply it, and it is neither checked nor kept.",
        "Use it, or take it out.",
    ),
    hint(
        "COH0714",
        "no transition sets the field `note`",
        "A field that nothing sets has the same value in every entity.",
        "Set it, or take it out.",
    ),
    hint(
        "COH0715",
        "no rule reads the field `note`",
        "A field that no guard, body, invariant or computed field reads is kept for others only.",
        "Nothing has to be done where others read it.",
    ),
    warning(
        "COH0716",
        "the list `lines` has no greatest length",
        "A list that only grows makes every load and every commit of its entity slower, without an end.",
        "Write `#[field(length(..=100))]`, or make its elements entities of their own.",
    ),
];
