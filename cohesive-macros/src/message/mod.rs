//! `#[event]` and `#[effect]`: parse, check, emit.

mod emit;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;

pub(crate) use emit::{derived, derives, model_member};
pub(crate) use parse::{Member, members};

use crate::report::Report;

/// Whether a message tells or asks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Event,
    Effect,
}

pub(crate) fn expand(kind: Kind, arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let Some(message) = parse::message(&mut report, kind, arguments, item.clone()) else {
        let errors = report.into_tokens();
        return quote!(#item #errors);
    };
    let mut tokens = emit::message(&report, &message);
    tokens.extend(report.into_tokens());
    tokens
}

