//! `check!`: parse, emit. What is checked is core's, and happens in the test that is written here.

mod emit;
mod parse;

use proc_macro2::TokenStream;

use crate::emit_stub;
use crate::report::Report;

pub(crate) fn expand(tokens: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let mut expansion =
        parse::subject(&mut report, tokens).map_or_else(TokenStream::new, |subject| emit::tests(&subject));
    expansion.extend(emit_stub::errors(report));
    expansion
}
