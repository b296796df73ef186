//! Expressions with their local names resolved.

use std::fmt::Write as _;

use crate::model::{Arm, Expr, Literal, Pattern, UnaryOperator};

use super::number::Number;

/// An expression without local names. Equal terms have equal values, as long as nothing is assigned in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Term {
    /// A number.
    Number(NumberTerm),
    /// `true` or `false`.
    Truth(bool),
    /// A text, or a variant without payload; a text is in quotes.
    Name(String),
    /// `None`.
    Absent,
    /// Anything else: a word for what it is, and its parts.
    Of(String, Vec<Self>),
}

/// A number within a [`Term`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct NumberTerm(pub(super) Number);

/// What names stand for at one place of a body.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Names {
    /// Local names, innermost last.
    locals: Vec<(&'static str, Option<Term>)>,
    /// The fields that were assigned before, once for each time.
    assigned: Vec<&'static str>,
}

impl Names {
    /// Names a value; nothing for one that has no term.
    pub(in super::super) fn name(&mut self, name: &'static str, term: Option<Term>) {
        self.locals.push((name, term));
    }

    /// From here on the field has another value.
    pub(in super::super) fn assign(&mut self, field: &'static str) {
        self.assigned.push(field);
    }

    /// The value that a field has here.
    pub(in super::super) fn field(&self, name: &str) -> Term {
        let times = self.assigned.iter().filter(|assigned| **assigned == name).count();
        if times == 0 {
            Term::field(name)
        } else {
            Term::Of(format!("self.{name}"), vec![Term::one(times.to_string())])
        }
    }

    /// A name for something that has no other; the place among the names tells it apart from others called the same.
    pub(in super::super) fn bind(&mut self, name: &'static str) {
        self.name(name, Some(Term::one(format!("bound {} {name}", self.locals.len()))));
    }

    fn find(&self, name: &str) -> Option<&Option<Term>> {
        self.locals.iter().rev().find(|(known, _)| *known == name).map(|(_, term)| term)
    }
}

impl Term {
    fn one(word: impl Into<String>) -> Self {
        Self::Of(word.into(), Vec::new())
    }

    /// The field `name` as it was loaded.
    pub(in super::super) fn field(name: &str) -> Self {
        Self::one(format!("self.{name}"))
    }

    /// The parameter `name`.
    pub(in super::super) fn input(name: &str) -> Self {
        Self::one(format!("input.{name}"))
    }

    /// The value within an optional one.
    pub(in super::super) fn within(self) -> Self {
        Self::Of("within".to_owned(), vec![self])
    }

    /// The result of a method without arguments.
    pub(in super::super) fn method(self, method: &str) -> Self {
        Self::Of(format!(".{method}"), vec![self])
    }

    /// The term of an expression; nothing where it calls a helper whose body is not read, because two calls of it may
    /// have two results.
    pub(in super::super) fn of(expr: &Expr, names: &Names) -> Option<Self> {
        let all = |parts: &[Expr]| parts.iter().map(|part| Self::of(part, names)).collect::<Option<Vec<_>>>();
        Some(match expr {
            Expr::Field(name) => names.field(name),
            Expr::Input(name) => Self::input(name),
            Expr::Context(name) => Self::one(format!("context.{name}")),
            Expr::Local(name) => match names.find(name) {
                Some(term) => term.clone()?,
                None => Self::one(format!("local.{name}")),
            },
            Expr::Literal(literal) => Self::literal(literal)?,
            Expr::Path(path) => Self::path(path),
            Expr::Unary(operator, operand) => match (operator, Self::of(operand, names)?) {
                (UnaryOperator::Negate, Self::Number(number)) => {
                    Self::Number(NumberTerm(number.0.negative()))
                }
                (UnaryOperator::Not, Self::Truth(truth)) => Self::Truth(!truth),
                (operator, operand) => Self::Of(format!("{operator:?}"), vec![operand]),
            },
            Expr::Binary(operator, left, right) => {
                Self::Of(operator.symbol().to_owned(), vec![Self::of(left, names)?, Self::of(right, names)?])
            }
            Expr::Call { receiver, method, arguments } => {
                let mut parts = vec![Self::of(receiver, names)?];
                parts.extend(all(arguments)?);
                Self::Of(format!(".{method}"), parts)
            }
            Expr::Member(record, name) => Self::Of(format!("member {name}"), vec![Self::of(record, names)?]),
            Expr::If { condition, then, otherwise } => Self::Of(
                "if".to_owned(),
                vec![Self::of(condition, names)?, Self::of(then, names)?, Self::of(otherwise, names)?],
            ),
            Expr::Match { on, arms } => Self::choice(on, arms, names)?,
            Expr::Record { name, members, base } => {
                let words: Vec<&str> = members.iter().map(|(member, _)| *member).collect();
                let values = members.iter().map(|(_, value)| value).chain(*base);
                let parts = values.map(|value| Self::of(value, names)).collect::<Option<_>>()?;
                Self::Of(format!("{name} {words:?} {}", base.is_some()), parts)
            }
            Expr::Construct { name, arguments } => Self::construct(name, all(arguments)?),
            Expr::List(items) => Self::Of("list".to_owned(), all(items)?),
            Expr::Concat(parts) => Self::Of("concat".to_owned(), all(parts)?),
            Expr::Fold { fold, list, binding, body } => {
                let mut inner = names.clone();
                inner.bind(binding);
                Self::Of(
                    format!("fold {}", fold.word()),
                    vec![Self::of(list, names)?, Self::of(body, &inner)?],
                )
            }
            Expr::Let { name, value, body } => {
                let mut inner = names.clone();
                inner.name(name, Self::of(value, names));
                Self::of(body, &inner)?
            }
            Expr::Native { .. } => return None,
        })
    }

    fn choice(on: &Expr, arms: &[Arm], names: &Names) -> Option<Self> {
        let mut word = String::from("match");
        let mut parts = vec![Self::of(on, names)?];
        for arm in arms {
            let mut inner = names.clone();
            bind(&arm.pattern, &mut inner);
            // Writing to a `String` cannot fail.
            let _ = write!(word, " {} {}", arm.pattern, arm.condition.is_some());
            for part in arm.condition.iter().chain([&arm.value]) {
                parts.push(Self::of(part, &inner)?);
            }
        }
        Some(Self::Of(word, parts))
    }

    fn literal(literal: &Literal) -> Option<Self> {
        Some(match literal {
            Literal::Bool(truth) => Self::Truth(*truth),
            Literal::Int(number) => Self::Number(NumberTerm(Number::whole(*number)?)),
            Literal::Decimal(text) => Self::Number(NumberTerm(Number::parse(text)?)),
            Literal::Text(text) => Self::Name(format!("{text:?}")),
        })
    }

    /// A constant. A name such as `Open` is a variant and differs from every other one; `LIMIT` may be anything.
    fn path(path: &str) -> Self {
        let number = match path {
            "Decimal::ZERO" => Number::decimal(0, 0),
            "Decimal::ONE" => Number::decimal(1, 0),
            _ => None,
        };
        if let Some(number) = number {
            return Self::Number(NumberTerm(number));
        }
        if path == "None" {
            return Self::Absent;
        }
        let last = path.rsplit("::").next().unwrap_or(path);
        let variant = last.starts_with(char::is_uppercase) && last.contains(char::is_lowercase);
        if variant { Self::Name(last.to_owned()) } else { Self::one(format!("constant {path}")) }
    }

    fn construct(name: &str, arguments: Vec<Self>) -> Self {
        let number = match (name, arguments.as_slice()) {
            ("Decimal::new", [Self::Number(digits), Self::Number(scale)]) => {
                let (digits, scale) = (digits.0.as_whole(), scale.0.as_whole());
                digits.zip(scale).and_then(|(digits, scale)| Number::decimal(digits, scale))
            }
            ("Decimal::from", [Self::Number(digits)]) => {
                digits.0.as_whole().and_then(|digits| Number::decimal(digits, 0))
            }
            _ => None,
        };
        number.map_or_else(|| Self::Of(name.to_owned(), arguments), |number| Self::Number(NumberTerm(number)))
    }

    /// Whether the field `name` is part of it.
    pub(in super::super) fn mentions(&self, name: &str) -> bool {
        match self {
            Self::Of(word, parts) => {
                word.strip_prefix("self.") == Some(name) || parts.iter().any(|part| part.mentions(name))
            }
            _ => false,
        }
    }
}

/// The names within a pattern stand for parts of the value, whichever these are.
fn bind(pattern: &Pattern, names: &mut Names) {
    match pattern {
        Pattern::Bind(name) => names.bind(name),
        Pattern::Construct { arguments, .. } | Pattern::OneOf(arguments) => {
            arguments.iter().for_each(|part| bind(part, names));
        }
        Pattern::Any | Pattern::Literal(_) | Pattern::Path(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{Names, Term};
    use crate::model::{Expr, Literal};

    const AMOUNT: Expr = Expr::Input("amount");
    const LOCAL: Expr = Expr::Local("total");

    #[test]
    fn a_local_name_stands_for_its_value() {
        let mut names = Names::default();
        names.name("total", Term::of(&AMOUNT, &names));
        assert_eq!(Term::of(&LOCAL, &names), Some(Term::input("amount")));
        let with_name = Expr::Let { name: "total", value: &AMOUNT, body: &LOCAL };
        assert_eq!(Term::of(&with_name, &Names::default()), Some(Term::input("amount")));
    }

    #[test]
    fn constants_are_known_and_names_in_capitals_are_not() {
        let of = |expr| Term::of(&expr, &Names::default()).unwrap();
        let new = [Expr::Literal(Literal::Int(150)), Expr::Literal(Literal::Int(2))];
        let new = Expr::Construct { name: "Decimal::new", arguments: Box::leak(Box::new(new)) };
        assert_eq!(of(new), of(Expr::Literal(Literal::Decimal("1.5"))));
        assert_eq!(of(Expr::Path("Status::Open")), of(Expr::Path("Open")));
        assert_ne!(of(Expr::Path("A::LIMIT")), of(Expr::Path("B::LIMIT")));
    }

    #[test]
    fn a_field_has_another_value_once_it_is_assigned() {
        let mut names = Names::default();
        names.name("total", Term::of(&Expr::Field("paid"), &names));
        names.assign("paid");
        let now = Term::of(&Expr::Field("paid"), &names).unwrap();
        assert_ne!(Term::of(&LOCAL, &names).unwrap(), now);
        assert!(now.mentions("paid") && !now.mentions("pai"));
    }

    #[test]
    fn a_helper_has_no_term() {
        let helper = Expr::Native { name: "rating", reads: &[], arguments: &[] };
        assert_eq!(Term::of(&helper, &Names::default()), None);
    }
}
