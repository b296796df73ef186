//! `#[derive(Lifecycle)]`, and `#[derive(Value)]` on an enumeration: parse, check, emit.

mod emit;
mod parse;

use proc_macro2::TokenStream;

use crate::emit_stub;
use crate::report::Report;

/// Whether the names are states of a lifecycle.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Lifecycle,
    Plain,
}

pub(crate) fn expand(kind: Kind, item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let mut tokens = match parse::choice(&mut report, kind, item) {
        Some(choice) if choice.is_list() => emit::choice(&choice),
        Some(choice) => emit_stub::value(&choice.ident),
        None => TokenStream::new(),
    };
    tokens.extend(emit_stub::errors(report));
    tokens
}
