//! `#[derive(Lifecycle)]`, and `#[derive(Value)]` on an enumeration: parse, check, emit.

mod emit;
mod parse;

use proc_macro2::TokenStream;

use crate::report::Report;

/// Whether the names are states of a lifecycle.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Lifecycle,
    Plain,
}

pub(crate) fn expand(kind: Kind, item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let mut tokens = TokenStream::new();
    if let Some(choice) = parse::choice(&mut report, kind, item)
        && report.is_clean()
    {
        tokens = emit::choice(&choice);
    }
    tokens.extend(report.into_tokens());
    tokens
}
