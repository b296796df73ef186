//! Deciding: a state, a version, an input and a context go in, a [`Decision`] comes out.
//!
//! Nothing here performs I/O, reads a clock or waits. The same inputs always give the same decision, and the
//! state that goes in is never changed. Start reading at [`decide`] and [`Decision`].

mod answer;
pub mod arithmetic;
mod boundary;
pub mod collection;
mod constant;
mod context;
mod decide;
mod decision;
mod effects;
mod field_versions;
pub mod fold;
mod handle;
mod identity;
mod inputs;
mod known;
mod trace;
mod traits;

pub use answer::answered;
pub use boundary::Boundary;
pub use constant::{Constant, Shown, Unknown};
pub use context::{Actor, CausationId, Context, CorrelationId, TokenFlaw};
pub use decide::{create, decide, decide_sparse};
pub use decision::{
    Applied, Decision, Draft, Invalid, Refusal, Rejection, RejectionClass, Stop, Unobserved, rejection_code,
};
pub use effects::{EffectSet, Effects};
pub use field_versions::FieldVersions;
pub use handle::{EffectCall, EffectFailure, FailureClass, Handle, HandlerVisitor, Requests};
pub use identity::{MessageId, Version};
pub use inputs::{CreatedBy, InputVisitor, UpdatedBy};
pub use trace::{TraceFlaw, TraceParent};
pub use traits::{
    Create, Effect, Entity, Event, Events, Input, LifecycleState, NoLifecycle, Nothing, Payload, Reply,
    Structure, Update, observed,
};
