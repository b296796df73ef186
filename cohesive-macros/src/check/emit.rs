//! The tests.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Ident, Path};

use super::parse::Subject;
use crate::name::snake;

pub(super) fn tests(subject: &Subject) -> TokenStream {
    match subject {
        Subject::Entities(entities) => entities
            .iter()
            .map(|entity| {
                let name = last(entity);
                let model = of(entity, "Entity", "MODEL");
                let name = format_ident!("{}", snake(crate::name::of(&name)), span = name.span());
                test(&name, &quote!(entity(#model)))
            })
            .collect(),
        Subject::System { name, entities, events, effects } => {
            let entities = entities.iter().map(|entity| of(entity, "Entity", "MODEL"));
            let events = events.iter().map(|event| of(event, "Event", "MESSAGE"));
            let messages = events.chain(effects.iter().map(|effect| of(effect, "Effect", "MESSAGE")));
            test(name, &quote!(with_messages(&[#(#entities),*], &[#(#messages),*])))
        }
    }
}

fn test(name: &Ident, findings: &TokenStream) -> TokenStream {
    let name = format_ident!("{}_is_sound", crate::name::of(name), span = name.span());
    quote! {
        #[::core::prelude::v1::test]
        fn #name() -> ::core::result::Result<(), ::cohesive::__private::check::Unsound> {
            ::cohesive::__private::check::sound(::cohesive::__private::check::#findings)
        }
    }
}

/// A constant of a type, demanded at the type's own name.
fn of(path: &Path, role: &str, item: &str) -> TokenStream {
    let span = last(path).span();
    let (role, item) = (Ident::new(role, span), Ident::new(item, span));
    quote_spanned!(span=> <#path as ::cohesive::__private::#role>::#item)
}

fn last(path: &Path) -> Ident {
    path.segments
        .last()
        .map_or_else(|| Ident::new("entity", Span::call_site()), |segment| segment.ident.clone())
}
