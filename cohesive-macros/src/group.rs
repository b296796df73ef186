//! Invisible groups, in which a `macro_rules!` hands on what it was given.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The tokens, where a single word or literal that was handed on stands by itself.
///
/// Several tokens stay together: what comes to stand around them must not tear them apart.
pub(crate) fn opened(tokens: TokenStream) -> TokenStream {
    changed(tokens.clone()).unwrap_or(tokens)
}

/// The tokens, unless all stay as they are.
fn changed(tokens: TokenStream) -> Option<TokenStream> {
    let mut any = false;
    let tokens: Vec<TokenTree> = tokens
        .into_iter()
        .map(|token| {
            let TokenTree::Group(group) = &token else { return token };
            let Some(other) = alone(group).or_else(|| within(group)) else { return token };
            any = true;
            other
        })
        .collect();
    any.then(|| tokens.into_iter().collect())
}

/// The only word or literal of an invisible group.
fn alone(group: &Group) -> Option<TokenTree> {
    if group.delimiter() != Delimiter::None {
        return None;
    }
    let mut tokens = group.stream().into_iter();
    let (Some(only), None) = (tokens.next(), tokens.next()) else { return None };
    match only {
        TokenTree::Group(inner) => alone(&inner),
        TokenTree::Punct(_) => None,
        word => Some(word),
    }
}

fn within(group: &Group) -> Option<TokenTree> {
    let mut inner = Group::new(group.delimiter(), changed(group.stream())?);
    inner.set_span(group.span());
    Some(TokenTree::Group(inner))
}

#[cfg(test)]
mod tests {
    use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

    use super::opened;

    fn handed_on(text: &str) -> TokenStream {
        TokenStream::from(TokenTree::Group(Group::new(Delimiter::None, text.parse().unwrap())))
    }

    /// How many invisible groups there are, at any depth.
    fn invisible(tokens: TokenStream) -> usize {
        let groups = tokens.into_iter().filter_map(|token| match token {
            TokenTree::Group(group) => Some(group),
            _ => None,
        });
        groups
            .map(|group| usize::from(group.delimiter() == Delimiter::None) + invisible(group.stream()))
            .sum()
    }

    #[test]
    fn single_words_and_literals_stand_by_themselves() {
        for text in ["\"text\"", "1", "word"] {
            let twice = TokenTree::Group(Group::new(Delimiter::None, handed_on(text)));
            let deep = TokenTree::Group(Group::new(Delimiter::Brace, TokenStream::from(twice)));
            assert_eq!(invisible(opened(TokenStream::from(deep))), 0, "{text}");
        }
    }

    #[test]
    fn several_tokens_stay_together() {
        for text in ["1 + 2", "-1", "a::b", ""] {
            assert_eq!(invisible(opened(handed_on(text))), 1, "{text}");
        }
    }
}
