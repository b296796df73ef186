//! `#[transitions]`: parse, check, emit.

mod clash;
mod declaration;
mod emit;
mod emit_input;
mod emit_native;
mod emit_rejection;
mod native;
mod parse;
mod signature;

use proc_macro2::{Span, TokenStream};

use crate::attr::{self, Arguments};
use crate::report::Report;
use crate::{emit_cfg, emit_stub};

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    if let Some(both) = emit_cfg::block(&mut report, "transitions", &arguments, &item) {
        return both;
    }
    Arguments::read(&mut report, "transitions", &[], arguments, Span::call_site());
    let mut tokens = match parse::block(&mut report, item.clone()) {
        Some(mut block) => {
            let models: Vec<_> = block.transitions.iter().map(|transition| transition.model).collect();
            for finding in cohesive_core::check::transitions(block.name, block.at, &models) {
                report.push(finding);
            }
            block.leave_out_duplicates();
            emit::block(&report, &block)
        }
        None => attr::stripped(item),
    };
    tokens.extend(emit_stub::errors(report));
    tokens
}
