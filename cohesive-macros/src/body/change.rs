//! Changes to a part of a field's value: `self.lines.push(line)` and its like.

use cohesive_core::model::{Change, Step};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ExprMethodCall;

use super::step::Outline;
use super::{Scope, ident, local};
use crate::name::{keep_all, of};

/// The methods that change a part of a value, with the numbers of arguments that each takes.
const CHANGES: [(Change, &[usize]); 8] = [
    (Change::Push, &[1]),
    (Change::Insert, &[1, 2]),
    (Change::Remove, &[1]),
    (Change::Extend, &[1]),
    (Change::Clear, &[0]),
    (Change::Upsert, &[1]),
    (Change::RemoveById, &[1]),
    (Change::Merge, &[1]),
];

/// The change that a call stands for, if it stands for one.
pub(super) fn change(call: &ExprMethodCall) -> Option<Change> {
    let name = of(&call.method);
    let known = CHANGES.iter().find(|(change, _)| change.word() == name);
    known.filter(|(_, arities)| arities.contains(&call.args.len())).map(|(change, _)| *change)
}

impl Scope<'_> {
    pub(super) fn change(
        &mut self,
        outline: &mut Outline,
        call: &ExprMethodCall,
        steps: &mut Vec<Step>,
        tokens: &mut TokenStream,
    ) {
        let (Some(change), Some(field)) = (change(call), self.own_field(&call.receiver)) else { return };
        if !self.has_state {
            let help = "put the value together in `Self { … }`";
            let message = "a creation has nothing to change yet";
            self.report.error_with_help("COH0603", field.span(), message, help);
            return;
        }
        let operands: Vec<_> = call.args.iter().map(|argument| self.value(argument)).collect();
        let name = of(&field);
        self.reads.entry(name.to_owned()).or_insert_with(|| field.span());
        self.written_in_part(outline, &field);
        if change == Change::Merge {
            outline.merges.entry(name.to_owned()).or_insert_with(|| field.span());
        }
        let at = self.report.at(field.span());
        let (draft, member, observed) = (local("draft"), ident(name, field.span()), super::observed(name));
        let codes: Vec<TokenStream> = operands.iter().map(|operand| operand.tokens.clone()).collect();
        tokens.extend(if change == Change::Merge {
            let state = local("state");
            quote! {
                {
                    let joined = #(#codes)*;
                    ::cohesive::__private::join::<<Self as ::cohesive::__private::Input>::Entity>(
                        #state,
                        &mut #draft.patch,
                        move |later| later.#member = ::core::option::Option::Some(joined),
                    );
                }
            }
        } else {
            // The call stands at the user's word, so that a type that does not fit is shown there.
            let span = Span::mixed_site().located_at(call.method.span());
            let function = Ident::new(function(change, codes.len()), span);
            let reference = (change == Change::RemoveById).then(|| quote!(&));
            quote_spanned! {span=>
                ::cohesive::__private::collection::#function(
                    ::cohesive::__private::part(&mut #draft.patch.#member, #observed),
                    #(#reference #codes,)*
                )?;
            }
        });
        let operands = keep_all(operands.into_iter().map(|operand| operand.model).collect());
        steps.push(Step::Change { field: name, change, operands, at });
    }

    /// Notes that a part of a field changes here. Parts may change one after the other; a whole assignment beside
    /// them is a mistake.
    fn written_in_part(&mut self, outline: &mut Outline, field: &Ident) {
        let name = of(field);
        if self.changed.contains(name) && self.assigned.contains(name) {
            return;
        }
        self.written(outline, field);
        self.changed.insert(name.to_owned());
    }
}

/// The function behind a change.
const fn function(change: Change, operands: usize) -> &'static str {
    match (change, operands) {
        (Change::Insert, 2) => "insert_at",
        (change, _) => change.word(),
    }
}
