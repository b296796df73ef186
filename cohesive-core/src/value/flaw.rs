//! What can be wrong with a single value.

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Flaw {
    /// An identifier without any visible character.
    #[error("an identifier must not be blank")]
    Blank,
    /// Text longer than its type permits.
    #[error("at most {limit} bytes are allowed, and these are {actual}")]
    TooLong {
        /// The limit, in bytes.
        limit: usize,
        /// The length, in bytes.
        actual: usize,
    },
    /// Text with U+0000, which PostgreSQL cannot store; refused everywhere, so that stores do not differ.
    #[error("the text contains the character U+0000, which cannot be stored")]
    NulCharacter,
    /// A control character within an identifier.
    #[error("an identifier must not contain control characters")]
    ControlCharacter,
    /// A value of another type than the field's.
    #[error("expected {expected}, found {found}")]
    WrongType {
        /// The type of the field.
        expected: &'static str,
        /// What was there.
        found: &'static str,
    },
    /// A number beyond the range of its type.
    #[error("the value is out of the range of {expected}")]
    OutOfRange {
        /// The type of the field.
        expected: &'static str,
    },
    /// A name that the enumeration does not have.
    #[error("`{value}` is not one of the values of `{expected}`")]
    UnknownVariant {
        /// The enumeration.
        expected: &'static str,
        /// The name that was found.
        value: String,
    },
    /// Two records of one list with the same id.
    #[error("two elements of the list have the same id")]
    DuplicateChild,
    /// A constraint of a member that does not hold.
    #[error("`{}`: {}", .0.name, .0.message)]
    Constraint(&'static crate::model::Constraint),
    /// Text that cannot be read as the type.
    #[error("`{value}` is not {expected}")]
    Malformed {
        /// The type of the field.
        expected: &'static str,
        /// The text that was found, cut to 64 characters.
        value: String,
    },
}

impl Flaw {
    /// Text that cannot be read as `expected`. The text is cut, so that a message stays a message.
    #[must_use]
    pub fn malformed(expected: &'static str, value: &str) -> Self {
        Self::Malformed { expected, value: value.chars().take(64).collect() }
    }
}
