//! `#[event]` and `#[effect]`: parse, check, emit.

mod emit;
mod emit_several;
mod parse;
mod policy;

pub(crate) use emit::{derived, derives, model_member};
pub(crate) use parse::{Member, Of, Settings, members, settings};
use proc_macro2::TokenStream;

use crate::report::Report;
use crate::{attr, emit_cfg, emit_stub};

/// Whether a message tells or asks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Event,
    Effect,
}

pub(crate) fn expand(kind: Kind, arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let name = if kind == Kind::Event { "event" } else { "effect" };
    if let Some(both) = emit_cfg::structure(&mut report, name, &arguments, &item) {
        return both;
    }
    if let (Kind::Event, Ok(several)) = (kind, syn::parse2::<syn::ItemEnum>(item.clone())) {
        let mut tokens = emit_several::events(&mut report, &arguments, &several);
        tokens.extend(emit_stub::errors(report));
        return tokens;
    }
    let mut tokens = match parse::message(&mut report, kind, arguments, item.clone()) {
        Some(message) => emit::message(&report, &message),
        None => attr::stripped(item),
    };
    tokens.extend(emit_stub::errors(report));
    tokens
}
