//! Values that are made up: from a type, from its constraints, and from what is known already.

mod pattern;
mod scalar;
mod text;

use crate::interpret::{Content, Document, Interpreter};
use crate::model::{Constraint, Expr, Field, RecordType, Rule, Type};
use crate::value::Timestamp;

use super::choices::Choices;
use super::pool::{Pool, neighbour};

/// One who makes values up.
pub(super) struct Maker<'a> {
    pub(super) choices: &'a mut Choices,
    pub(super) interpreter: &'a Interpreter,
    pub(super) pool: &'a Pool,
    /// The instant around which instants lie.
    pub(super) now: Timestamp,
}

impl Maker<'_> {
    /// A value of type `ty` that mostly keeps its constraints, and is often at one of their bounds.
    pub(super) fn value(&mut self, ty: &Type, constraints: &[&Constraint]) -> Content {
        if let Type::Optional(inner) = ty {
            return if self.choices.below(4) == 0 {
                Content::Absent
            } else {
                Content::present(self.value(inner, constraints))
            };
        }
        let rules: Vec<&Rule> = constraints.iter().map(|constraint| &constraint.rule).collect();
        for rule in &rules {
            if self.choices.once_in(3)
                && let Some(value) = self.at_the_edge(ty, rule)
            {
                return value;
            }
        }
        let lengths = lengths(&rules);
        let mut value = self.free(ty, lengths);
        for _ in 0..3 {
            let Some(rule) = self.unkept(&rules, &value) else { break };
            match self.keeping(ty, rule) {
                Some(kept) => value = kept,
                None => break,
            }
        }
        value
    }

    /// A value of type `ty`, whatever its constraints; lists and texts have a length within `lengths`.
    pub(super) fn free(&mut self, ty: &Type, lengths: (u64, u64)) -> Content {
        let known: Vec<Content> = self.pool.of_type(ty).cloned().collect();
        if !known.is_empty() && self.choices.below(3) == 2 {
            let value = self.choices.one_of(&known).cloned();
            let near = match self.choices.below(6) {
                4 => value.as_ref().and_then(|value| neighbour(value, true)),
                5 => value.as_ref().and_then(|value| neighbour(value, false)),
                _ => None,
            };
            if let Some(value) = near.or(value) {
                return value;
            }
        }
        match ty {
            Type::Optional(_) => self.value(ty, &[]),
            Type::Id(id) if matches!(id.inner, Type::Text) => Content::Text(self.id_text()),
            Type::Id(id) => self.free(&id.inner, lengths),
            Type::Record(record) => self.record(record),
            Type::List(inner) => Content::List(self.items(inner, lengths)),
            Type::Set(inner) => Content::set_of(self.items(inner, lengths)),
            Type::Text => Content::Text(self.text(lengths)),
            Type::Enum(choice) => Content::Variant(choice, self.choices.index(choice.variants.len())),
            scalar => self.scalar(scalar),
        }
    }

    fn record(&mut self, record: &'static RecordType) -> Content {
        if let Some(money) = self.money(record) {
            return money;
        }
        let members = record.members.iter().map(|member| {
            let constraints: Vec<&Constraint> = member.constraints.iter().collect();
            (member.name, self.value(&member.ty, &constraints))
        });
        Content::Record(members.collect())
    }

    /// Elements of a list; children have distinct ids.
    fn items(&mut self, ty: &Type, (least, greatest): (u64, u64)) -> Vec<Content> {
        let usual = if self.choices.once_in(16) { 12 } else { 4 };
        let room = greatest.saturating_sub(least).saturating_add(1).min(usual);
        let count = least.saturating_add(self.choices.below(room)).min(64);
        let id = match ty {
            Type::Record(record) => record.id,
            _ => None,
        };
        let child = |item: &Content| id.and_then(|id| item.member(id).map(std::borrow::Cow::into_owned));
        let mut items: Vec<Content> = Vec::new();
        for _ in 0..count {
            let item = self.spanned(|maker| maker.free(ty, ANY_LENGTH));
            let id = child(&item);
            if id.is_none() || items.iter().all(|other| child(other) != id) {
                items.push(item);
            }
        }
        items
    }

    /// What `make` makes up, as a part of the choices that can be left out.
    fn spanned<T>(&mut self, make: impl FnOnce(&mut Maker<'_>) -> T) -> T {
        let (interpreter, pool, now) = (self.interpreter, self.pool, self.now);
        self.choices.span(|choices| make(&mut Maker { choices, interpreter, pool, now }))
    }

    /// The first rule that a value does not keep.
    fn unkept<'r>(&self, rules: &[&'r Rule], value: &Content) -> Option<&'r Rule> {
        let nothing = Document::new();
        let kept = |rule: &Rule| {
            let mut scope = self.interpreter.structure_scope(&nothing);
            scope
                .keeps(rule, value)
                .or_else(|_| self.interpreter.invariant_scope(&nothing).keeps(rule, value))
        };
        rules.iter().copied().find(|rule| !matches!(rule, Rule::Check(_)) && kept(rule) == Ok(false))
    }

    /// The value of a bound.
    fn bound(&self, bound: Option<&Expr>) -> Option<Content> {
        let (bound, nothing) = (bound?, Document::new());
        let value = self.interpreter.structure_scope(&nothing).evaluate(bound);
        value.or_else(|_| self.interpreter.invariant_scope(&nothing).evaluate(bound)).ok()
    }

    /// A value that keeps a rule.
    fn keeping(&mut self, ty: &Type, rule: &Rule) -> Option<Content> {
        match rule {
            Rule::Range { least, greatest, inclusive } => {
                let least = self.bound(least.as_ref());
                let greatest = self.bound(greatest.as_ref());
                let greatest =
                    if *inclusive { greatest } else { greatest.and_then(|end| neighbour(&end, false)) };
                self.between(ty, least, greatest)
            }
            Rule::Length { least, greatest } => {
                Some(self.free(ty, (u64::from(*least), greatest.map_or(u64::MAX, u64::from))))
            }
            Rule::Pattern(source) => {
                let text = pattern::matching(source, self.choices)?;
                match ty {
                    Type::Currency => text.parse().ok().map(Content::Currency),
                    _ => Some(Content::Text(text)),
                }
            }
            Rule::Check(_) => None,
        }
    }

    /// A value at a bound of a rule, or just beyond it.
    fn at_the_edge(&mut self, ty: &Type, rule: &Rule) -> Option<Content> {
        match rule {
            Rule::Range { least, greatest, .. } => {
                let bound = if self.choices.below(2) == 0 { least } else { greatest };
                let bound = self.bound(bound.as_ref().or(least.as_ref()).or(greatest.as_ref()))?;
                let near = match self.choices.below(3) {
                    1 => neighbour(&bound, true),
                    2 => neighbour(&bound, false),
                    _ => None,
                };
                typed(near.unwrap_or(bound), ty, self)
            }
            Rule::Length { least, greatest } => {
                let bound = if self.choices.below(2) == 0 { Some(*least) } else { *greatest };
                let bound = u64::from(bound.unwrap_or(*least)).min(300);
                let length = match self.choices.below(3) {
                    1 => bound.saturating_add(1),
                    2 => bound.saturating_sub(1),
                    _ => bound,
                };
                Some(self.free(ty, (length, length)))
            }
            Rule::Pattern(_) | Rule::Check(_) => None,
        }
    }
}

/// No bounds on a length.
const ANY_LENGTH: (u64, u64) = (0, u64::MAX);

/// The bounds on a length that rules set.
fn lengths(rules: &[&Rule]) -> (u64, u64) {
    let mut bounds = ANY_LENGTH;
    for rule in rules {
        if let Rule::Length { least, greatest } = rule {
            bounds = (u64::from(*least), greatest.map_or(u64::MAX, u64::from));
        }
    }
    bounds
}

/// A bound as a value of its field: a number as it is written has the field's width, and the bounds of money are
/// amounts.
fn typed(bound: Content, ty: &Type, maker: &mut Maker<'_>) -> Option<Content> {
    match (ty, bound) {
        (Type::Int32, Content::Number(number)) => i32::try_from(number).ok().map(Content::Int32),
        (Type::Int64, Content::Number(number)) => i64::try_from(number).ok().map(Content::Int64),
        (Type::UInt32, Content::Number(number)) => u32::try_from(number).ok().map(Content::UInt32),
        (Type::Record(record), Content::Decimal(amount)) => match maker.money(record)? {
            Content::Money(money) => Some(Content::Money(crate::value::Money { amount, ..money })),
            _ => None,
        },
        (_, bound) => Some(bound),
    }
}

/// The constraints of the field that a parameter goes into as it is, besides its own.
pub(super) fn destination(
    transition: &'static crate::model::Transition,
    fields: &'static [Field],
    parameter: &str,
) -> Vec<&'static Constraint> {
    let mut constraints = Vec::new();
    for step in transition.steps {
        let crate::model::Step::Set { field, value, .. } = step else { continue };
        let goes = match value {
            Expr::Input(name) | Expr::Construct { name: "Some", arguments: [Expr::Input(name)] } => {
                *name == parameter
            }
            _ => false,
        };
        let field = fields.iter().find(|known| goes && known.name == *field);
        constraints.extend(field.into_iter().flat_map(|field| field.constraints));
    }
    constraints
}
