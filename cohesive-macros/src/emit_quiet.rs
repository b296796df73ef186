//! What keeps the compiler from warning an author about generated code.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, ItemStruct};

/// What stands before an implementation for a struct: it names members that the author may have deprecated.
///
/// Derives need none of this, because the compiler knows them.
pub(crate) fn quiet(item: &ItemStruct) -> Option<TokenStream> {
    let deprecated = |attribute: &Attribute| attribute.path().is_ident("deprecated");
    let mut attributes = item.fields.iter().flat_map(|field| &field.attrs).chain(&item.attrs);
    attributes.any(deprecated).then(|| quote!(#[allow(deprecated)]))
}
