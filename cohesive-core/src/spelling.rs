//! How a name of code is spelt in tables, paths and codes. One rule, so that what is generated and what is
//! documented cannot disagree.

/// `CanAccept` as `can_accept`: the name of a refusal within its code, and of an entity's table.
#[must_use]
pub fn snake(pascal: &str) -> String {
    let characters: Vec<char> = pascal.chars().collect();
    let at = |index: usize| characters.get(index).copied();
    let mut name = String::with_capacity(pascal.len() + 4);
    for (index, character) in characters.iter().enumerate() {
        if let Some(previous) = index.checked_sub(1).and_then(at)
            && character.is_uppercase()
            && previous != '_'
            && (!previous.is_uppercase() || at(index + 1).is_some_and(char::is_lowercase))
        {
            name.push('_');
        }
        name.extend(character.to_lowercase());
    }
    name
}

/// `accept_offer` as `AcceptOffer`: the first part of an input's name.
#[must_use]
pub fn pascal(snake: &str) -> String {
    let mut name = String::with_capacity(snake.len());
    for word in snake.split('_').filter(|word| !word.is_empty()) {
        let mut characters = word.chars();
        name.extend(characters.next().into_iter().flat_map(char::to_uppercase));
        name.push_str(characters.as_str());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::{pascal, snake};

    #[test]
    fn words_and_abbreviations_are_told_apart() {
        assert_eq!(snake("CanAccept"), "can_accept");
        assert_eq!(snake("Emit990Accept"), "emit990_accept");
        assert_eq!(snake("HTTPServer"), "http_server");
        assert_eq!(snake("already_snake"), "already_snake");
        assert_eq!(pascal("accept_offer"), "AcceptOffer");
    }
}
