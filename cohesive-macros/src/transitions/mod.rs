//! `#[transitions]`: parse, check, emit.

mod declaration;
mod emit;
mod emit_input;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;

use crate::attr::Arguments;
use crate::report::Report;

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    Arguments::read(&mut report, "transitions", &[], arguments);
    let Some(block) = parse::block(&mut report, item.clone()) else {
        let errors = report.into_tokens();
        return quote!(#item #errors);
    };
    let models: Vec<_> = block.transitions.iter().map(|transition| transition.model).collect();
    for finding in cohesive_core::check::transitions(block.name, block.at, &models) {
        report.push(finding);
    }
    let mut tokens = emit::block(&report, &block);
    tokens.extend(report.into_tokens());
    tokens
}
