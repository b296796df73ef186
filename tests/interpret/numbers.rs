//! Numbers: their widths, the places of a decimal, results that do not exist.

use cohesive::prelude::*;

use crate::{agreed, agreed_on_creation};

#[derive(Id)]
pub struct MeterId(String);

/// Numbers of every width.
#[entity]
pub struct Meter {
    #[id]
    pub id: MeterId,
    pub level: i64,
    #[field(default = 7)]
    pub small: i32,
    #[field(default = 0)]
    pub count: u32,
    #[field(default = Decimal::new(100, 2))]
    pub share: Decimal,
    pub readings: Vec<Decimal>,
    pub largest: Option<Decimal>,
    pub money: Option<Money>,
    #[field(default = Duration::ZERO)]
    pub span: Duration,
    pub seen: Option<Timestamp>,
    #[field(computed = self.readings.iter().map(|reading| *reading).sum())]
    pub total: Decimal,
}

#[transitions]
impl Meter {
    #[create]
    pub fn open(id: MeterId, level: i64) -> Self {
        Self { id, level }
    }

    #[transition]
    pub fn calculate(&mut self, by: i64, small: i32, count: u32, share: Decimal) {
        self.level = (self.level + by) * 3 - 1;
        self.small = -self.small + small;
        self.count = self.count - count;
        self.share = self.share * share;
    }

    #[transition]
    pub fn divide(&mut self, by: i64, small: i32, share: Decimal) {
        self.level = self.level / by;
        self.small = self.small % small;
        self.share = self.share / share;
    }

    #[transition]
    pub fn read(&mut self, reading: Decimal) {
        requires!(Few: self.readings.len() < 3, "that is enough");
        self.readings.push(reading);
        self.largest = Some(self.largest.unwrap_or(reading).max(reading));
    }

    #[transition]
    pub fn clear(&mut self) {
        self.readings = Vec::new();
        self.largest = self.readings.iter().map(|reading| *reading + Decimal::ONE).max();
    }

    #[transition]
    pub fn charge(&mut self, money: Money) {
        requires!(NotLess: Some(money) >= self.money, "less than before");
        self.money = Some(if let Some(before) = self.money { before + money } else { money * Decimal::TWO });
    }

    #[transition]
    pub fn look(&mut self, at: Timestamp, context: &Context) {
        self.span = at - self.seen.unwrap_or(context.now());
        self.seen = Some(at + self.span * 2);
    }

    #[transition]
    pub fn round(&mut self, places: u32) {
        self.share = (self.share.abs() + Decimal::new(1, places)).round_dp(1);
    }
}

fn meter() -> Meter {
    let (word, meter) = agreed_on_creation(&OpenMeter { id: "M".parse().unwrap(), level: 10 });
    assert_eq!(word, "applied");
    meter.unwrap()
}

fn calculate(by: i64, small: i32, count: u32) -> CalculateMeter {
    CalculateMeter { by, small, count, share: "1.50".parse().unwrap() }
}

#[test]
fn widths_overflow_where_the_compiled_ones_do() {
    assert_eq!(agreed(&meter(), &calculate(1, 1, 0)), "applied");
    assert_eq!(agreed(&meter(), &calculate(i64::MAX, 1, 0)), "overflow");
    assert_eq!(agreed(&meter(), &calculate(i64::MAX / 3 - 10, 1, 0)), "applied");
    assert_eq!(agreed(&meter(), &calculate(i64::MAX / 3 - 9, 1, 0)), "overflow");
    assert_eq!(agreed(&meter(), &calculate(1, 1, 1)), "overflow");
    let least = Meter { small: i32::MIN, ..meter() };
    assert_eq!(agreed(&least, &calculate(1, 0, 0)), "overflow");
}

#[test]
fn quotients_without_a_divisor_are_refused_alike() {
    let divide = |by, small, share: &str| DivideMeter { by, small, share: share.parse().unwrap() };
    assert_eq!(agreed(&meter(), &divide(3, 4, "3")), "applied");
    assert_eq!(agreed(&meter(), &divide(0, 4, "3")), "division_by_zero");
    assert_eq!(agreed(&meter(), &divide(3, 0, "3")), "division_by_zero");
    assert_eq!(agreed(&meter(), &divide(3, 4, "0.00")), "division_by_zero");
    let least = Meter { level: i64::MIN, ..meter() };
    assert_eq!(agreed(&least, &divide(-1, 4, "3")), "overflow");
}

#[test]
fn decimals_keep_their_places() {
    let mut meter = meter();
    for reading in ["1.50", "0.5", "1.500"] {
        let input = ReadMeter { reading: reading.parse().unwrap() };
        assert_eq!(agreed(&meter, &input), "applied");
        let decision = cohesive::decide(&meter, Version::INITIAL, &input, &crate::context());
        meter = decision.applied().unwrap().after(&meter).unwrap();
    }
    assert_eq!(meter.total.to_string(), "3.500");
    assert_eq!(agreed(&meter, &ReadMeter { reading: Decimal::ONE }), "few");
    assert_eq!(agreed(&meter, &ClearMeter {}), "applied");
    let rounded = [0, 1, 2, 28, 29].map(|places| agreed(&meter, &RoundMeter { places }));
    assert_eq!(rounded, ["applied", "applied", "no-change", "no-change", "overflow"]);
}

#[test]
fn amounts_in_two_currencies_are_neither_less_nor_greater_and_have_no_sum() {
    let eur = |amount: i64| Money { amount: Decimal::new(amount, 2), currency: Currency::EUR };
    let usd = Money { currency: Currency::USD, ..eur(500) };
    assert_eq!(agreed(&meter(), &ChargeMeter { money: eur(100) }), "applied");
    let charged = Meter { money: Some(eur(200)), ..meter() };
    assert_eq!(agreed(&charged, &ChargeMeter { money: eur(199) }), "not_less");
    assert_eq!(agreed(&charged, &ChargeMeter { money: usd }), "not_less");
    assert_eq!(agreed(&charged, &ChargeMeter { money: eur(200) }), "applied");
}

#[test]
fn instants_and_spans_end_where_the_calendar_does() {
    let look = |at: &str| LookMeter { at: at.parse().unwrap() };
    assert_eq!(agreed(&meter(), &look("2026-03-02T12:00:00Z")), "applied");
    assert_eq!(agreed(&meter(), &look("2026-03-01T12:00:00Z")), "applied");
    assert_eq!(agreed(&meter(), &look("9999-12-30T00:00:00Z")), "overflow");
}
