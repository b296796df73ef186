//! What the fields of an entity keep: constraints, merges and references.

use cohesive_core::model::{FieldRole, Rule};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::parse::{Entity, Field};
use crate::body::local;
use crate::constraint::Demand;
use crate::emit_constants::Constants;
use crate::emit_constraint;

/// Every constraint of a field that changes, in order; a check, where a field changes that it reads.
pub(super) fn constrained(entity: &Entity) -> TokenStream {
    let (view, patch) = (local("view"), local("patch"));
    let mut tokens = TokenStream::new();
    let (mut views, mut patches) = (false, false);
    for (column, field) in entity.fields.iter().enumerate() {
        let Field { ident, name, constraints, .. } = field;
        for (place, constraint) in constraints.iter().enumerate() {
            let (column, place) = (Literal::usize_unsuffixed(column), Literal::usize_unsuffixed(place));
            // At the constraint's word, so that a type that does not fit is shown there.
            let mut value = local("value");
            value.set_span(value.span().located_at(constraint.span));
            let kept = emit_constraint::condition(&quote!(#value), constraint);
            let kept = if let Demand::Check { observations, .. } = &constraint.demand {
                views |= !observations.is_empty();
                let touched = touched(entity, &constraint.rule, &patch);
                patches |= !touched.is_empty();
                if touched.is_empty() {
                    quote!({ #observations #kept })
                } else {
                    quote!(if #touched { #observations #kept } else { true })
                }
            } else {
                patches = true;
                quote! {
                    match &#patch.#ident {
                        ::core::option::Option::Some(#value) => #kept,
                        ::core::option::Option::None => true,
                    }
                }
            };
            tokens.extend(quote! {
                ::cohesive::__private::constrained(
                    #kept,
                    #name,
                    &Self::STRUCTURE.fields[#column].constraints[#place],
                )?;
            });
        }
    }
    if tokens.is_empty() {
        return tokens;
    }
    let view = if views { quote!(#view) } else { quote!(_) };
    let patch = if patches { quote!(#patch) } else { quote!(_) };
    quote! {
        fn constrained(
            #view: Self::View<'_>,
            #patch: &Self::Patch,
        ) -> ::core::result::Result<(), ::cohesive::__private::Stop<::cohesive::__private::Refusal>> {
            #tokens
            ::core::result::Result::Ok(())
        }
    }
}

/// The function that shows the constants which the fields name.
pub(super) fn constants(entity: &Entity) -> TokenStream {
    let mut constants = Constants::default();
    for field in &entity.fields {
        field.default.iter().chain(&field.computed).for_each(|rule| constants.expr(&rule.model));
        field.constraints.iter().for_each(|constraint| constants.rule(&constraint.rule));
    }
    constants.tokens("field_constants")
}

/// Whether a field that a check reads has changed; nothing for a check that reads none.
fn touched(entity: &Entity, rule: &Rule, patch: &proc_macro2::Ident) -> TokenStream {
    let Rule::Check(condition) = rule else { return TokenStream::new() };
    let reads = condition.fields();
    let fields = entity.fields.iter().filter(|field| reads.contains(&field.name)).map(|field| &field.ident);
    quote!(#(#patch.#fields.is_some())||*)
}

/// The joins of the fields that have a merge.
pub(super) fn join(entity: &Entity) -> TokenStream {
    let joins: Vec<TokenStream> = entity
        .fields
        .iter()
        .filter_map(|Field { ident, merge, .. }| {
            let (merge, span) = (*merge)?;
            let by = format_ident!("{}", format!("{merge:?}"));
            Some(quote_spanned! {span=>
                ::cohesive::__private::join_field::<::cohesive::__private::join::#by, _>(
                    &mut patch.#ident,
                    view.#ident,
                    later.#ident,
                );
            })
        })
        .collect();
    if joins.is_empty() {
        return TokenStream::new();
    }
    quote! {
        fn join(view: Self::View<'_>, patch: &mut Self::Patch, later: Self::Patch) {
            #(#joins)*
        }
    }
}

/// Where the versions of the fields are, for an entity that keeps them.
pub(super) fn field_versions(entity: &Entity) -> TokenStream {
    let Some(Field { ident, ty, .. }) =
        entity.fields.iter().find(|field| field.role == FieldRole::FieldVersions)
    else {
        return TokenStream::new();
    };
    let span = syn::spanned::Spanned::span(ty);
    let versions = quote_spanned!(span=> ::core::option::Option<&::cohesive::__private::FieldVersions>);
    quote! {
        fn field_versions(view: Self::View<'_>) -> #versions {
            view.#ident
        }
        fn set_field_versions(patch: &mut Self::Patch, versions: ::cohesive::__private::FieldVersions) {
            patch.#ident = ::core::option::Option::Some(versions);
        }
    }
}

/// The demand that a reference holds the id of the entity that it names.
pub(super) fn references(entity: &Entity) -> TokenStream {
    let demands = entity.fields.iter().filter_map(|Field { ty, references, .. }| {
        let other = references.as_ref()?;
        let span = syn::spanned::Spanned::span(ty);
        let id = quote!(<#other as ::cohesive::__private::Structure>::Id);
        Some(quote_spanned!(span=> const _: () = ::cohesive::__private::refers::<#ty, #id>();))
    });
    quote!(#(#demands)*)
}
