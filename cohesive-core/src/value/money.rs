//! Amounts of money, each with its currency.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::time::as_text;
use super::{Datum, Decimal, Flaw, Value, decode_json, encode_json};
use crate::model::{At, Member, RecordType, Type};

/// The code of a currency: three capital letters (ISO 4217). Whether a currency of that code exists is not checked,
/// because the list changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The Swiss franc.
    pub const CHF: Self = Self(*b"CHF");
    /// The euro.
    pub const EUR: Self = Self(*b"EUR");
    /// The pound sterling.
    pub const GBP: Self = Self(*b"GBP");
    /// The Japanese yen.
    pub const JPY: Self = Self(*b"JPY");
    /// The United States dollar.
    pub const USD: Self = Self(*b"USD");

    /// The currency with this code.
    ///
    /// # Errors
    /// When the code is not three capital letters.
    pub fn new(code: &str) -> Result<Self, Flaw> {
        match code.as_bytes() {
            &[one, two, three] if code.bytes().all(|letter| letter.is_ascii_uppercase()) => {
                Ok(Self([one, two, three]))
            }
            _ => Err(Flaw::malformed("a currency such as `EUR` (ISO 4217)", code)),
        }
    }

    /// The code.
    #[must_use]
    pub const fn code(&self) -> &str {
        match std::str::from_utf8(&self.0) {
            Ok(code) => code,
            Err(_) => "",
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = Flaw;

    fn from_str(text: &str) -> Result<Self, Flaw> {
        Self::new(text)
    }
}

impl Value for Currency {
    const TYPE: Type = Type::Currency;

    fn encode(&self) -> Result<Datum<'_>, Flaw> {
        Ok(Datum::Text(self.code().into()))
    }

    fn decode(datum: Datum<'_>) -> Result<Self, Flaw> {
        match datum {
            Datum::Text(text) => Self::new(&text),
            other => Err(other.instead_of("a currency")),
        }
    }

    #[inline]
    fn check(&self) -> Result<(), Flaw> {
        Ok(())
    }
}

as_text!(Currency);

/// An exact amount in a currency. JSON form: `{"amount":"12.50","currency":"EUR"}`.
///
/// In a body, `+` and `-` need one currency on both sides, and refuse the input where there are two; `*` takes a
/// whole number or a decimal. Amounts in two currencies are neither equal nor less nor greater, so a guard that
/// compares them does not hold. Nothing is rounded to the minor unit of the currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// How much.
    pub amount: Decimal,
    /// Of what.
    pub currency: Currency,
}

/// The name of [`Money`] in the model.
pub const MONEY: &str = "Money";

impl Value for Money {
    const TYPE: Type = Type::Record(&RecordType {
        name: MONEY,
        docs: "An exact amount in a currency.",
        members: &[
            Member { docs: "How much.", ..Member::new("amount", Type::Decimal, At(0)) },
            Member { docs: "Of what.", ..Member::new("currency", Type::Currency, At(0)) },
        ],
        id: None,
    });

    fn encode(&self) -> Result<Datum<'_>, Flaw> {
        encode_json(self)
    }

    fn decode(datum: Datum<'_>) -> Result<Self, Flaw> {
        decode_json(&datum)
    }

    #[inline]
    fn check(&self) -> Result<(), Flaw> {
        Ok(())
    }
}

impl PartialOrd for Money {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self.currency == other.currency).then(|| self.amount.cmp(&other.amount))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.amount, self.currency)
    }
}
