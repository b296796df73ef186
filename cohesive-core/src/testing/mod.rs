//! Tests of a domain: scenarios that read as they are told, and properties that the model writes.
//!
//! Everything here reports by panicking, as tests do; it belongs into `dev-dependencies`.
//!
//! [`Given`] begins a scenario. `cohesive::properties!` writes the tests of [`Property`]; reading begins at [`Report`]:
//! walks through the states of an entity (`walk`), with inputs that are made up (`make`) and aimed at the conditions of
//! the model (`aim`, `solve`), each decided and looked at (`examine`), and made short where they fail (`choices`).

#![expect(clippy::panic, reason = "a test reports by panicking")]

mod aim;
mod choices;
mod codec;
mod examine;
mod make;
mod map;
mod merge;
mod play;
mod pool;
mod property;
mod quiet;
mod run;
mod scenario;
mod show;
mod solve;
mod story;
mod subject;
mod then;
mod walk;

pub use property::Property;
pub use run::{Options, Report, demand};
pub use scenario::{Given, Scenario};
pub use then::Then;
