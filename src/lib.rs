//! Annotate a domain once; get decisions, storage, outbox, HTTP API and documents that state what they guarantee.
//!
//! A team writes its domain as ordinary structs and methods. From that one model Cohesive generates, at compile
//! time, the pure decision code, the typed rows, the atomic commit of state and outbox, the idempotent requests, the
//! HTTP API with its OpenAPI document, and the typed refusals.
//!
//! ```
//! use cohesive::prelude::*;
//! use cohesive::{CorrelationId, decide};
//!
//! #[derive(Id)]
//! pub struct LoanId(String);
//!
//! #[derive(Lifecycle)]
//! pub enum LoanStatus { #[initial] Out, #[terminal] Returned }
//!
//! /// A book that somebody has.
//! #[entity]
//! pub struct Loan {
//!     #[id]        pub id: LoanId,
//!     #[lifecycle] pub status: LoanStatus,
//!     #[field(write_once)] pub due: Date,
//!     pub fee: Option<Decimal>,
//! }
//!
//! /// A book came back.
//! #[event]
//! pub struct BookReturned { pub loan_id: LoanId, pub late: bool }
//!
//! #[transitions]
//! impl Loan {
//!     #[create]
//!     pub fn lend(id: LoanId, due: Date) -> Self { Self { id, due } }
//!
//!     /// Somebody brings the book back, and pays when it is late.
//!     #[transition(Out => Returned)]
//!     pub fn bring_back(&mut self, on: Date, paid: Option<Decimal>) {
//!         requires!(FeePaid: on <= self.due || paid.is_some(), "a late book costs a fee");
//!         self.fee = paid;
//!         emit!(BookReturned { loan_id: self.id, late: on > self.due });
//!     }
//! }
//!
//! # cohesive::check::sound(cohesive::check::entity(<Loan as cohesive::kernel::Entity>::MODEL)).unwrap();
//! // Deciding is a pure function: no database, no clock, no runtime.
//! let due: Date = "2026-03-01".parse()?;
//! let loan = Loan { id: "L-1".parse()?, status: LoanStatus::Out, due, fee: None };
//! let context = Context::new("2026-03-05T10:00:00Z".parse()?, "visit-7".parse::<CorrelationId>()?);
//! let late = BringBackLoan { on: "2026-03-05".parse()?, paid: None };
//! let decision = decide(&loan, Version::INITIAL, &late, &context);
//! assert_eq!(decision, Decision::Rejected(BringBackLoanRejection::FeePaid));
//!
//! let in_time = BringBackLoan { on: "2026-02-20".parse()?, paid: None };
//! let decision = decide(&loan, Version::INITIAL, &in_time, &context);
//! let applied = decision.applied().expect("a book that comes back in time");
//! assert_eq!(applied.changed(), ["status"]);
//! assert_eq!(applied.after(&loan)?.status, LoanStatus::Returned);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What do I write?
//!
//! | attribute | on | says |
//! |---|---|---|
//! | [`#[entity]`](macro@entity) | a struct | what the thing is made of |
//! | [`#[derive(Lifecycle)]`](derive@Lifecycle) | an enum | the states it goes through |
//! | [`#[derive(Id)]`](derive@Id) | a tuple struct | an identifier of its own type |
//! | [`#[derive(Value)]`](derive@Value) | a struct or an enum | a value that fields and inputs can have |
//! | [`#[event]`](macro@event) | a struct | something that happened, told to others |
//! | [`#[effect]`](macro@effect) | a struct | something to be done outside, asked of others |
//! | [`#[transitions]`](macro@transitions) | an impl block | what may happen, and what always holds |
//!
//! [The manual](manual) has a page for each of these, and for everything that stands within them.
//!
//! # What do I get?
//!
//! For a method `accept` of an entity `Tender`: the input `AcceptTender`, the refusals `AcceptTenderRejection`, the
//! effects `AcceptTenderEffect`; for the entity, `TenderPatch` (some of its fields) and `TenderView` (references to
//! some of its fields). [`decide()`] and [`create()`] decide; [`render`] draws [the documents](manual::documents), and [`check!`](macro@check)
//! writes the test that finds what the compiler cannot: states that nothing leads to, guards that never hold, effects
//! without a failure path.
//!
//! # How do I make it durable?
//!
//! A [`node::Node`] serves a [`node::System`] from a [`store::Store`], and [`http::router`] puts an API in front of
//! it. State, outbox messages and the answer to a repeated request commit as one.
//!
//! ```no_run
//! # use cohesive::prelude::*;
//! # #[derive(Id)] pub struct LoanId(String);
//! # #[entity] pub struct Loan { #[id] pub id: LoanId }
//! # #[transitions] impl Loan { #[create] pub fn lend(id: LoanId) -> Self { Self { id } } }
//! # #[cfg(all(feature = "http", feature = "sqlite"))]
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//! use cohesive::http::{HttpOptions, router, serve};
//! use cohesive::node::{Node, NodeOptions, System};
//! use cohesive::port::Ports;
//! use cohesive::store::sqlite::{SqliteOptions, SqliteStore};
//!
//! let system = System::new("library").entity::<Loan>();
//! let store = SqliteStore::open("library.db", &system.structures(), SqliteOptions::default())?;
//! let node = Node::start(system, Arc::new(store), Ports::system(), NodeOptions::default());
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
//! serve(listener, router(&node, HttpOptions::default()), async { drop(tokio::signal::ctrl_c().await) }).await;
//! node.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! # What is guaranteed, and what is not?
//!
//! State, outbox messages and receipts of one input are durable together or not at all, and every answer states the
//! boundary that was reached ([`Boundary`]), never a higher one. A committed answer proves the duty to publish; a
//! relay publishes, at least once and in the order of each entity. [Every promise, and what is none](manual::guarantees).
//!
//! # Is this for you?
//!
//! It is, where an input changes one thing with rules, others have to learn of it, and losing or doubling either
//! costs money. It is not, where you move bulk data, need several entities in one transaction, or want to write
//! arbitrary code in a transition: bodies are a pure subset of Rust on purpose. [When something else is
//! better](manual::fit).
//!
//! # Features
//!
//! `sqlite` and `http` are on by default. `engine` is the commit engine with an in-memory store. Without features
//! there are the language, the model and the pure decisions, and neither a runtime nor a database in your tree.
//! `effects-http` is a client for [handlers that call others](manual::handlers), `webhook` [signed HTTP
//! requests](manual::webhook) as a broker.

#![warn(missing_docs)]

#[cfg(feature = "http")]
pub use cohesive_bindings::http;
#[cfg(feature = "operate")]
pub use cohesive_bindings::operate;
#[cfg(feature = "engine")]
pub use cohesive_bindings::{broker, consumer, effects, envelope, node, port, relay, store};
pub use cohesive_core::kernel::{
    Actor, Applied, Boundary, CausationId, Context, CorrelationId, Decision, EffectCall, EffectFailure,
    EffectSet, Effects, FailureClass, FieldVersions, Handle, Invalid, MessageId, Nothing, Refusal, Rejection,
    RejectionClass, TraceParent, Unobserved, Version, create, decide, rejection_code,
};
pub use cohesive_core::value::{
    Bytes, Currency, Date, Decimal, Duration, EntityId, Flaw, Money, Timestamp, Uuid,
};
pub use cohesive_core::{check, diagnostic, kernel, model, render, value};
#[cfg(feature = "testing")]
pub use cohesive_core::{interpret, testing};
#[cfg(feature = "testing")]
#[doc = include_str!("../docs/manual/properties.md")]
pub use cohesive_macros::properties;

#[doc = include_str!("../docs/manual/check.md")]
pub use cohesive_macros::check;

#[doc = include_str!("../docs/manual/id.md")]
pub use cohesive_macros::Id;
#[doc = include_str!("../docs/manual/lifecycle.md")]
pub use cohesive_macros::Lifecycle;
#[doc = include_str!("../docs/manual/value.md")]
pub use cohesive_macros::Value;
#[doc = include_str!("../docs/manual/effect.md")]
pub use cohesive_macros::effect;
#[doc = include_str!("../docs/manual/entity.md")]
pub use cohesive_macros::entity;
#[doc = include_str!("../docs/manual/event.md")]
pub use cohesive_macros::event;
#[doc = include_str!("../docs/manual/transitions.md")]
pub use cohesive_macros::transitions;

pub mod manual;

/// Everything that a domain file needs: `use cohesive::prelude::*;`.
pub mod prelude {
    pub use cohesive_core::kernel::{
        Context, Decision, EffectCall, EffectFailure, FieldVersions, Handle, Nothing, Version,
    };
    pub use std::collections::BTreeSet;

    pub use cohesive_core::value::{Bytes, Currency, Date, Decimal, Duration, Money, Timestamp, Uuid};
    pub use cohesive_macros::{Id, Lifecycle, Value, effect, entity, event, transitions};
}

/// What generated code names. Not part of the interface: anything here may change in any release.
#[doc(hidden)]
pub mod __private {
    pub use cohesive_core::check;
    pub use cohesive_core::check::consts::{
        Names, Writing, assignable, complete, identifies, keeps_field_versions, leavable,
        leavable_everywhere, listed, names,
    };
    pub use cohesive_core::kernel::arithmetic::{self, Arithmetic};
    pub use cohesive_core::kernel::collection;
    pub use cohesive_core::kernel::{
        Constant, Context, Create, CreatedBy, Draft, Effect, Effects, Entity, Event, Events, FieldVersions,
        Handle, HandlerVisitor, Input, InputVisitor, LifecycleState, NoLifecycle, Payload, Refusal,
        Rejection, RejectionClass, Reply, Requests, Shown, Stop, Structure, Unobserved, Update, UpdatedBy,
        fold,
    };
    pub use cohesive_core::matches_pattern;
    pub use cohesive_core::model;
    pub use cohesive_core::plumbing::*;
    #[cfg(feature = "testing")]
    pub use cohesive_core::property_tests;
    pub use cohesive_core::value::{
        Child, Choice, Datum, EntityId, Flaw, IdContent, Timestamp, Value, decode_json, encode_json,
    };
    pub use cohesive_core::value::{constraint, join};
    pub use serde;
    pub use std::format;
    pub use std::string::{String, ToString};
    pub use std::vec::Vec;
}
