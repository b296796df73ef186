//! The fields of an entity, as data.

use cohesive_core::model::FieldRole;
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::emit::value_type;
use super::parse::{Entity, Field};
use crate::report::Report;
use crate::{emit_constraint, model};

/// The fields, as data.
pub(super) fn constant(report: &Report, entity: &Entity) -> TokenStream {
    let Entity { name, table, plural, docs, .. } = entity;
    let line = quote_spanned!(entity.item.ident.span()=> ::core::line!());
    let fields = entity.fields.iter().map(|field| self::field(report, field));
    let allowances = model::allowances(report, &entity.allowances);
    let allowances = if allowances.is_empty() { quote!(allowances: &[],) } else { allowances };
    quote! {
        const NAME: &'static str = #name;
        const STRUCTURE: &'static ::cohesive::__private::model::Structure = &::cohesive::__private::model::Structure {
            name: Self::NAME,
            table: #table,
            plural: #plural,
            docs: #docs,
            file: ::core::file!(),
            fields: &[#(#fields),*],
            #allowances
            at: ::cohesive::__private::model::At(#line),
        };
    }
}

fn field(report: &Report, field: &Field) -> TokenStream {
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
        FieldRole::FieldVersions => {
            settings.extend(quote!(role: ::cohesive::__private::model::FieldRole::FieldVersions,));
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
    settings.extend(meaning(report, field));
    let plain = quote! {
        ::cohesive::__private::model::Field::new(#name, #ty, ::cohesive::__private::model::At(#line))
    };
    if settings.is_empty() {
        return plain;
    }
    quote!(::cohesive::__private::model::Field { #settings ..#plain })
}

/// What a value of the field means and keeps, as settings.
fn meaning(report: &Report, field: &Field) -> TokenStream {
    let mut settings = TokenStream::new();
    if !field.constraints.is_empty() {
        let constraints = emit_constraint::data(report, &field.constraints);
        settings.extend(quote!(constraints: #constraints,));
    }
    if let Some(entity) = &field.references {
        let name = quote_spanned!(entity.span()=> <#entity as ::cohesive::__private::Structure>::NAME);
        let references = model::option(Some(name));
        settings.extend(quote!(references: #references,));
    }
    if field.personal {
        settings.extend(quote!(personal: true,));
    }
    if !field.aliases.is_empty() {
        let aliases = &field.aliases;
        settings.extend(quote!(aliases: &[#(#aliases),*],));
    }
    if let Some((merge, _)) = field.merge {
        let name = format_ident!("{}", format!("{merge:?}"));
        let merge = model::option(Some(quote!(::cohesive::__private::model::Merge::#name)));
        settings.extend(quote!(merge: #merge,));
    }
    settings.extend(model::allowances(report, &field.allowances));
    settings
}
