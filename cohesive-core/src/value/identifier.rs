//! What identifiers are made of.

use super::{Flaw, Uuid, Value};

/// The longest identifier, in bytes. Indexes and message headers of every substrate can hold it.
const ID_LIMIT: usize = 255;

/// Whether `text` may identify an entity: not blank, no control characters, at most 255 bytes.
///
/// # Errors
/// The reason why not.
#[inline]
pub fn check_id_text(text: &str) -> Result<(), Flaw> {
    // Nearly every identifier is short and of visible ASCII; one pass over its bytes tells.
    let visible = |byte: u8| byte.wrapping_sub(0x21) < 0x5e;
    if !text.is_empty() && text.len() <= ID_LIMIT && text.bytes().all(visible) {
        return Ok(());
    }
    check_unusual(text)
}

/// The same for everything else than short and visible ASCII.
#[cold]
fn check_unusual(text: &str) -> Result<(), Flaw> {
    if text.trim().is_empty() {
        return Err(Flaw::Blank);
    }
    if text.len() > ID_LIMIT {
        return Err(Flaw::TooLong { limit: ID_LIMIT, actual: text.len() });
    }
    if text.chars().any(char::is_control) {
        return Err(Flaw::ControlCharacter);
    }
    Ok(())
}

/// A type that an identifier can be made of: text, a UUID or a whole number.
#[diagnostic::on_unimplemented(
    message = "an identifier cannot be made of `{Self}`",
    label = "use `String`, `Uuid`, `i64`, `i32` or `u32`"
)]
pub trait IdContent: Value + Eq + Ord + std::hash::Hash + std::fmt::Display {
    /// Whether this value may identify an entity.
    ///
    /// # Errors
    /// The reason why not.
    fn check_id(&self) -> Result<(), Flaw>;

    /// The value behind its text form.
    ///
    /// # Errors
    /// When the text is not of this type.
    fn parse_id(text: &str) -> Result<Self, Flaw>;
}

impl IdContent for String {
    #[inline]
    fn check_id(&self) -> Result<(), Flaw> {
        check_id_text(self)
    }

    fn parse_id(text: &str) -> Result<Self, Flaw> {
        check_id_text(text)?;
        Ok(text.to_owned())
    }
}

macro_rules! parsed {
    ($type:ty, $words:literal) => {
        impl IdContent for $type {
            fn check_id(&self) -> Result<(), Flaw> {
                Ok(())
            }

            fn parse_id(text: &str) -> Result<Self, Flaw> {
                let value: Self = text.parse().map_err(|_| Flaw::malformed($words, text))?;
                // One id has one spelling: `+1` and `01` would be second names of `1`.
                if value.to_string() == text { Ok(value) } else { Err(Flaw::malformed($words, text)) }
            }
        }
    };
}

parsed!(Uuid, "a UUID in lower case with hyphens");
parsed!(i64, "a whole number of 64 bits");
parsed!(i32, "a whole number of 32 bits");
parsed!(u32, "a whole number from 0 to 4294967295");
