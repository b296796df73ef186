//! What is known of terms from types, constraints and the declared states.

use super::number::Number;
use super::ranges::Ranges;
use super::term::{Names, NumberTerm, Term};
use super::values::Values;
use super::{Condition, condition::Subject};
use crate::model::{Constraint, Entity, Expr, Field, Literal, Rule, Transition, Type};

/// The values that terms can have.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Known(Vec<(Subject, Values)>);

impl Known {
    /// What is known of every loaded entity: types, constraints, the states.
    pub(in super::super) fn of_entity(entity: &Entity) -> Self {
        let mut known = Self::default();
        for field in entity.structure.fields {
            known.typed(Term::field(field.name), &field.ty);
            for constraint in field.constraints {
                known.constrained(Term::field(field.name), &field.ty, constraint);
            }
        }
        known
    }

    /// What is known when the guards of a transition are looked at.
    pub(in super::super) fn of_transition(entity: &Entity, transition: &Transition) -> Self {
        let mut known = Self::of_entity(entity);
        for parameter in transition.parameters {
            known.typed(Term::input(parameter.name), &parameter.ty);
            for constraint in parameter.constraints {
                known.constrained(Term::input(parameter.name), &parameter.ty, constraint);
            }
        }
        if let (Some(edge), Some((field, _))) = (transition.edge, entity.structure.lifecycle())
            && !edge.from.is_empty()
        {
            let states = Values::names(edge.from.iter().map(|state| (*state).to_owned()));
            known.narrow(Subject::Term(Term::field(field.name)), &states);
        }
        known
    }

    /// Whether a constraint of a field can be said to refuse this value.
    pub(in super::super) fn excludes(field: &Field, constraint: &Constraint, value: &Expr) -> bool {
        let subject = Term::field(field.name);
        let condition = match Term::of(value, &Names::default()) {
            Some(Term::Number(number)) => Condition::equal_to(subject, number),
            Some(Term::Name(_)) => {
                let Some(length) = literal_length(value).and_then(Number::whole) else { return false };
                Condition::equal_to(subject.method("len"), NumberTerm(length))
            }
            _ => return false,
        };
        let mut known = Self::default();
        known.constrained(Term::field(field.name), field.ty.required(), constraint);
        condition.never(&known)
    }

    /// Whether nothing can have all of these values.
    pub(in super::super) fn is_impossible(&self) -> bool {
        self.0.iter().any(|(_, values)| values.is_empty())
    }

    /// The same, where a condition holds.
    pub(in super::super) fn and(&self, condition: &Condition) -> Self {
        let mut known = self.clone();
        condition.parts().iter().for_each(|(subject, values)| known.narrow(subject.clone(), values));
        known
    }

    /// The values that are left for a subject among `values`.
    pub(super) fn left(&self, subject: &Subject, values: &Values) -> Option<Values> {
        match self.find(subject) {
            Some(known) => known.intersection(values),
            None => Some(values.clone()),
        }
    }

    pub(super) fn find(&self, subject: &Subject) -> Option<&Values> {
        self.0.iter().find(|(known, _)| known == subject).map(|(_, values)| values)
    }

    fn narrow(&mut self, subject: Subject, values: &Values) {
        match self.0.iter_mut().find(|(known, _)| *known == subject) {
            Some((_, known)) => *known = known.intersection(values).unwrap_or_else(|| known.clone()),
            None => self.0.push((subject, values.clone())),
        }
    }

    fn typed(&mut self, term: Term, ty: &Type) {
        let whole = |least: i128, greatest: i128| {
            Some(Values::Numbers(between(Number::whole(least), Number::whole(greatest), true)))
        };
        let values = match ty {
            Type::Int32 => whole(i32::MIN.into(), i32::MAX.into()),
            Type::UInt32 => whole(0, u32::MAX.into()),
            Type::Int64 => whole(i64::MIN.into(), i64::MAX.into()),
            Type::Enum(choice) => {
                Some(Values::names(choice.variants.iter().map(|variant| variant.name.to_owned())))
            }
            Type::Optional(inner) => return self.typed(term.within(), inner),
            Type::Text | Type::Bytes | Type::List(_) | Type::Set(_) => {
                let term = term.method("len");
                let least = Values::Numbers(between(Number::whole(0), None, true));
                return self.narrow(Subject::Term(term), &least);
            }
            _ => None,
        };
        if let Some(values) = values {
            self.narrow(Subject::Term(term), &values);
        }
    }

    fn constrained(&mut self, term: Term, ty: &Type, constraint: &Constraint) {
        let term = if ty.is_optional() { term.within() } else { term };
        match constraint.rule {
            Rule::Range { least, greatest, inclusive } => {
                let values = Values::Numbers(between(number(least), number(greatest), inclusive));
                self.narrow(Subject::Term(term), &values);
            }
            Rule::Length { least, greatest } => {
                let limit = |number: u32| Number::whole(number.into());
                let values = Values::Numbers(between(limit(least), greatest.and_then(limit), true));
                self.narrow(Subject::Term(term.method("len")), &values);
            }
            Rule::Pattern(_) | Rule::Check(_) => {}
        }
    }
}

/// The number of characters of a text.
fn literal_length(value: &Expr) -> Option<i128> {
    match value {
        Expr::Literal(Literal::Text(text)) => i128::try_from(text.chars().count()).ok(),
        _ => None,
    }
}

fn number(expr: Option<Expr>) -> Option<Number> {
    match Term::of(&expr?, &Names::default())? {
        Term::Number(NumberTerm(number)) => Some(number),
        _ => None,
    }
}

fn between(least: Option<Number>, greatest: Option<Number>, inclusive: bool) -> Ranges {
    let least = least.map_or_else(Ranges::all, Ranges::at_least);
    let beyond = |number| if inclusive { Ranges::above(number) } else { Ranges::at_least(number) };
    least.intersection(&greatest.map_or_else(Ranges::all, |number| beyond(number).complement()))
}
