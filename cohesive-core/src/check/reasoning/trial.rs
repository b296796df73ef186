//! What is concluded of conditions is true: thousands of conditions are tried on every value of a small range.

use super::{Condition, Known, Names};
use crate::model::{Arm, BinaryOperator as Op, Expr, Literal, Pattern, UnaryOperator};

const SEED: u64 = 0x2545_F491_4F6C_DD1D;
const TRIALS: usize = 20_000;
const LEAST: i128 = -2;
const GREATEST: i128 = 7;

struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

fn keep<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn number(dice: &mut Dice) -> Expr {
    match dice.below(5) {
        0 => Expr::Input("x"),
        1 => Expr::Input("y"),
        2 => Expr::Local("named"),
        _ => Expr::Literal(Literal::Int(i128::try_from(dice.below(6)).unwrap())),
    }
}

fn condition(dice: &mut Dice, depth: usize) -> Expr {
    let comparisons = [Op::Less, Op::LessOrEqual, Op::Greater, Op::GreaterOrEqual, Op::Equal, Op::NotEqual];
    if depth == 0 || dice.below(3) == 0 {
        let operator = comparisons[dice.below(comparisons.len())];
        return Expr::Binary(operator, keep(number(dice)), keep(number(dice)));
    }
    let inner = |dice: &mut Dice| keep(condition(dice, depth - 1));
    match dice.below(6) {
        0 => Expr::Unary(UnaryOperator::Not, inner(dice)),
        1 => Expr::Binary(Op::Or, inner(dice), inner(dice)),
        2 => Expr::If { condition: inner(dice), then: inner(dice), otherwise: inner(dice) },
        3 => {
            let value = number(dice);
            Expr::Let { name: "named", value: keep(value), body: inner(dice) }
        }
        4 => {
            let literal =
                |dice: &mut Dice| Pattern::Literal(Literal::Int(i128::try_from(dice.below(6)).unwrap()));
            let pattern = Pattern::OneOf(keep([literal(dice), literal(dice)]));
            let arms = [
                Arm { pattern, condition: None, value: *inner(dice) },
                Arm { pattern: Pattern::Bind("named"), condition: Some(*inner(dice)), value: *inner(dice) },
                Arm { pattern: Pattern::Any, condition: None, value: *inner(dice) },
            ];
            Expr::Match { on: keep(number(dice)), arms: keep(arms) }
        }
        _ => Expr::Binary(Op::And, inner(dice), inner(dice)),
    }
}

/// The values of `x`, `y` and of the innermost `named`.
#[derive(Clone, Copy)]
struct Values {
    x: i128,
    y: i128,
    named: i128,
}

fn calculate(expr: &Expr, values: Values) -> i128 {
    match expr {
        Expr::Input("x") => values.x,
        Expr::Input(_) => values.y,
        Expr::Local(_) => values.named,
        Expr::Literal(Literal::Int(number)) => *number,
        other => panic!("{other} is no number"),
    }
}

fn holds(expr: &Expr, values: Values) -> bool {
    match expr {
        Expr::Unary(_, operand) => !holds(operand, values),
        Expr::Binary(Op::And, left, right) => holds(left, values) && holds(right, values),
        Expr::Binary(Op::Or, left, right) => holds(left, values) || holds(right, values),
        Expr::Binary(operator, left, right) => {
            let (left, right) = (calculate(left, values), calculate(right, values));
            match operator {
                Op::Less => left < right,
                Op::LessOrEqual => left <= right,
                Op::Greater => left > right,
                Op::GreaterOrEqual => left >= right,
                Op::Equal => left == right,
                _ => left != right,
            }
        }
        Expr::If { condition, then, otherwise } => {
            holds(if holds(condition, values) { then } else { otherwise }, values)
        }
        Expr::Let { value, body, .. } => holds(body, Values { named: calculate(value, values), ..values }),
        Expr::Match { on, arms } => {
            let on = calculate(on, values);
            let fits = |arm: &&Arm| match arm.pattern {
                Pattern::OneOf(choices) => choices.contains(&Pattern::Literal(Literal::Int(on))),
                Pattern::Bind(_) => {
                    arm.condition.is_some_and(|condition| holds(&condition, Values { named: on, ..values }))
                }
                _ => true,
            };
            let arm = arms.iter().find(fits).unwrap();
            let named = if matches!(arm.pattern, Pattern::Bind(_)) { on } else { values.named };
            holds(&arm.value, Values { named, ..values })
        }
        other => panic!("{other} is no condition"),
    }
}

fn grid() -> impl Iterator<Item = Values> {
    (LEAST..=GREATEST).flat_map(|x| (LEAST..=GREATEST).map(move |y| Values { x, y, named: x }))
}

#[test]
fn what_is_concluded_is_true() {
    println!("seed {SEED:#x}");
    let mut dice = Dice(SEED);
    let mut concluded = [0; 4];
    for _ in 0..TRIALS {
        let (one, other) = (condition(&mut dice, 3), condition(&mut dice, 3));
        let mut names = Names::default();
        names.name("named", super::Term::of(&Expr::Input("x"), &names));
        let of = |expr: &Expr, expected| Condition::of(expr, &names, expected);
        let (first, second, known) = (of(&one, true), of(&other, true), Known::default());
        if first.never(&known) {
            concluded[0] += 1;
            assert!(!grid().any(|values| holds(&one, values)), "never: {one}");
        }
        if first.always(&known) {
            concluded[1] += 1;
            assert!(grid().all(|values| holds(&one, values)), "always: {one}");
        }
        if first.implies(&second, &known) {
            concluded[2] += 1;
            let counter = grid().find(|values| holds(&one, *values) && !holds(&other, *values));
            assert!(counter.is_none(), "{one} implies {other}");
        }
        let (negated, refused) = (first.negated(), of(&one, false));
        for (condition, expr) in [(negated.and(&second), &other), (refused.and(&second), &other)] {
            if condition.never(&known) {
                concluded[3] += 1;
                let counter = grid().find(|values| !holds(&one, *values) && holds(expr, *values));
                assert!(counter.is_none(), "not {one}, and {other}");
            }
        }
    }
    assert!(concluded.iter().all(|count| *count > 100), "{concluded:?} says too little");
}
