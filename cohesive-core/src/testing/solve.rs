//! Conditions taken apart: which values of the input make them come out as wanted.

use crate::interpret::{Content, Scope};
use crate::model::{Arm, BinaryOperator, Expr, FoldOperator, Literal, Pattern, UnaryOperator};

use super::aim::Shot;
use super::pool::neighbour;

/// One who finds values for which a condition comes out as wanted.
pub(super) struct Solver<'a> {
    scope: Scope<'a>,
    /// Local names with what they stand for.
    names: Vec<(&'static str, &'a Expr)>,
}

impl<'a> Solver<'a> {
    pub(super) const fn new(scope: Scope<'a>) -> Self {
        Self { scope, names: Vec::new() }
    }

    /// What makes a condition come out as wanted.
    pub(super) fn solve(&mut self, condition: &'a Expr, wanted: bool) -> Vec<Shot> {
        match condition {
            Expr::Unary(UnaryOperator::Not, inner) => self.solve(inner, !wanted),
            Expr::Binary(BinaryOperator::And | BinaryOperator::Or, left, right) => {
                let mut shots = Vec::new();
                for part in [left, right] {
                    if self.scope.truth(part).ok() != Some(wanted) {
                        shots.extend(self.solve(part, wanted));
                    }
                }
                shots
            }
            Expr::Binary(operator, left, right) => self.compare(*operator, left, right, wanted),
            Expr::Input(_) | Expr::Local(_) => self.invert(condition, &Content::Bool(wanted)),
            Expr::Let { name, value, body } => self.within(name, value, |solver| solver.solve(body, wanted)),
            Expr::If { condition, then, otherwise } => match self.scope.truth(condition) {
                Ok(true) => self.solve(then, wanted),
                Ok(false) => self.solve(otherwise, wanted),
                Err(_) => Vec::new(),
            },
            Expr::Call { receiver, method, arguments } => self.call(receiver, method, arguments, wanted),
            Expr::Match { on, arms } => self.choose(on, arms, wanted),
            Expr::Fold { fold, list, binding, body } => self.fold(*fold, list, binding, body, wanted),
            _ => Vec::new(),
        }
    }

    fn within<T>(&mut self, name: &'static str, value: &'a Expr, inner: impl FnOnce(&mut Self) -> T) -> T {
        let mark = self.scope.locals();
        if let Ok(known) = self.scope.evaluate(value) {
            self.scope.name(name, known);
        }
        self.names.push((name, value));
        let result = inner(self);
        self.names.pop();
        self.scope.forget_names(mark);
        result
    }

    fn compare(
        &mut self,
        operator: BinaryOperator,
        left: &'a Expr,
        right: &'a Expr,
        wanted: bool,
    ) -> Vec<Shot> {
        let mut shots = Vec::new();
        for (moving, known, operator) in [(left, right, operator), (right, left, flipped(operator))] {
            if !self.moves(moving) {
                continue;
            }
            let Ok(value) = self.scope.evaluate(known) else { continue };
            for target in targets(operator, &value, wanted) {
                shots.extend(self.invert(moving, &target));
            }
        }
        shots
    }

    /// Whether the input or the clock decides what an expression is.
    fn moves(&self, expr: &Expr) -> bool {
        let mut moves = false;
        expr.each(&mut |part| {
            moves |= match part {
                Expr::Input(_) | Expr::Context("now") => true,
                Expr::Local(name) => {
                    self.names.iter().any(|(known, value)| known == name && self.moves(value))
                }
                _ => false,
            };
        });
        moves
    }

    /// What makes `expr` have this value.
    fn invert(&mut self, expr: &'a Expr, target: &Content) -> Vec<Shot> {
        match (expr, target) {
            (Expr::Input(name), target) => vec![Shot::Parameter(name, target.clone())],
            (Expr::Context("now"), Content::Timestamp(now)) => vec![Shot::Now(*now)],
            (Expr::Local(name), target) => {
                let meaning = self.names.iter().rev().find(|(known, _)| known == name);
                match meaning.map(|(_, value)| *value) {
                    Some(value) => self.invert(value, target),
                    None => Vec::new(),
                }
            }
            (Expr::Construct { name: "Some", arguments: [inner] }, Content::Present(target)) => {
                self.invert(inner, target)
            }
            (Expr::Member(record, name), target) => {
                let whole =
                    self.scope.evaluate(record).ok().and_then(|whole| with_member(whole, name, target));
                whole.map_or_else(Vec::new, |whole| self.invert(record, &whole))
            }
            (Expr::Unary(UnaryOperator::Negate, inner), target) => {
                Scope::calculate(BinaryOperator::Subtract, &zero_of(target), target)
                    .map_or_else(Vec::new, |value| self.invert(inner, &value))
            }
            (Expr::Binary(operator, left, right), target) => self.undo(*operator, left, right, target),
            (Expr::Call { receiver, method, arguments }, target) => {
                self.undo_call(receiver, method, arguments, target)
            }
            (Expr::Let { name, value, body }, target) => {
                self.within(name, value, |solver| solver.invert(body, target))
            }
            (Expr::If { condition, then, otherwise }, target) => match self.scope.truth(condition) {
                Ok(true) => self.invert(then, target),
                Ok(false) => self.invert(otherwise, target),
                Err(_) => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// A calculation taken back, for the side that moves.
    fn undo(
        &mut self,
        operator: BinaryOperator,
        left: &'a Expr,
        right: &'a Expr,
        target: &Content,
    ) -> Vec<Shot> {
        use BinaryOperator::{Add, Divide, Multiply, Subtract};
        let mut shots = Vec::new();
        let (back_left, back_right) = match operator {
            Add => (Subtract, Some((Subtract, false))),
            Subtract => (Add, Some((Subtract, true))),
            Multiply => (Divide, Some((Divide, false))),
            Divide => (Multiply, None),
            _ => return shots,
        };
        if self.moves(left)
            && let Ok(known) = self.scope.evaluate(right)
            && let Some(value) = Scope::calculate(back_left, target, &known)
        {
            shots.extend(self.invert(left, &value));
        }
        if let Some((back, known_first)) = back_right
            && self.moves(right)
            && let Ok(known) = self.scope.evaluate(left)
        {
            let (one, other) = if known_first { (&known, target) } else { (target, &known) };
            let value = Scope::calculate(back, one, other);
            shots.extend(value.map_or_else(Vec::new, |value| self.invert(right, &value)));
        }
        shots
    }

    fn undo_call(
        &mut self,
        receiver: &'a Expr,
        method: &str,
        arguments: &'a [Expr],
        target: &Content,
    ) -> Vec<Shot> {
        let days = |date: &Content, days: i64| match date {
            Content::Date(date) => date.checked_plus_days(days).map(Content::Date),
            _ => None,
        };
        match (method, arguments, target) {
            ("unwrap_or" | "or", _, target) => {
                let target = if method == "or" { target.clone() } else { Content::present(target.clone()) };
                self.invert(receiver, &target)
            }
            ("unwrap_or_default", _, target) => self.invert(receiver, &Content::present(target.clone())),
            ("days_since", [earlier], target) => {
                let count = match target {
                    Content::Int64(count) => *count,
                    Content::Number(count) => i64::try_from(*count).unwrap_or(0),
                    _ => return Vec::new(),
                };
                let mut shots = Vec::new();
                let late = self.scope.evaluate(earlier).ok().and_then(|date| days(&date, count));
                if let (true, Some(late)) = (self.moves(receiver), late) {
                    shots.extend(self.invert(receiver, &late));
                }
                let early = self.scope.evaluate(receiver).ok();
                let early = early.and_then(|date| days(&date, count.checked_neg()?));
                if let (true, Some(early)) = (self.moves(earlier), early) {
                    shots.extend(self.invert(earlier, &early));
                }
                shots
            }
            ("plus_days", [count], target) => {
                let count = match self.scope.evaluate(count) {
                    Ok(Content::Int64(count)) => count.checked_neg(),
                    Ok(Content::Number(count)) => i64::try_from(-count).ok(),
                    _ => None,
                };
                let early = count.and_then(|count| days(target, count));
                early.map_or_else(Vec::new, |early| self.invert(receiver, &early))
            }
            ("len", [], Content::Size(length)) => {
                let text = Content::Text("a".repeat((*length).min(1000)));
                self.invert(receiver, &text)
            }
            ("len", [], Content::Number(length)) => {
                let length = usize::try_from(*length).unwrap_or(0).min(1000);
                self.invert(receiver, &Content::Text("a".repeat(length)))
            }
            _ => Vec::new(),
        }
    }

    fn call(&mut self, receiver: &'a Expr, method: &str, arguments: &'a [Expr], wanted: bool) -> Vec<Shot> {
        let absent = match method {
            "is_none" => wanted,
            "is_some" => !wanted,
            _ => false,
        };
        if absent {
            return self.invert(receiver, &Content::Absent);
        }
        match (method, arguments) {
            ("contains", [item]) if wanted => match self.scope.evaluate(receiver) {
                Ok(Content::List(items) | Content::Set(items)) => {
                    items.iter().take(4).flat_map(|known| self.invert(item, known)).collect()
                }
                _ => Vec::new(),
            },
            ("starts_with" | "ends_with" | "contains", [part]) if wanted => match self.scope.evaluate(part) {
                Ok(text @ Content::Text(_)) => self.invert(receiver, &text),
                _ => Vec::new(),
            },
            ("is_empty", []) => {
                let text = if wanted { String::new() } else { "a".to_owned() };
                self.invert(receiver, &Content::Text(text))
            }
            _ => Vec::new(),
        }
    }

    /// `matches!` and other choices between truths: a value that looks like the right pattern.
    fn choose(&mut self, on: &'a Expr, arms: &'a [Arm], wanted: bool) -> Vec<Shot> {
        let mut shots = Vec::new();
        for arm in arms {
            if arm.value == Expr::Literal(Literal::Bool(wanted)) {
                for example in self.examples(&arm.pattern) {
                    shots.extend(self.invert(on, &example));
                }
            }
        }
        shots
    }

    fn examples(&mut self, pattern: &Pattern) -> Vec<Content> {
        match pattern {
            Pattern::Path(path) => self.scope.constant(path).into_iter().collect(),
            Pattern::Literal(Literal::Int(number)) => vec![Content::Number(*number)],
            Pattern::Literal(Literal::Bool(truth)) => vec![Content::Bool(*truth)],
            Pattern::Literal(Literal::Text(text)) => vec![Content::Text((*text).to_owned())],
            Pattern::OneOf(patterns) => patterns.iter().flat_map(|pattern| self.examples(pattern)).collect(),
            Pattern::Construct { name: "Some", arguments: [inner] } => {
                self.examples(inner).into_iter().map(Content::present).collect()
            }
            _ => Vec::new(),
        }
    }

    fn fold(
        &mut self,
        fold: FoldOperator,
        list: &'a Expr,
        binding: &'static str,
        body: &'a Expr,
        wanted: bool,
    ) -> Vec<Shot> {
        if !matches!(fold, FoldOperator::Any | FoldOperator::All) {
            return Vec::new();
        }
        let Ok(Content::List(items) | Content::Set(items)) = self.scope.evaluate(list) else {
            return Vec::new();
        };
        let mut shots = Vec::new();
        for item in items.into_iter().take(4) {
            let mark = self.scope.locals();
            self.scope.name(binding, item);
            shots.extend(self.solve(body, wanted));
            self.scope.forget_names(mark);
        }
        shots
    }
}

/// The values for which a comparison with `value` comes out as wanted, nearest first.
fn targets(operator: BinaryOperator, value: &Content, wanted: bool) -> Vec<Content> {
    use BinaryOperator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    let (up, down) = (neighbour(value, true), neighbour(value, false));
    let same = Some(value.clone());
    let found = match (operator, wanted) {
        (Equal, true) | (NotEqual, false) => [same, None, None],
        (Equal, false) | (NotEqual, true) => [up, down, None],
        (Less, true) | (GreaterOrEqual, false) => [down, None, None],
        (Greater, true) | (LessOrEqual, false) => [up, None, None],
        (LessOrEqual, true) | (Greater, false) => [same, down, None],
        (GreaterOrEqual, true) | (Less, false) => [same, up, None],
        _ => [None, None, None],
    };
    found.into_iter().flatten().collect()
}

/// The operator as it reads from the other side.
const fn flipped(operator: BinaryOperator) -> BinaryOperator {
    match operator {
        BinaryOperator::Less => BinaryOperator::Greater,
        BinaryOperator::LessOrEqual => BinaryOperator::GreaterOrEqual,
        BinaryOperator::Greater => BinaryOperator::Less,
        BinaryOperator::GreaterOrEqual => BinaryOperator::LessOrEqual,
        other => other,
    }
}

fn with_member(whole: Content, name: &str, value: &Content) -> Option<Content> {
    match (whole, name, value) {
        (Content::Record(mut members), ..) => {
            members.iter_mut().find(|(known, _)| *known == name)?.1 = value.clone();
            Some(Content::Record(members))
        }
        (Content::Money(money), "amount", Content::Decimal(amount)) => {
            Some(Content::Money(crate::value::Money { amount: *amount, ..money }))
        }
        (Content::Money(money), "currency", Content::Currency(currency)) => {
            Some(Content::Money(crate::value::Money { currency: *currency, ..money }))
        }
        _ => None,
    }
}

fn zero_of(value: &Content) -> Content {
    match value {
        Content::Int32(_) => Content::Int32(0),
        Content::UInt32(_) => Content::UInt32(0),
        Content::Decimal(_) => Content::Decimal(crate::value::Decimal::ZERO),
        _ => Content::Int64(0),
    }
}
