//! Conditions as conjunctions over single terms and pairs of terms.

use super::comparison::outcomes;
use super::known::Known;
use super::number::Number;
use super::term::{Names, NumberTerm, Term};
use super::values::{Values, outcome};
use crate::model::{Arm, BinaryOperator, Expr, Literal, Pattern, UnaryOperator};

/// What a part of a condition is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// The value of a term.
    Term(Term),
    /// How two terms compare.
    Pair(Term, Term),
}

/// A condition: all of its parts hold, and where it is exact, nothing else is demanded.
#[derive(Debug, Clone)]
pub(in super::super) struct Condition {
    parts: Vec<(Subject, Values)>,
    exact: bool,
}

impl Condition {
    /// Always holds.
    pub(in super::super) const ALWAYS: Self = Self { parts: Vec::new(), exact: true };
    /// Demands something of which nothing is known.
    const UNKNOWN: Self = Self { parts: Vec::new(), exact: false };

    /// When `expr` is `expected`.
    pub(in super::super) fn of(expr: &Expr, names: &Names, expected: bool) -> Self {
        match expr {
            Expr::Literal(Literal::Bool(truth)) => Self::constant(*truth == expected),
            Expr::Unary(UnaryOperator::Not, operand) => Self::of(operand, names, !expected),
            Expr::Binary(BinaryOperator::And, left, right) => {
                let (left, right) = (Self::of(left, names, expected), Self::of(right, names, expected));
                if expected { left.and(&right) } else { left.or(&right) }
            }
            Expr::Binary(BinaryOperator::Or, left, right) => {
                let (left, right) = (Self::of(left, names, expected), Self::of(right, names, expected));
                if expected { left.or(&right) } else { left.and(&right) }
            }
            Expr::Binary(operator, left, right) => match outcomes(*operator) {
                Some(some) => {
                    let some = if expected { some } else { outcome::ALL & !some };
                    let terms = (Term::of(left, names), Term::of(right, names));
                    let (Some(left), Some(right)) = terms else { return Self::UNKNOWN };
                    Self::compared(left, right, some)
                }
                None => Self::UNKNOWN,
            },
            Expr::Call { receiver, method: "is_none", arguments: [] } => {
                Self::truth(Term::of(receiver, names).map(|term| term.method("is_some")), !expected)
            }
            Expr::Call { receiver, method: "is_empty", arguments: [] } => {
                let Some(term) = Term::of(receiver, names) else { return Self::UNKNOWN };
                let some = if expected { outcome::EQUAL } else { outcome::ALL & !outcome::EQUAL };
                let Some(zero) = Number::whole(0) else { return Self::UNKNOWN };
                Self::compared(term.method("len"), Term::Number(NumberTerm(zero)), some)
            }
            Expr::Match { on, arms } => Self::matches(on, arms, names, expected),
            Expr::If { condition, then, otherwise } => {
                let way =
                    |truth, value| Self::of(condition, names, truth).and(&Self::of(value, names, expected));
                way(true, then).or(&way(false, otherwise))
            }
            Expr::Let { name, value, body } => {
                let mut inner = names.clone();
                inner.name(name, Term::of(value, names));
                Self::of(body, &inner, expected)
            }
            other => Self::truth(Term::of(other, names), expected),
        }
    }

    /// When a value looks like `pattern`. The names that the pattern binds are added to `names`.
    pub(in super::super) fn pattern(on: Option<&Term>, pattern: &Pattern, names: &mut Names) -> Self {
        match pattern {
            Pattern::Any => Self::ALWAYS,
            Pattern::Bind(name) => {
                names.name(name, on.cloned());
                Self::ALWAYS
            }
            Pattern::Literal(literal) => Self::equal(on, &Expr::Literal(*literal)),
            Pattern::Path(path) => Self::equal(on, &Expr::Path(path)),
            Pattern::Construct { name: "Some", arguments: [inner] } => {
                let within = on.cloned().map(Term::within);
                let present = Self::truth(on.cloned().map(|on| on.method("is_some")), true);
                present.and(&Self::pattern(within.as_ref(), inner, names))
            }
            Pattern::Construct { arguments, .. } => {
                arguments.iter().for_each(|part| drop(Self::pattern(None, part, names)));
                Self::UNKNOWN
            }
            Pattern::OneOf(choices) => {
                let either = |choice| Self::pattern(on, choice, &mut names.clone());
                let whole = choices.iter().map(either).reduce(|one, other| one.or(&other));
                // A name is bound in each choice, to a value that is not known to be the same.
                choices.iter().for_each(|choice| drop(Self::pattern(None, choice, names)));
                whole.unwrap_or(Self::UNKNOWN)
            }
        }
    }

    fn equal(on: Option<&Term>, constant: &Expr) -> Self {
        match (on, Term::of(constant, &Names::default())) {
            (Some(on), Some(constant)) => Self::compared(on.clone(), constant, outcome::EQUAL),
            _ => Self::UNKNOWN,
        }
    }

    /// `matches!`, and a `match` whose arms are constants.
    fn matches(on: &Expr, arms: &[Arm], names: &Names, expected: bool) -> Self {
        let on = Term::of(on, names);
        let mut before = Self::ALWAYS;
        let mut whole = Self::constant(false);
        for arm in arms {
            let mut inner = names.clone();
            let mut way = Self::pattern(on.as_ref(), &arm.pattern, &mut inner);
            if let Some(condition) = &arm.condition {
                way = way.and(&Self::of(condition, &inner, true));
            }
            whole = whole.or(&before.and(&way).and(&Self::of(&arm.value, &inner, expected)));
            before = before.and(&way.negated());
        }
        whole
    }

    /// Always or never. What never holds demands one of no values.
    pub(super) fn constant(truth: bool) -> Self {
        if truth { Self::ALWAYS } else { Self::part(Subject::Term(Term::Truth(true)), Values::outcomes(0)) }
    }

    /// When a term of type `bool` is `expected`.
    pub(super) fn truth(term: Option<Term>, expected: bool) -> Self {
        match term {
            Some(Term::Truth(truth)) => Self::constant(truth == expected),
            Some(term) => Self::part(Subject::Term(term), Values::truth(expected)),
            None => Self::UNKNOWN,
        }
    }

    pub(super) fn part(subject: Subject, values: Values) -> Self {
        Self { parts: vec![(subject, values)], exact: true }
    }

    pub(super) fn parts(&self) -> &[(Subject, Values)] {
        &self.parts
    }

    /// When both hold.
    pub(in super::super) fn and(&self, other: &Self) -> Self {
        let mut both = Self { parts: self.parts.clone(), exact: self.exact && other.exact };
        for (subject, values) in &other.parts {
            match both.parts.iter_mut().find(|(known, _)| known == subject) {
                Some((_, known)) => match known.intersection(values) {
                    Some(narrower) => *known = narrower,
                    None => both.exact = false,
                },
                None => both.parts.push((subject.clone(), values.clone())),
            }
        }
        both
    }

    /// When one of them holds.
    pub(in super::super) fn or(&self, other: &Self) -> Self {
        let nothing = Known::default();
        if self.never(&nothing) {
            return other.clone();
        }
        if other.never(&nothing) {
            return self.clone();
        }
        let mut parts = Vec::new();
        for (subject, values) in &self.parts {
            let others = other.parts.iter().find(|(known, _)| known == subject).map(|(_, values)| values);
            if let Some(either) = others.and_then(|others| values.union(others)) {
                parts.push((subject.clone(), either));
            }
        }
        let one_subject = self.parts.len() == 1 && other.parts.len() == 1 && parts.len() == 1;
        let always = self.exact && self.parts.is_empty() || other.exact && other.parts.is_empty();
        if always {
            return Self::ALWAYS;
        }
        Self { parts, exact: self.exact && other.exact && one_subject }
    }

    /// When it does not hold, as far as that can be said.
    pub(in super::super) fn negated(&self) -> Self {
        match self.parts.as_slice() {
            _ if !self.exact => Self::UNKNOWN,
            [] => Self::constant(false),
            [(subject, values)] => Self::part(subject.clone(), values.complement()),
            _ => Self::UNKNOWN,
        }
    }

    /// Whether it can be said that it never holds.
    pub(in super::super) fn never(&self, known: &Known) -> bool {
        self.parts
            .iter()
            .any(|(subject, values)| known.left(subject, values).is_some_and(|left| left.is_empty()))
    }

    /// Whether it can be said that it always holds.
    pub(in super::super) fn always(&self, known: &Known) -> bool {
        self.exact
            && self.parts.iter().all(|(subject, values)| {
                values.complement().is_empty()
                    || known.find(subject).is_some_and(|known| known.within(values))
            })
    }

    /// Whether it can be said that `other` holds wherever this does.
    pub(in super::super) fn implies(&self, other: &Self, known: &Known) -> bool {
        other.always(&known.and(self))
    }

    /// Whether both are about the values of one and the same term, some of which both take, and some only one.
    pub(in super::super) fn overlaps(&self, other: &Self, known: &Known) -> bool {
        let ([(subject, values)], [(same, others)]) = (self.parts.as_slice(), other.parts.as_slice()) else {
            return false;
        };
        self.exact
            && other.exact
            && subject == same
            && !self.and(other).never(known)
            && !self.implies(other, known)
            && !other.implies(self, known)
            && values != others
    }
}

#[cfg(test)]
mod tests {
    use super::{Condition, Known, Names};
    use crate::model::{Arm, BinaryOperator as Op, Expr, Literal, Pattern, UnaryOperator};

    const X: Expr = Expr::Input("x");
    const Y: Expr = Expr::Input("y");

    fn keep<T>(value: T) -> &'static T {
        Box::leak(Box::new(value))
    }

    fn compare(operator: Op, left: Expr, right: Expr) -> Expr {
        Expr::Binary(operator, keep(left), keep(right))
    }

    fn int(number: i128) -> Expr {
        Expr::Literal(Literal::Int(number))
    }

    fn holds(expr: &Expr) -> Condition {
        Condition::of(expr, &Names::default(), true)
    }

    fn never(expr: &Expr) -> bool {
        holds(expr).never(&Known::default())
    }

    fn always(expr: &Expr) -> bool {
        holds(expr).always(&Known::default())
    }

    fn and(left: Expr, right: Expr) -> Expr {
        compare(Op::And, left, right)
    }

    fn or(left: Expr, right: Expr) -> Expr {
        compare(Op::Or, left, right)
    }

    fn not(operand: Expr) -> Expr {
        Expr::Unary(UnaryOperator::Not, keep(operand))
    }

    #[test]
    fn bounds_that_exclude_each_other() {
        assert!(never(&and(compare(Op::Greater, X, int(5)), compare(Op::Less, X, int(3)))));
        assert!(never(&and(compare(Op::Greater, X, int(5)), compare(Op::Less, X, int(6)))));
        assert!(!never(&and(compare(Op::Greater, X, int(5)), compare(Op::Less, Y, int(3)))));
        assert!(always(&or(compare(Op::Greater, X, int(5)), compare(Op::LessOrEqual, X, int(5)))));
        assert!(never(&not(or(compare(Op::NotEqual, X, int(5)), compare(Op::Equal, int(5), X)))));
    }

    #[test]
    fn terms_compared_with_each_other() {
        assert!(never(&and(compare(Op::Less, X, Y), compare(Op::Less, Y, X))));
        assert!(always(&compare(Op::LessOrEqual, X, X)) && never(&compare(Op::Less, X, X)));
        // Two amounts of different currencies are neither less nor greater.
        assert!(!always(&or(compare(Op::Less, X, Y), compare(Op::GreaterOrEqual, X, Y))));
        assert!(always(&or(compare(Op::Less, X, Y), not(compare(Op::Less, X, Y)))));
    }

    #[test]
    fn names_and_truth_values() {
        let (open, held) = (Expr::Path("Status::Open"), Expr::Path("Status::Held"));
        assert!(never(&and(compare(Op::Equal, X, open), compare(Op::Equal, X, held))));
        assert!(!never(&and(compare(Op::NotEqual, X, open), compare(Op::NotEqual, X, held))));
        assert!(
            never(&and(X, not(X)))
                && never(&and(X, compare(Op::Equal, X, Expr::Literal(Literal::Bool(false)))))
        );
        let limit = Expr::Path("LIMIT");
        assert!(!never(&and(compare(Op::Equal, X, limit), compare(Op::Equal, X, Expr::Path("OTHER")))));
    }

    #[test]
    fn presence_is_one_question_however_it_is_asked() {
        let call = |method| Expr::Call { receiver: &X, method, arguments: &[] };
        assert!(never(&and(call("is_some"), call("is_none"))));
        assert!(never(&and(compare(Op::Equal, X, Expr::Path("None")), call("is_some"))));
        assert!(never(&and(call("is_empty"), compare(Op::Greater, call("len"), int(0)))));
    }

    #[test]
    fn a_match_that_asks_for_a_shape() {
        let truth = |truth| Expr::Literal(Literal::Bool(truth));
        let arms = [
            Arm {
                pattern: Pattern::OneOf(&[Pattern::Path("S::Aa"), Pattern::Path("S::Bb")]),
                condition: None,
                value: truth(true),
            },
            Arm { pattern: Pattern::Any, condition: None, value: truth(false) },
        ];
        let matches = Expr::Match { on: &X, arms: keep(arms) };
        assert!(never(&and(matches, compare(Op::Equal, X, Expr::Path("S::Cc")))));
        assert!(!never(&and(matches, compare(Op::Equal, X, Expr::Path("S::Bb")))));
        assert!(never(&and(not(matches), compare(Op::Equal, X, Expr::Path("S::Bb")))));
    }

    #[test]
    fn what_is_not_understood_is_neither_always_nor_never() {
        let helper = Expr::Native { name: "rating", reads: &[], arguments: &[] };
        for expr in [helper, and(helper, not(helper)), or(helper, not(helper)), not(and(helper, X))] {
            assert!(!never(&expr) && !always(&expr), "{expr}");
        }
        assert!(never(&and(helper, and(X, not(X)))));
    }

    #[test]
    fn one_condition_can_imply_another_or_overlap_with_it() {
        let known = Known::default();
        let (above_5, above_3) =
            (holds(&compare(Op::Greater, X, int(5))), holds(&compare(Op::Greater, X, int(3))));
        let below_9 = holds(&compare(Op::Less, X, int(9)));
        assert!(above_5.implies(&above_3, &known) && !above_3.implies(&above_5, &known));
        assert!(above_5.overlaps(&below_9, &known) && !above_5.overlaps(&above_3, &known));
        assert!(!above_5.overlaps(&holds(&compare(Op::Less, Y, int(9))), &known));
        assert!(!above_5.overlaps(&holds(&compare(Op::Less, X, int(5))), &known));
    }
}
