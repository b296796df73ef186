//! Diagrams in the language of [Mermaid](https://mermaid.js.org), which many readers of Markdown draw.

mod lifecycle;
mod system;

use std::fmt::Write as _;

pub use lifecycle::lifecycle_diagram;
pub use system::system_diagram;

/// Text within quotes. Mermaid knows characters by name or number between `#` and `;`.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => escaped.push_str("#quot;"),
            '<' => escaped.push_str("#lt;"),
            '>' => escaped.push_str("#gt;"),
            '&' => escaped.push_str("#amp;"),
            '#' | '`' | '\\' | ';' | '%' => {
                let _ = write!(escaped, "#{};", u32::from(character));
            }
            other if other.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn text_in_quotes_ends_no_quotes() {
        assert_eq!(
            escaped("a \"b\" <c> & #d; `e`\n%"),
            "a #quot;b#quot; #lt;c#gt; #amp; #35;d#59; #96;e#96; #37;"
        );
    }
}
