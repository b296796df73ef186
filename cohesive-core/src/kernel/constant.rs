//! Constants of the user's code, as values: what a model that names them cannot hold.

use std::ops::Deref;

use crate::model::Type;
use crate::value::{Datum, Value};

/// The value of a constant that an expression of the model names.
#[derive(Debug, Clone, PartialEq)]
pub enum Constant {
    /// A value that a field could have: its type and its stored form.
    Value(Type, Datum<'static>),
    /// A number of elements, which a field cannot have.
    Size(usize),
}

/// A reference to a constant of any type, which generated code asks for its value.
#[derive(Debug, Clone, Copy)]
pub struct Shown<T: 'static>(pub &'static T);

/// What a constant says that is no value of the model: nothing.
#[derive(Debug, Clone, Copy)]
pub struct Unknown;

impl Unknown {
    /// Nothing.
    #[must_use]
    pub const fn constant(&self) -> Option<Constant> {
        None
    }
}

/// A constant of a type that is no value is found here, because nothing nearer fits.
impl<T> Deref for Shown<T> {
    type Target = Unknown;

    fn deref(&self) -> &Unknown {
        &Unknown
    }
}

impl<T: Value> Shown<T> {
    /// The value; `None` when it has no stored form.
    #[must_use]
    pub fn constant(&self) -> Option<Constant> {
        let datum = self.0.encode().ok()?;
        Some(Constant::Value(T::TYPE, datum.into_owned()))
    }
}

impl Shown<usize> {
    /// The number.
    #[must_use]
    pub const fn constant(&self) -> Option<Constant> {
        Some(Constant::Size(*self.0))
    }
}

impl Shown<&'static str> {
    /// The text.
    #[must_use]
    pub fn constant(&self) -> Option<Constant> {
        Some(Constant::Value(Type::Text, Datum::Text((*self.0).into())))
    }
}

#[cfg(test)]
mod tests {
    use super::{Constant, Shown};
    use crate::model::Type;
    use crate::value::Datum;

    #[test]
    fn values_sizes_and_texts_are_shown_and_anything_else_is_not() {
        const LIMIT: i32 = 3;
        const PAIR: (i32, i32) = (1, 2);
        assert_eq!(Shown(&LIMIT).constant(), Some(Constant::Value(Type::Int32, Datum::Int(3))));
        assert_eq!(Shown(&7_usize).constant(), Some(Constant::Size(7)));
        assert_eq!(Shown(&"x").constant(), Some(Constant::Value(Type::Text, Datum::Text("x".into()))));
        assert_eq!(Shown(&PAIR).constant(), None);
    }
}
