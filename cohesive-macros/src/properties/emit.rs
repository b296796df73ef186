//! A module of tests.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::Properties;
use crate::name::{of, snake};

pub(super) fn tests(properties: &Properties) -> TokenStream {
    let Properties { entity, cases, seed, unreached, refusing, unmet } = properties;
    let name = entity.segments.last().map_or("entity", |segment| of(&segment.ident));
    let module = format_ident!("{}_properties", snake(name));
    let subject = format_ident!("{}UnderTest", name);
    let docs = format!("The properties of [`{name}`].");
    let cases = cases.map(|cases| {
        let cases = Literal::u32_unsuffixed(cases);
        quote!(.cases(#cases))
    });
    let seed = seed.map(|seed| {
        let seed = Literal::u64_unsuffixed(seed);
        quote!(.seed(#seed))
    });
    let unreached = (!unreached.is_empty()).then(|| quote!(.unreached(&[#(#unreached),*])));
    let refusing = (!refusing.is_empty()).then(|| quote!(.refusing(&[#(#refusing),*])));
    let unmet = (!unmet.is_empty()).then(|| quote!(.unmet(&[#(#unmet),*])));
    // The alias stands where the macro does, so that any path to the entity is right.
    quote! {
        #[cfg(test)]
        type #subject = #entity;
        #[cfg(test)]
        #[doc = #docs]
        mod #module {
            ::cohesive::__private::property_tests! {
                super::#subject,
                ::cohesive::testing::Options::USUAL #cases #seed #unreached #refusing #unmet
            }
        }
    }
}
