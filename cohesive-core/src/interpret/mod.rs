//! The model, run as data: what the compiled bodies do, a second time and without them.
//!
//! [`Interpreter::decide`] reads the steps of a transition and carries them out over values whose types are known
//! by the model only ([`Content`]). It follows the order of [`kernel::decide`](crate::kernel::decide) and gives the
//! same outcome to the last digit, which `cohesive::properties!` checks; so a model that is drawn, checked or asked
//! means what the compiled code does.
//!
//! What the model does not know, such as the body of a `#[native]` helper, ends in an explicit
//! [`Stop::Opaque`], never in a guess.
//!
//! Read in this order: [`Content`], [`Document`], [`Scope`], [`Interpreter`], [`Outcome`].

mod agree;
mod body;
mod calculate;
mod change;
mod check;
mod collect;
mod compare;
mod construct;
mod content;
mod decide;
mod document;
mod evaluate;
mod interpreter;
mod json;
mod method;
mod names;
mod outcome;
mod pattern;
mod scope;
mod shape;

pub use content::Content;
pub use document::Document;
pub use interpreter::Interpreter;
pub use outcome::{Outcome, Produced, Refused, Stop};
pub use scope::Scope;
