//! `#[entity]`: parse, check, emit.

mod emit;
mod emit_model;
mod emit_rules;
mod naming;
mod parse;

pub(crate) use emit::{of_value, value_type};
use proc_macro2::TokenStream;

use crate::report::Report;
use crate::{attr, emit_cfg, emit_stub};

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    if let Some(both) = emit_cfg::structure(&mut report, "entity", &arguments, &item) {
        return both;
    }
    let mut tokens = match parse::entity(&mut report, arguments, item.clone()) {
        Some(entity) => emit::entity(&report, &entity),
        None => attr::stripped(item),
    };
    tokens.extend(emit_stub::errors(report));
    tokens
}
