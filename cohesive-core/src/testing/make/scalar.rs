//! Numbers, instants and other plain values that are made up: mostly small, often at an edge, now and then anything.

use crate::interpret::Content;
use crate::model::{RecordType, Type};
use crate::value::{Currency, Date, Decimal, Duration, MONEY, Money, Timestamp, Uuid};

use super::Maker;

/// Microseconds in a second, a minute, an hour, a day and thirty days.
const UNITS: [i64; 6] = [1, 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000, 2_592_000_000_000];

impl Maker<'_> {
    /// A plain value.
    pub(super) fn scalar(&mut self, ty: &Type) -> Content {
        match ty {
            Type::Bool => Content::Bool(self.choices.below(2) == 1),
            Type::Int32 => {
                Content::Int32(self.whole(i32::MIN.into(), i32::MAX.into()).try_into().unwrap_or(0))
            }
            Type::Int64 => Content::Int64(self.whole(i64::MIN, i64::MAX)),
            Type::UInt32 => Content::UInt32(self.whole(0, u32::MAX.into()).try_into().unwrap_or(0)),
            Type::Decimal => Content::Decimal(self.decimal()),
            Type::Bytes => {
                let length = self.choices.below(6);
                Content::Bytes((0..length).map(|_| self.choices.below(256).try_into().unwrap_or(0)).collect())
            }
            Type::Timestamp => Content::Timestamp(self.instant()),
            Type::Date => self.date().map_or(Content::Absent, Content::Date),
            Type::Duration => Content::Duration(self.span()),
            Type::Uuid => Content::Uuid(match self.choices.below(8) {
                7 => Uuid::from_u128(u128::from(self.choices.any()) << 64 | u128::from(self.choices.any())),
                small => Uuid::from_u128(small.into()),
            }),
            Type::Currency => Content::Currency(self.currency()),
            Type::Opaque => {
                let texts = ["null", "1", "\"x\"", "{}", "[true]", "{\"a\":{\"b\":[]}}"];
                Content::Opaque(self.choices.one_of(&texts).copied().unwrap_or("null").to_owned())
            }
            // Not plain, and made up elsewhere.
            Type::Text
            | Type::Id(_)
            | Type::Enum(_)
            | Type::Record(_)
            | Type::Optional(_)
            | Type::List(_)
            | Type::Set(_)
            | Type::Named(_) => Content::Absent,
        }
    }

    /// A whole number from `least` to `greatest`.
    fn whole(&mut self, least: i64, greatest: i64) -> i64 {
        let number = match self.choices.weighted(&[10, 3, 2, 1]) {
            0 => i64::try_from(self.choices.below(11)).unwrap_or(0),
            1 => -i64::try_from(self.choices.below(11)).unwrap_or(0),
            2 => {
                let edges = [greatest, least, greatest - 1, least + 1, greatest / 2, 100, 1000];
                self.choices.one_of(&edges).copied().unwrap_or(0)
            }
            _ => i64::from_le_bytes(self.choices.any().to_le_bytes()) >> self.choices.below(64),
        };
        number.clamp(least, greatest)
    }

    fn decimal(&mut self) -> Decimal {
        match self.choices.weighted(&[10, 6, 2, 1]) {
            0 => Decimal::from(self.choices.below(21)),
            1 => {
                let digits = self.whole(-100_000, 100_000);
                let scale = u32::try_from(self.choices.below(4)).unwrap_or(0);
                Decimal::try_new(digits, scale).unwrap_or_default()
            }
            2 => {
                let least = Decimal::try_new(1, Decimal::MAX_SCALE).unwrap_or_default();
                let edges = [Decimal::MAX, Decimal::MIN, least, Decimal::NEGATIVE_ONE, Decimal::ONE_THOUSAND];
                self.choices.one_of(&edges).copied().unwrap_or_default()
            }
            _ => {
                let scale = u32::try_from(self.choices.below(29)).unwrap_or(0);
                let digits = i128::from(self.choices.any()) * i128::from(self.choices.below(1 << 30) + 1);
                let negative = self.choices.below(2) == 1;
                let digits = if negative { -digits } else { digits };
                Decimal::try_from_i128_with_scale(digits, scale).unwrap_or_default()
            }
        }
    }

    /// A length of time, either way.
    fn span(&mut self) -> Duration {
        let micros = match self.choices.weighted(&[12, 4, 1]) {
            0 => self.distance(),
            1 => -self.distance(),
            _ => {
                if self.choices.below(2) == 0 {
                    Duration::MAX.as_micros()
                } else {
                    -Duration::MAX.as_micros()
                }
            }
        };
        Duration::from_micros(micros).unwrap_or_default()
    }

    fn distance(&mut self) -> i64 {
        let unit = self.choices.one_of(&UNITS).copied().unwrap_or(1);
        i64::try_from(self.choices.below(30)).unwrap_or(0) * unit
    }

    fn instant(&mut self) -> Timestamp {
        let micros = match self.choices.weighted(&[8, 8, 1, 1]) {
            0 => self.now.as_micros().saturating_add(self.distance()),
            1 => self.now.as_micros().saturating_sub(self.distance()),
            2 => {
                let edges = [0, Timestamp::MIN.as_micros(), Timestamp::MAX.as_micros(), -1];
                self.choices.one_of(&edges).copied().unwrap_or(0)
            }
            _ => i64::from_le_bytes(self.choices.any().to_le_bytes()) >> 6,
        };
        let within = micros.clamp(Timestamp::MIN.as_micros(), Timestamp::MAX.as_micros());
        Timestamp::from_micros(within).unwrap_or_default()
    }

    fn date(&mut self) -> Option<Date> {
        let today: Option<Date> = self.now.to_string().get(..10).and_then(|day| day.parse().ok());
        let days = match self.choices.weighted(&[10, 6, 2, 1]) {
            0 => i64::try_from(self.choices.below(100)).unwrap_or(0),
            1 => -i64::try_from(self.choices.below(100)).unwrap_or(0),
            2 => i64::try_from(self.choices.below(20_000)).unwrap_or(0) - 10_000,
            _ => {
                let edges = [Date::new(0, 1, 1), Date::new(9999, 12, 31), Date::new(2024, 2, 29)];
                return self.choices.one_of(&edges).and_then(|edge| edge.as_ref().ok().copied());
            }
        };
        let today = today.or_else(|| Date::new(2026, 1, 1).ok())?;
        Some(today.checked_plus_days(days).unwrap_or(today))
    }

    fn currency(&mut self) -> Currency {
        let usual = [Currency::EUR, Currency::USD, Currency::CHF, Currency::JPY];
        match self.choices.weighted(&[24, 4, 1, 1, 1]) {
            4 => {
                let mut letter = || char::from(b'A' + u8::try_from(self.choices.below(26)).unwrap_or(0));
                let code: String = [letter(), letter(), letter()].into_iter().collect();
                Currency::new(&code).unwrap_or(Currency::EUR)
            }
            place => usual.get(place).copied().unwrap_or(Currency::EUR),
        }
    }

    /// An amount of money, where `record` is its type.
    pub(super) fn money(&mut self, record: &RecordType) -> Option<Content> {
        let currency = record.members.iter().any(|member| member.ty == Type::Currency);
        (record.name == MONEY && currency && record.members.len() == 2)
            .then(|| Content::Money(Money { amount: self.decimal(), currency: self.currency() }))
    }

    /// A value from `least` to `greatest`, where there are such.
    pub(super) fn between(
        &mut self,
        ty: &Type,
        least: Option<Content>,
        greatest: Option<Content>,
    ) -> Option<Content> {
        if matches!(ty, Type::Int32 | Type::Int64 | Type::UInt32) {
            let low = least.as_ref().and_then(number);
            let high = greatest.as_ref().and_then(number);
            let low = low.unwrap_or_else(|| high.unwrap_or(0).saturating_sub(100));
            let high = high.unwrap_or_else(|| low.saturating_add(100)).max(low);
            let room = u64::try_from(high.saturating_sub(low)).unwrap_or(u64::MAX - 1).saturating_add(1);
            let number = low.saturating_add(i128::from(self.choices.below(room)));
            return super::typed(Content::Number(number), ty, self);
        }
        // Somewhere beyond one bound, by a step of the type.
        let (mut value, upwards) = match (least, greatest) {
            (Some(least), Some(greatest)) => {
                return super::typed(if self.choices.below(2) == 0 { least } else { greatest }, ty, self);
            }
            (Some(least), None) => (least, true),
            (None, Some(greatest)) => (greatest, false),
            (None, None) => return None,
        };
        for _ in 0..self.choices.below(5) {
            value = further(&value, upwards).unwrap_or(value);
        }
        super::typed(value, ty, self)
    }
}

fn number(value: &Content) -> Option<i128> {
    Some(match value {
        Content::Int32(value) => i128::from(*value),
        Content::Int64(value) => i128::from(*value),
        Content::UInt32(value) => i128::from(*value),
        Content::Number(value) => *value,
        _ => return None,
    })
}

/// A value well away from this one.
fn further(value: &Content, upwards: bool) -> Option<Content> {
    let by = if upwards { 1 } else { -1 };
    Some(match value {
        Content::Decimal(value) => Content::Decimal(value.checked_add(Decimal::from(by * 7))?),
        Content::Timestamp(value) => {
            let micros = value.as_micros().checked_add(i64::from(by) * 3_600_000_000)?;
            Content::Timestamp(Timestamp::from_micros(micros).ok()?)
        }
        Content::Duration(value) => {
            let micros = value.as_micros().checked_add(i64::from(by) * 3_600_000_000)?;
            Content::Duration(Duration::from_micros(micros).ok()?)
        }
        Content::Date(value) => Content::Date(value.checked_plus_days(i64::from(by) * 7)?),
        _ => return None,
    })
}
