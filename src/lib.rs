//! Annotate a domain once. Cohesive generates the rest, and states what it guarantees.

/// Everything that a domain file needs.
pub mod prelude {
    pub use cohesive_core::kernel::{Context, Decision, Nothing, Version};
    pub use cohesive_core::value::{Bytes, Date, Decimal, Timestamp, Uuid};
    pub use cohesive_macros::{Id, Lifecycle, Value, effect, entity, event, transitions};
}

pub use cohesive_core::kernel::{
    Actor, Applied, Boundary, CausationId, Context, CorrelationId, Decision, EffectSet, Invalid, MessageId, Nothing,
    Refusal, Rejection, RejectionClass, Version, create, decide, rejection_code,
};
pub use cohesive_core::value::{Bytes, Date, Decimal, EntityId, Flaw, Timestamp, Uuid};
pub use cohesive_core::{check, diagnostic, kernel, model, render, value};
pub use cohesive_macros::{Id, Lifecycle, Value, effect, entity, event, transitions};

#[cfg(feature = "http")]
pub use cohesive_bindings::http;
#[cfg(feature = "engine")]
pub use cohesive_bindings::{node, port, store};

/// What generated code names. Not part of the interface: anything here may change in any release.
#[doc(hidden)]
pub mod __private {
    pub use cohesive_core::check::consts::{Assignment, Names, assignment, listed, missing, names, text};
    pub use cohesive_core::kernel::arithmetic::{self, Arithmetic};
    pub use cohesive_core::kernel::{
        Context, Create, Draft, Effect, Effects, Entity, Event, Input, InputVisitor, LifecycleState, NoLifecycle,
        Payload, Refusal, Rejection, RejectionClass, Reply, Stop, Structure, Update, fold,
    };
    pub use cohesive_core::model;
    pub use cohesive_core::plumbing::*;
    pub use cohesive_core::value::{
        Choice, Datum, EntityId, Flaw, IdContent, Value, decode_json, encode_json,
    };
    pub use serde;
    pub use std::format;
    pub use std::string::String;
    pub use std::vec::Vec;
}
