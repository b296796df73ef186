//! The stored form of the ordinary Rust types.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Datum, Decimal, Flaw, Uuid, Value};
use crate::model::Type;

/// The JSON form of a record or a list, as a datum.
///
/// # Errors
/// When the value cannot be written as JSON.
pub fn encode_json<T: Serialize>(value: &T) -> Result<Datum<'_>, Flaw> {
    match serde_json::to_string(value) {
        Ok(text) => Ok(Datum::Json(Cow::Owned(text))),
        Err(error) => Err(Flaw::malformed("a value that JSON can carry", &error.to_string())),
    }
}

/// The record or list behind its JSON form.
///
/// # Errors
/// When the datum is not JSON, or not of this type.
pub fn decode_json<T: DeserializeOwned>(datum: &Datum<'_>) -> Result<T, Flaw> {
    match datum {
        Datum::Json(text) => {
            serde_json::from_str(text).map_err(|_| Flaw::malformed("JSON of the declared type", text))
        }
        other => Err(other.instead_of("a JSON value")),
    }
}

impl Value for bool {
    const TYPE: Type = Type::Bool;

    fn encode(&self) -> Result<Datum<'_>, Flaw> {
        Ok(Datum::Bool(*self))
    }

    fn decode(datum: Datum<'_>) -> Result<Self, Flaw> {
        match datum {
            Datum::Bool(value) => Ok(value),
            other => Err(other.instead_of("a boolean")),
        }
    }

    #[inline]
    fn check(&self) -> Result<(), Flaw> {
        Ok(())
    }
}

/// Whole numbers are stored as 64 bits and range-checked on the way back.
macro_rules! whole_number {
    ($type:ty, $case:ident, $words:literal) => {
        impl Value for $type {
            const TYPE: Type = Type::$case;

            fn encode(&self) -> Result<Datum<'_>, Flaw> {
                Ok(Datum::Int(i64::from(*self)))
            }

            fn decode(datum: Datum<'_>) -> Result<Self, Flaw> {
                match datum {
                    Datum::Int(value) => {
                        Self::try_from(value).map_err(|_| Flaw::OutOfRange { expected: $words })
                    }
                    other => Err(other.instead_of($words)),
                }
            }

            #[inline]
            fn check(&self) -> Result<(), Flaw> {
                Ok(())
            }
        }
    };
}

whole_number!(i32, Int32, "a whole number of 32 bits");
whole_number!(i64, Int64, "a whole number of 64 bits");
whole_number!(u32, UInt32, "a whole number from 0 to 4294967295");

impl Value for Decimal {
    const TYPE: Type = Type::Decimal;

    fn encode(&self) -> Result<Datum<'_>, Flaw> {
        Ok(Datum::Decimal(*self))
    }

    fn decode(datum: Datum<'_>) -> Result<Self, Flaw> {
        match datum {
            Datum::Decimal(value) => Ok(value),
            other => Err(other.instead_of("a decimal")),
        }
    }

    #[inline]
    fn check(&self) -> Result<(), Flaw> {
        Ok(())
    }
}

impl Value for Uuid {
    const TYPE: Type = Type::Uuid;

    fn encode(&self) -> Result<Datum<'_>, Flaw> {
        Ok(Datum::Uuid(*self))
    }

    fn decode(datum: Datum<'_>) -> Result<Self, Flaw> {
        match datum {
            Datum::Uuid(value) => Ok(value),
            other => Err(other.instead_of("a UUID")),
        }
    }

    #[inline]
    fn check(&self) -> Result<(), Flaw> {
        Ok(())
    }
}

impl Value for String {
    const TYPE: Type = Type::Text;

    fn encode(&self) -> Result<Datum<'_>, Flaw> {
        self.check()?;
        Ok(Datum::Text(Cow::Borrowed(self)))
    }

    fn decode(datum: Datum<'_>) -> Result<Self, Flaw> {
        match datum {
            Datum::Text(value) => Ok(value.into_owned()),
            other => Err(other.instead_of("text")),
        }
    }

    #[inline]
    fn check(&self) -> Result<(), Flaw> {
        if self.bytes().any(|byte| byte == 0) { Err(Flaw::NulCharacter) } else { Ok(()) }
    }
}

impl<T: Value> Value for Option<T> {
    const TYPE: Type = Type::Optional(&T::TYPE);

    fn encode(&self) -> Result<Datum<'_>, Flaw> {
        self.as_ref().map_or(Ok(Datum::Null), Value::encode)
    }

    fn decode(datum: Datum<'_>) -> Result<Self, Flaw> {
        match datum {
            Datum::Null => Ok(None),
            other => T::decode(other).map(Some),
        }
    }

    #[inline]
    fn check(&self) -> Result<(), Flaw> {
        self.as_ref().map_or(Ok(()), Value::check)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Value + Serialize + DeserializeOwned> Value for Vec<T> {
    const TYPE: Type = Type::List(&T::TYPE);

    fn encode(&self) -> Result<Datum<'_>, Flaw> {
        self.check()?;
        encode_json(self)
    }

    fn decode(datum: Datum<'_>) -> Result<Self, Flaw> {
        decode_json(&datum)
    }

    #[inline]
    fn check(&self) -> Result<(), Flaw> {
        let children = matches!(T::TYPE, Type::Record(record) if record.id.is_some());
        let twice =
            |(index, child): (usize, &T)| self.iter().take(index).any(|other| other.same_child(child));
        if children && self.iter().enumerate().any(twice) {
            return Err(Flaw::DuplicateChild);
        }
        self.iter().try_for_each(Value::check)
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

impl<T: Value + Ord + Serialize + DeserializeOwned> Value for BTreeSet<T> {
    const TYPE: Type = Type::Set(&T::TYPE);

    fn encode(&self) -> Result<Datum<'_>, Flaw> {
        self.check()?;
        encode_json(self)
    }

    fn decode(datum: Datum<'_>) -> Result<Self, Flaw> {
        decode_json(&datum)
    }

    #[inline]
    fn check(&self) -> Result<(), Flaw> {
        self.iter().try_for_each(Value::check)
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}
