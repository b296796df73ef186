//! The codes of what is wrong with one declaration.

use super::Code;

pub(super) const DECLARATIONS: &[Code] = &[
    Code::new(
        "COH0001",
        "a word that cannot be read: unexpected end of input, expected an expression",
        "The arguments of an attribute or a macro follow Rust's grammar, and the rest cannot be read \
         where one word does not fit.",
        "Write the word that is expected at the marked place.",
    ),
    Code::new(
        "COH0002",
        "unknown argument `uniqe` for `#[field]`",
        "An argument that nobody knows would have no effect, and its author would believe that it has one.",
        "Write one of the arguments that the attribute takes; the help names the nearest one.",
    ),
    Code::new(
        "COH0003",
        "`unique` is given twice",
        "Two values for one setting contradict each other, or one of them is superfluous.",
        "Keep one of them.",
    ),
    Code::new(
        "COH0004",
        "`default` needs a value",
        "Every argument, marker and statement has one form.",
        "Write it in the form that the help shows.",
    ),
    Code::new(
        "COH0005",
        "`#[entity]` belongs on a struct with named fields",
        "Each attribute describes one kind of item, by the names of its fields, members or variants.",
        "Move the attribute to such an item, or give the fields names.",
    ),
    Code::new(
        "COH0101",
        "entity `Order` has no id field",
        "Inputs, messages and rows all refer to an entity by its id.",
        "Mark the field that identifies it with `#[id]`.",
    ),
    Code::new(
        "COH0102",
        "entity `Order` has two id fields, `id` and `number`",
        "An entity is found by one id; a second one would make two entities of one.",
        "Keep `#[id]` on one field; `#[field(unique)]` suits the other.",
    ),
    Code::new(
        "COH0103",
        "entity `Order` has two lifecycle fields, `status` and `payment`",
        "Transitions move one lifecycle along declared edges.",
        "Keep `#[lifecycle]` on one field, and make the other an ordinary field.",
    ),
    Code::new(
        "COH0104",
        "entity `Order` has no fields",
        "An entity without fields cannot be told from another one.",
        "Give it an id at least.",
    ),
    Code::new(
        "COH0105",
        "an entity has no generic parameters",
        "A model is data about definite types: one table, one document, one message each.",
        "Name the types.",
    ),
    Code::new(
        "COH0106",
        "`total` cannot be both `computed` and `default`",
        "The two settings give the field its value in two ways.",
        "Leave one of them out.",
    ),
    Code::new(
        "COH0107",
        "`total` is computed and never assigned",
        "A computed field follows from others after every transition; an assignment would be lost.",
        "Change the fields that it is computed from.",
    ),
    Code::new(
        "COH0108",
        "`place` leaves out `amount`, which is required",
        "Every entity has a value for a required field from its creation on.",
        "Set the field in `Self { … }`, give it a default, or make it an `Option`.",
    ),
    Code::new(
        "COH0109",
        "`id` is the id and never changes",
        "Messages, keys and other entities refer to the id.",
        "Create another entity.",
    ),
    Code::new(
        "COH0110",
        "`status` moves by the declared states only",
        "The lifecycle moves along the edge that the transition declares, so that diagrams and checks can \
         rely on it.",
        "Leave the assignment out, or declare several targets and choose among them in the body.",
    ),
    Code::new(
        "COH0111",
        "`number` is write-once and there from the creation on",
        "A write-once field takes its value once, and a required one has it from the creation on.",
        "Make it an `Option` to set it later, or leave out `write_once`.",
    ),
    Code::new(
        "COH0112",
        "`note` and `remark` have the same wire name `note`",
        "Names on the wire and in the store have to be distinct, and of an alphabet that every store has.",
        "Give one of them another name.",
    ),
    Code::new(
        "COH0113",
        "the computed field `total` cannot depend on another computed field",
        "Computed fields are calculated in one pass, in no particular order.",
        "Write out what the other field is computed from.",
    ),
    Code::new(
        "COH0115",
        "a parameter cannot depend on `cfg`",
        "Fields, members and methods may stand under a condition, and each condition writes the item twice; an input \
         has one shape, and more than four conditions would write the item more than sixteen times.",
        "Take the parameter always, as an `Option` where it may be absent; give members that belong together one \
         condition.",
    ),
    Code::new(
        "COH0116",
        "there is a field `amount` already",
        "A name means one thing.",
        "Give each field and each member a name of its own.",
    ),
    Code::new(
        "COH0120",
        "lifecycle `OrderStatus` does not say where an entity starts",
        "A creation puts the entity into the first state.",
        "Mark one state with `#[initial]`.",
    ),
    Code::new(
        "COH0121",
        "lifecycle `OrderStatus` starts in `Open` already",
        "An entity starts in one state.",
        "Keep one `#[initial]`.",
    ),
    Code::new(
        "COH0122",
        "`Closed` carries data, and a name in a list is only a name",
        "A state or a choice is stored and sent as its name.",
        "Keep the data in a field of the entity.",
    ),
    Code::new(
        "COH0123",
        "`OrderStatus` has no variants",
        "A list without names has no value, so nothing of that type could exist.",
        "Add a name.",
    ),
    Code::new(
        "COH0130",
        "an update changes its entity",
        "A transition has one form: an update takes `&mut self` and returns nothing, a creation returns \
         `Self`, an invariant asks a question; parameters own their values, because the input is stored \
         and sent.",
        "Write the signature that the help shows.",
    ),
    Code::new(
        "COH0131",
        "there is a transition `close` already",
        "The name is part of paths, codes and the origin of messages, so it has to mean one thing.",
        "Give each transition and each invariant a name of its own.",
    ),
    Code::new(
        "COH0132",
        "`Free` names another refusal of this transition already",
        "A refusal's name is part of its code, by which callers tell refusals apart.",
        "Give each refusal a name of its own.",
    ),
    Code::new(
        "COH0133",
        "no transition creates `Order`",
        "An update needs an entity that is there already, and nothing is created silently.",
        "Add a method with `#[create]`.",
    ),
    Code::new(
        "COH0134",
        "`OrderClosed` and `other::OrderClosed` are two messages with one name",
        "A message is published and looked up under its name.",
        "Rename one, or write both the same way where they are one.",
    ),
    Code::new(
        "COH0135",
        "`clear` may change the entity and is no transition",
        "Only transitions change an entity, so that every change can be stated, stored and told.",
        "Mark the method `#[transition]`, or take `&self`.",
    ),
    Code::new(
        "COH0136",
        "a creation ends in the new entity",
        "What a creation makes is read from its last expression.",
        "End the body with `Self { … }`.",
    ),
    Code::new(
        "COH0140",
        "the identifier `OrderId` is not one value with a name",
        "An identifier is stored in one column and sent as one value.",
        "Write `pub struct OrderId(String);`, or with `Uuid`, `i64`, `i32` or `u32`.",
    ),
    Code::new(
        "COH0150",
        "`bool` has no length",
        "A constraint measures a size, a length or a text, and a value of this type has none.",
        "Use `range` for numbers, instants and money, `length` for texts and lists, `pattern` for texts.",
    ),
    Code::new(
        "COH0151",
        "this is no regular expression: unclosed group",
        "A pattern is compiled once and has to match the whole text of the field.",
        "Write it as the crate `regex-lite` reads it.",
    ),
    Code::new(
        "COH0152",
        "`String` does not hold the id of the entity it refers to",
        "A reference is the id of another entity, so that neither can be taken for something else.",
        "Give the field the id type of that entity, or an option, a list or a set of it.",
    ),
    Code::new(
        "COH0153",
        "`Money` cannot be merged by `Max`",
        "A merge has to give one result whatever the order of the changes, and this type has no such join.",
        "Use `max` or `min` for values with an order, and `union` for sets.",
    ),
    Code::new(
        "COH0154",
        "a member has no `check`",
        "A member of a record or an input is looked at alone; rules over several values belong to the entity.",
        "Use `range`, `length` or `pattern`, or write an `#[invariant]` of the entity.",
    ),
    Code::new(
        "COH0155",
        "no value lies in this range",
        "Every input would be refused.",
        "Put the lesser bound first.",
    ),
    Code::new(
        "COH0156",
        "`Debug` would show what `Guest` says about a person",
        "Values marked `pii` stay out of logs, and a derived `Debug` would print them.",
        "Leave out `Debug`: one that hides such values is generated.",
    ),
    Code::new(
        "COH0157",
        "`seen` has a merge and changes by it only",
        "A field with a merge has one value whatever the order of its changes; an assignment would undo that, and \
         a field without a merge cannot be joined.",
        "Write `self.seen.merge(…)`, or leave out `merge = …` and assign the field.",
    ),
    Code::new(
        "COH0158",
        "`touched` is kept without anybody assigning it",
        "The versions of the fields are noted by every transition, and an assignment would falsify them.",
        "Leave the assignment out.",
    ),
    Code::new(
        "COH0160",
        "a fact cannot be refused, so it comes in any state",
        "What has happened has happened, whatever state the entity is in.",
        "Write `_ => …`, and let the body look at the state.",
    ),
    Code::new(
        "COH0161",
        "a fact names the parameter by which its source tells facts apart",
        "The same fact may be told several times, and is recorded once.",
        "Write `#[fact(external_id = payment_id)]`.",
    ),
    Code::new(
        "COH0162",
        "`Order` does not keep when its fields changed",
        "`conflict = disjoint` compares what a transition reads and writes with what has changed since.",
        "Declare a field for it: `#[field_versions] pub touched: FieldVersions`.",
    ),
    Code::new(
        "COH0163",
        "`score` does not declare that it looks at `total`",
        "What a transition reads is known before it runs, and only that is loaded; the body of a helper is not read.",
        "List the field: `#[native(reads(total))]`.",
    ),
    Code::new(
        "COH0303",
        "effect `SendLetter` does not say what is answered",
        "Whoever asks for an effect is owed one reply or one failure.",
        "Write `#[effect(reply = Nothing)]`, or the type of the reply.",
    ),
    Code::new(
        "COH0601",
        "a loop is not available in a transition",
        "A body is read as data, so it is made of what has a meaning in every store and every document: \
         conditions, calculations, assignments and messages. Input, output and time come in as parameters \
         or through the context.",
        "Use what the help names: a fold, a parameter, a guard, an effect.",
    ),
    Code::new(
        "COH0602",
        "`unwrap` is not available in a transition",
        "Only methods that are pure and always have a result may be called.",
        "Use a permitted method; the help names the nearest one.",
    ),
    Code::new(
        "COH0603",
        "there is no `amonut` here",
        "A body sees the fields of its entity, its parameters, its own names and constants.",
        "Write one of these names; the help names the nearest one.",
    ),
    Code::new(
        "COH0604",
        "`note` is assigned a second time on this path",
        "A field has one new value for each transition, so that the change can be stated.",
        "Put the value together in a `let`, and assign it once.",
    ),
    Code::new(
        "COH0605",
        "a guard comes before everything else",
        "Guards see the state as it was loaded, and all of them are checked before anything happens.",
        "Move it to the top, or use `reject!` within an `if`.",
    ),
    Code::new(
        "COH0606",
        "`WrongState` has a meaning of its own",
        "Some names of refusals are those of rules that every transition has, and each name is that of a \
         variant.",
        "Choose another name, in the spelling of a type.",
    ),
    Code::new(
        "COH0607",
        "a binary float is not exact",
        "A binary float cannot hold most decimal fractions, so sums would depend on their order.",
        "Use a whole number, or `Decimal::new(150, 2)` for 1.50.",
    ),
    Code::new(
        "COH0608",
        "only a field of the entity can be assigned",
        "What a transition changes is a set of fields.",
        "Write `self.field = …`; to change a part of a value, assign the whole value.",
    ),
    Code::new(
        "COH0609",
        "`println!` is not available in a transition",
        "A body is data and has no other effect than those that it declares.",
        "Use `requires!`, `reject!`, `emit!` and `request!` as statements; `matches!`, `format!` and \
         `vec!` as values.",
    ),
    Code::new(
        "COH0610",
        "`close` declares several targets and chooses none",
        "With several targets, the body says where the lifecycle moves.",
        "Assign the lifecycle field.",
    ),
    Code::new(
        "COH0611",
        "`Open` is not a declared target of `close`",
        "The body may move the lifecycle to the declared states only, so that diagrams and checks can \
         rely on them.",
        "Choose a declared target, or add the state to the declaration.",
    ),
    Code::new(
        "COH0612",
        "a path through `close` does not choose a target",
        "A path without a choice would leave the entity in a state that the declaration rules out.",
        "Assign the lifecycle field on every path, or add `_` to the targets for \"stay\".",
    ),
];
