//! The manual: a page for each thing that is written, with a question as heading, an example that runs, and the rules.
//!
//! | what is written | page |
//! |---|---|
//! | `#[entity]` | [What is my thing made of?](macro@crate::entity) |
//! | `#[field(…)]` on a field, a member or a parameter | [What may a field be like?](field) |
//! | types of fields and parameters | [Which types can a value have?](types) |
//! | `#[derive(Id)]` | [How do I tell my things apart?](derive@crate::Id) |
//! | `#[derive(Value)]` | [How do I put several values into one field? How does an entity own other things?](derive@crate::Value) |
//! | `#[derive(Lifecycle)]` | [Which states does it go through?](derive@crate::Lifecycle) |
//! | `#[event]` | [How do others learn what happened?](macro@crate::event) |
//! | `#[effect]` | [How do I ask for something to be done outside?](macro@crate::effect) |
//! | `#[transitions]` | [What may happen to it, and what always holds?](macro@crate::transitions) |
//! | `#[create]` | [How does one come to be?](create) |
//! | `#[transition]`, `conflict = …` | [When may it happen, and where does it lead?](transition) |
//! | `#[consumes]` | [How does one thing follow from another?](consumes) |
//! | `#[fact]` | [How do I take in what has happened already?](fact) |
//! | `#[invariant]` | [What always holds?](invariant) |
//! | `#[native]` | [What if the language of bodies is not enough?](native) |
//! | `requires!`, `reject!` | [How does a transition refuse?](requires) |
//! | `emit!`, `request!` | [How does a transition tell others and ask for things?](emit) |
//! | `impl Handle<…>` | [Who does what effects ask for?](handlers) |
//! | statements and values | [What may a body say?](body) |
//!
//! | what is read or used | page |
//! |---|---|
//! | the broker Kafka | [How do I publish to Kafka and receive from it?](kafka) |
//! | signed HTTP requests as a broker | [How do I tell others by signed HTTP requests?](webhook) |
//! | references, diagrams, schemas | [Which documents do I get?](documents) |
//! | scenarios | [How do I test my domain?](testing) |
//! | promises | [What does it guarantee, and what does it not?](guarantees) |
//! | NATS, RabbitMQ, Kafka | [Which brokers carry my events, and what does each promise?](brokers) |
//! | subcommands, health, metrics | [How do I operate it?](operate) |
//! | the test that `check!` writes | [Does my model mean what it says?](macro@crate::check) |
//! | compile errors | [What does this code mean?](errors) |
//! | before all this | [Is this for you, and when not?](fit) |
//!
//! The modules here are pages, and hold nothing else.

#[doc = include_str!("../docs/manual/body.md")]
pub mod body {}
#[doc = include_str!("../docs/manual/brokers.md")]
pub mod brokers {}
#[doc = include_str!("../docs/manual/consumes.md")]
pub mod consumes {}
#[doc = include_str!("../docs/manual/create.md")]
pub mod create {}
#[doc = include_str!("../docs/manual/documents.md")]
pub mod documents {}
#[doc = include_str!("../docs/manual/emit.md")]
pub mod emit {}
#[doc = include_str!("../docs/errors.md")]
pub mod errors {}
#[doc = include_str!("../docs/manual/fact.md")]
pub mod fact {}
#[doc = include_str!("../docs/manual/field.md")]
pub mod field {}
#[doc = include_str!("../docs/manual/fit.md")]
pub mod fit {}
#[doc = include_str!("../docs/manual/guarantees.md")]
pub mod guarantees {}
#[doc = include_str!("../docs/manual/handlers.md")]
pub mod handlers {}
#[doc = include_str!("../docs/manual/invariant.md")]
pub mod invariant {}
#[doc = include_str!("../docs/manual/kafka.md")]
pub mod kafka {}
#[doc = include_str!("../docs/manual/native.md")]
pub mod native {}
#[doc = include_str!("../docs/manual/operate.md")]
pub mod operate {}
#[doc = include_str!("../docs/manual/requires.md")]
pub mod requires {}
#[doc = include_str!("../docs/manual/testing.md")]
pub mod testing {}
#[doc = include_str!("../docs/manual/transition.md")]
pub mod transition {}
#[doc = include_str!("../docs/manual/types.md")]
pub mod types {}
#[doc = include_str!("../docs/manual/webhook.md")]
pub mod webhook {}
