//! The facts of constraints: model data, and the condition on a value.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::constraint::{Constraint, Demand};
use crate::model;
use crate::report::Report;

/// The constraints as data.
pub(crate) fn data(report: &Report, constraints: &[Constraint]) -> TokenStream {
    let items = constraints.iter().map(|Constraint { name, message, rule, at, .. }| {
        let (rule, at) = (model::rule(rule), model::at(report, *at));
        quote! {
            ::cohesive::__private::model::Constraint { name: #name, message: #message, rule: #rule, at: #at }
        }
    });
    quote!(&[#(#items),*])
}

/// The condition that `value`, a reference, keeps a constraint.
pub(crate) fn condition(value: &TokenStream, constraint: &Constraint) -> TokenStream {
    // Calls stand at the constraint's word, so that a type that does not fit is shown there.
    let span = Span::mixed_site().located_at(constraint.span);
    match &constraint.demand {
        Demand::Range { least, greatest, inclusive } => {
            let least = least.as_ref().map(
                |least| quote_spanned!(span=> ::cohesive::__private::constraint::at_least(#value, &#least)),
            );
            let greatest = greatest.as_ref().map(|greatest| {
                if *inclusive {
                    quote_spanned!(span=> ::cohesive::__private::constraint::at_most(#value, &#greatest))
                } else {
                    quote_spanned!(span=> ::cohesive::__private::constraint::below(#value, &#greatest))
                }
            });
            let both = least.into_iter().chain(greatest);
            quote!(#(#both)&&*)
        }
        Demand::Length { least, greatest } => {
            let least = Literal::u32_unsuffixed(*least);
            let greatest = greatest.map_or_else(
                || quote!(::core::primitive::usize::MAX),
                |greatest| {
                    let greatest = Literal::u32_unsuffixed(greatest);
                    quote!(#greatest)
                },
            );
            quote_spanned!(span=> ::cohesive::__private::constraint::has_length(#value, #least, #greatest))
        }
        Demand::Pattern(source) => {
            quote_spanned!(span=> ::cohesive::__private::matches_pattern!(#value, #source))
        }
        Demand::Check { condition, .. } => quote!(#condition),
    }
}

/// The statements that refuse a member which does not keep its constraints, or with a name a parameter.
pub(crate) fn kept(
    report: &Report,
    member: &Ident,
    constraints: &[Constraint],
    name: Option<&str>,
) -> TokenStream {
    if constraints.is_empty() {
        return TokenStream::new();
    }
    let data = data(report, constraints);
    let places = (0..constraints.len()).map(Literal::usize_unsuffixed);
    let conditions = constraints.iter().map(|constraint| {
        let span = constraint.span;
        condition(&quote_spanned!(span=> &self.#member), constraint)
    });
    let refusals = conditions.zip(places).map(|(condition, place)| {
        let kept = quote!(::cohesive::__private::kept(#condition, &KEPT[#place]));
        if let Some(name) = name {
            quote!(::cohesive::__private::named(#kept, #name)?;)
        } else {
            quote!(#kept?;)
        }
    });
    quote! {
        {
            const KEPT: &[::cohesive::__private::model::Constraint] = #data;
            #(#refusals)*
        }
    }
}
