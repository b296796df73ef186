//! Decimals in PostgreSQL's binary form: digits to the base of 10,000, with the scale they were given.

use bytes::{BufMut as _, BytesMut};
use cohesive_core::value::Decimal;

const BASE: u128 = 10_000;
/// Digits of base 10 in one of base 10,000.
const WIDTH: u32 = 4;
const NEGATIVE: u16 = 0x4000;

/// Writes a decimal. Zero has no sign.
pub(super) fn encode(value: Decimal, out: &mut BytesMut) {
    let (scale, mantissa) = (value.scale(), value.mantissa());
    let padding = (WIDTH - scale % WIDTH) % WIDTH;
    // 96 bits and at most three more digits, which 128 bits hold.
    let mut rest = mantissa.unsigned_abs() * 10_u128.pow(padding);
    // The place of the first digit before the point is 0, and that of the first one behind it is -1.
    let mut weight = -1 - small::<i16>((scale + padding) / WIDTH);
    let mut digits: Vec<u16> = Vec::with_capacity(10);
    while rest > 0 {
        digits.push(small(rest % BASE));
        rest /= BASE;
        weight += 1;
    }
    let trailing = digits.iter().take_while(|digit| **digit == 0).count();
    let digits = &digits[trailing..];
    out.put_u16(small(digits.len()));
    out.put_i16(if digits.is_empty() { 0 } else { weight });
    out.put_u16(if mantissa < 0 { NEGATIVE } else { 0 });
    out.put_u16(small(scale));
    digits.iter().rev().for_each(|digit| out.put_u16(*digit));
}

/// A number that is known to be small.
fn small<T: Default>(number: impl TryInto<T>) -> T {
    number.try_into().unwrap_or_default()
}

/// Reads a decimal; `None` for what is not a number or has more digits than a decimal can have.
pub(super) fn decode(raw: &[u8]) -> Option<Decimal> {
    let (words, []) = raw.as_chunks::<2>() else { return None };
    let words: Vec<u16> = words.iter().map(|word| u16::from_be_bytes(*word)).collect();
    let [count, weight, sign, scale, digits @ ..] = &*words else { return None };
    if usize::from(*count) != digits.len() || *sign & !NEGATIVE != 0 {
        return None;
    }
    let add = |sum: u128, digit: &u16| sum.checked_mul(BASE)?.checked_add((*digit).into());
    let digits_value = digits.iter().try_fold(0_u128, add)?;
    // How many digits of base 10 stand behind the point so far, and how many have to.
    let places = i32::from(*count) - 1 - i32::from(weight.cast_signed());
    let missing = i32::from(*scale) - WIDTH.cast_signed() * places;
    let mantissa = if digits_value == 0 { 0 } else { shifted(digits_value, missing)? };
    let mantissa = i128::try_from(mantissa).ok()?;
    let mantissa = if *sign == NEGATIVE { -mantissa } else { mantissa };
    Decimal::try_from_i128_with_scale(mantissa, (*scale).into()).ok()
}

/// The number with so many zeros more, or fewer; `None` when it has not so many, or becomes too large.
fn shifted(number: u128, zeros: i32) -> Option<u128> {
    let shift = 10_u128.checked_pow(zeros.unsigned_abs())?;
    if zeros >= 0 { number.checked_mul(shift) } else { number.is_multiple_of(shift).then(|| number / shift) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(value: Decimal) -> Option<Decimal> {
        let mut bytes = BytesMut::new();
        encode(value, &mut bytes);
        decode(&bytes)
    }

    #[test]
    fn decimals_return_with_their_scale() {
        // P19; the server's own reading of these bytes is tested by the conformance suite.
        let mut random = 1_u64;
        for _ in 0..20_000 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let scale = u32::try_from(random >> 58).unwrap() % 29;
            let digits = i128::from(random.cast_signed()) * i128::from(random >> (random % 64));
            let value = Decimal::try_from_i128_with_scale(digits >> (random % 90), scale);
            let Ok(value) = value else { continue };
            let back = through(value).unwrap();
            assert_eq!((back, back.scale()), (value, value.scale()), "{value}");
        }
        for value in
            [Decimal::MAX, Decimal::MIN, Decimal::ZERO, Decimal::new(-70, 1), Decimal::new(10_000, 28)]
        {
            let back = through(value).unwrap();
            assert_eq!(back.to_string(), value.to_string());
        }
    }

    #[test]
    fn what_is_no_decimal_is_not_read() {
        let words =
            |words: &[u16]| decode(&words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<_>>());
        assert_eq!(words(&[1, 0, 0, 2, 15]).map(|value| value.to_string()).as_deref(), Some("15.00"));
        assert_eq!(words(&[0, 0, 0xc000, 0]), None, "not a number");
        assert_eq!(words(&[0, 0, 0xd000, 0]), None, "infinity");
        assert_eq!(words(&[1, 9, 0, 0, 1]), None, "too large");
        assert_eq!(words(&[1, 0x7fff, 0, 0, 1]), None, "far too large");
        assert_eq!(words(&[1, 0, 0, 29, 1]), None, "too many digits behind the point");
        assert_eq!(words(&[1, 0xffff, 0, 2, 1]), None, "digits beyond the scale");
        assert_eq!(words(&[2, 0, 0, 0, 1]), None, "cut short");
        assert_eq!(decode(&[0]), None);
    }
}
