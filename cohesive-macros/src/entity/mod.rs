//! `#[entity]`: parse, check, emit.

mod emit;
mod parse;

pub(crate) use emit::value_type;
use proc_macro2::TokenStream;

use crate::report::Report;

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let Some(entity) = parse::entity(&mut report, arguments, item.clone()) else {
        let errors = report.into_tokens();
        return quote::quote!(#item #errors);
    };
    let mut tokens = emit::entity(&report, &entity);
    tokens.extend(report.into_tokens());
    tokens
}
