//! The fields of an entity, as data.

use cohesive_core::model::FieldRole;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::emit::value_type;
use super::parse::{Entity, Field};
use crate::model;

/// The fields, as data.
pub(super) fn constant(entity: &Entity) -> TokenStream {
    let Entity { name, table, plural, docs, .. } = entity;
    let line = quote_spanned!(entity.item.ident.span()=> ::core::line!());
    let fields = entity.fields.iter().map(field);
    quote! {
        const STRUCTURE: &'static ::cohesive::__private::model::Structure = &::cohesive::__private::model::Structure {
            name: #name,
            table: #table,
            plural: #plural,
            docs: #docs,
            file: ::core::file!(),
            fields: &[#(#fields),*],
            allowances: &[],
            at: ::cohesive::__private::model::At(#line),
        };
    }
}

fn field(field: &Field) -> TokenStream {
    let Field { ident, name, wire, docs, unique, index, .. } = field;
    let ty = value_type(&field.ty);
    let line = quote_spanned!(ident.span()=> ::core::line!());
    // What is as usual is left out: `Field::new` says it.
    let mut settings = TokenStream::new();
    if wire != name {
        settings.extend(quote!(wire: #wire,));
    }
    if !docs.is_empty() {
        settings.extend(quote!(docs: #docs,));
    }
    match field.role {
        FieldRole::Id => settings.extend(quote!(role: ::cohesive::__private::model::FieldRole::Id,)),
        FieldRole::Lifecycle => {
            settings.extend(quote!(role: ::cohesive::__private::model::FieldRole::Lifecycle,));
        }
        FieldRole::Data => {}
    }
    match (&field.computed, field.write_once) {
        (Some(computed), _) => {
            let expr = model::expr(&computed.model);
            settings.extend(quote!(mutability: ::cohesive::__private::model::Mutability::Computed(#expr),));
        }
        (None, true) => {
            settings.extend(quote!(mutability: ::cohesive::__private::model::Mutability::WriteOnce,));
        }
        (None, false) => {}
    }
    if let Some(rule) = &field.default {
        let default = model::option(Some(model::expr(&rule.model)));
        settings.extend(quote!(default: #default,));
    }
    if *unique {
        settings.extend(quote!(unique: true,));
    }
    if *index {
        settings.extend(quote!(index: true,));
    }
    let plain = quote! {
        ::cohesive::__private::model::Field::new(#name, #ty, ::cohesive::__private::model::At(#line))
    };
    if settings.is_empty() {
        return plain;
    }
    quote!(::cohesive::__private::model::Field { #settings ..#plain })
}
