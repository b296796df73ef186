//! The attribute macros of Cohesive. Use them through the `cohesive` crate, whose manual explains them.
//!
//! Every macro is a pipeline of named stages: *parse* reads tokens into the model and reports what is wrong with
//! them, *check* applies rules, *emit* writes facts. Only files called `emit*.rs` or `model.rs`, and bodies, write
//! tokens.

#![warn(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

mod allow;
mod attr;
mod body;
mod check;
mod choice;
mod constraint;
mod emit_cfg;
mod emit_constants;
mod emit_constraint;
mod emit_debug;
mod emit_quiet;
mod emit_stub;
mod entity;
mod group;
mod id;
mod item;
mod message;
mod model;
#[cfg(test)]
mod mutation;
mod name;
mod properties;
mod record;
mod report;
#[cfg(test)]
mod snapshot;
mod transitions;

use proc_macro::TokenStream;

use group::opened;

/// Declares the fields of an entity. See the manual of `cohesive`.
#[proc_macro_attribute]
pub fn entity(arguments: TokenStream, item: TokenStream) -> TokenStream {
    entity::expand(opened(arguments.into()), opened(item.into())).into()
}

/// Declares what may happen to an entity. See the manual of `cohesive`.
#[proc_macro_attribute]
pub fn transitions(arguments: TokenStream, item: TokenStream) -> TokenStream {
    transitions::expand(opened(arguments.into()), opened(item.into())).into()
}

/// Declares an event. See the manual of `cohesive`.
#[proc_macro_attribute]
pub fn event(arguments: TokenStream, item: TokenStream) -> TokenStream {
    message::expand(message::Kind::Event, opened(arguments.into()), opened(item.into())).into()
}

/// Declares an effect request. See the manual of `cohesive`.
#[proc_macro_attribute]
pub fn effect(arguments: TokenStream, item: TokenStream) -> TokenStream {
    message::expand(message::Kind::Effect, opened(arguments.into()), opened(item.into())).into()
}

/// Declares the states of a lifecycle. See the manual of `cohesive`.
#[proc_macro_derive(Lifecycle, attributes(initial, terminal, wire))]
pub fn lifecycle(item: TokenStream) -> TokenStream {
    choice::expand(choice::Kind::Lifecycle, opened(item.into())).into()
}

/// Declares an identifier type. See the manual of `cohesive`.
#[proc_macro_derive(Id)]
pub fn id(item: TokenStream) -> TokenStream {
    id::expand(opened(item.into())).into()
}

/// Declares a value type: a record or a list of names. See the manual of `cohesive`.
#[proc_macro_derive(Value, attributes(wire, initial, terminal, id, field))]
pub fn value(item: TokenStream) -> TokenStream {
    record::expand(opened(item.into())).into()
}

/// Writes the tests of an entity's properties. See the manual of `cohesive`.
#[proc_macro]
pub fn properties(arguments: TokenStream) -> TokenStream {
    properties::expand(arguments.into()).into()
}

/// Writes a test that checks entities, or a system. See the manual of `cohesive`.
#[proc_macro]
pub fn check(tokens: TokenStream) -> TokenStream {
    check::expand(tokens.into()).into()
}
