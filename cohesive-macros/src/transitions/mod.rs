//! `#[transitions]`: parse, check, emit.

mod clash;
mod consumption;
mod declaration;
mod emit;
mod emit_consumption;
mod emit_handlers;
mod emit_input;
mod emit_native;
mod emit_rejection;
mod native;
mod parse;
mod signature;

use cohesive_core::diagnostic::Diagnostic;
use proc_macro2::{Span, TokenStream};

use crate::allow::{self, ALLOW};
use crate::attr::{self, Arguments};
use crate::report::Report;
use crate::{emit_cfg, emit_stub};

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    if let Some(both) = emit_cfg::block(&mut report, "transitions", &arguments, &item) {
        return both;
    }
    let arguments = Arguments::read(&mut report, "transitions", &[ALLOW], arguments, Span::call_site());
    let allowances = allow::all(&mut report, &arguments);
    let mut tokens = match parse::block(&mut report, allowances, item.clone()) {
        Some(mut block) => {
            let models: Vec<_> = block.transitions.iter().map(|transition| transition.model).collect();
            for finding in cohesive_core::check::transitions(block.name, block.at, &models) {
                report.push(finding);
            }
            for declared in &block.transitions {
                for (name, finding) in cohesive_core::check::fact(&declared.model) {
                    let span = declared.declaration.parameter(name).unwrap_or_else(|| declared.input.span());
                    let at = report.at(span);
                    report.push(Diagnostic { at, ..finding });
                }
                for (binding, finding) in cohesive_core::check::consumption(&declared.model) {
                    let consumes = declared.declaration.consumes.as_ref();
                    let word = binding.and_then(|index| consumes?.bindings.get(index));
                    let at = word.map_or(finding.at, |word| report.at(word.parameter.span()));
                    report.push(Diagnostic { at, ..finding });
                }
            }
            block.leave_out_duplicates();
            emit::block(&report, &block)
        }
        None => attr::stripped(item),
    };
    tokens.extend(emit_stub::errors(report));
    tokens
}
