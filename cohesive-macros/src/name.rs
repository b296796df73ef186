//! Spellings of a name, and names that live as long as the model.

pub(crate) use cohesive_core::spelling::{pascal, snake};
use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::ext::IdentExt as _;

/// A name of the model. The macro process is short-lived, so the text is kept until it ends.
pub(crate) fn keep(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

/// A list of the model, kept until the macro process ends.
pub(crate) fn keep_all<T>(items: Vec<T>) -> &'static [T] {
    Box::leak(items.into_boxed_slice())
}

/// A part of the model, kept until the macro process ends.
pub(crate) fn keep_one<T>(item: T) -> &'static T {
    Box::leak(Box::new(item))
}

/// The name of an identifier without `r#`.
pub(crate) fn of(ident: &Ident) -> &'static str {
    keep(&ident.unraw().to_string())
}

/// The code with `entity` in place of the word `Self`: it moves to where `Self` is another type.
pub(crate) fn instead_of_self(block: syn::Block, entity: &Ident) -> syn::Block {
    syn::parse2(renamed(block.to_token_stream(), entity)).unwrap_or(block)
}

fn renamed(tokens: TokenStream, entity: &Ident) -> TokenStream {
    let rename = |token| match token {
        TokenTree::Ident(word) if word == "Self" => {
            let mut entity = entity.clone();
            entity.set_span(word.span());
            TokenTree::Ident(entity)
        }
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), renamed(group.stream(), entity));
            inner.set_span(group.span());
            TokenTree::Group(inner)
        }
        other => other,
    };
    tokens.into_iter().map(rename).collect()
}

/// `shipment` as `shipments`, `delivery` as `deliveries`, `address` as `addresses`.
pub(crate) fn plural(singular: &str) -> String {
    let vowel = |character: Option<char>| character.is_some_and(|character| "aeiou".contains(character));
    if let Some(stem) = singular.strip_suffix('y')
        && !vowel(stem.chars().last())
    {
        return format!("{stem}ies");
    }
    let sibilant = ["s", "x", "z", "ch", "sh"].iter().any(|ending| singular.ends_with(ending));
    if sibilant { format!("{singular}es") } else { format!("{singular}s") }
}

#[cfg(test)]
mod tests {
    use super::plural;

    #[test]
    fn spellings() {
        assert_eq!(plural("delivery"), "deliveries");
        assert_eq!(plural("day"), "days");
        assert_eq!(plural("address"), "addresses");
    }
}
