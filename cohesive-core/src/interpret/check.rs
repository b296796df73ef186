//! Whether a value is one that its place permits: storable, and within its constraints.

use crate::model::{Constraint, Expr, Member, Rule, Type};
use crate::value::{Flaw, check_id_text};

use super::compare::order;
use super::{Content, Document, Interpreter, Scope, Stop};

impl Interpreter {
    /// What keeps a value from being stored, if something does.
    ///
    /// # Errors
    /// When a constraint of a record cannot be judged.
    pub fn flaw(&self, ty: &Type, value: &Content) -> Result<Option<Flaw>, Stop> {
        Ok(match (ty, value) {
            (Type::Optional(inner), Content::Present(value)) => self.flaw(inner, value)?,
            (Type::Id(id), Content::Text(text)) if matches!(id.inner, Type::Text) => {
                check_id_text(text).err()
            }
            (Type::Id(id), value) => self.flaw(&id.inner, value)?,
            (_, Content::Text(text)) => text.bytes().any(|byte| byte == 0).then_some(Flaw::NulCharacter),
            (Type::List(inner), Content::List(items)) if duplicate(inner, items) => {
                Some(Flaw::DuplicateChild)
            }
            (Type::List(inner), Content::List(items)) | (Type::Set(inner), Content::Set(items)) => {
                self.first_flaw(items.iter().map(|item| (&**inner, item)))?
            }
            (Type::Record(record), Content::Record(values)) => {
                let members = record.members.iter().zip(values);
                let plain =
                    self.first_flaw(members.clone().map(|(member, (_, value))| (&member.ty, value)))?;
                match plain {
                    None => {
                        self.unkept_member(members.map(|(member, (_, value))| (member.constraints, value)))?
                    }
                    flaw => flaw,
                }
            }
            _ => None,
        })
    }

    /// What keeps a message from being stored, with the member's name.
    pub(super) fn message_flaw(
        &self,
        members: &[Member],
        payload: &Document,
    ) -> Result<Option<(&'static str, Flaw)>, Stop> {
        for member in members {
            let Some(value) = payload.get(member.name) else { continue };
            if let Some(flaw) = self.flaw(&member.ty, value)? {
                return Ok(Some((member.name, flaw)));
            }
        }
        Ok(None)
    }

    fn first_flaw<'v>(
        &self,
        values: impl Iterator<Item = (&'v Type, &'v Content)>,
    ) -> Result<Option<Flaw>, Stop> {
        for (ty, value) in values {
            if let Some(flaw) = self.flaw(ty, value)? {
                return Ok(Some(flaw));
            }
        }
        Ok(None)
    }

    fn unkept_member<'v>(
        &self,
        values: impl Iterator<Item = (&'static [Constraint], &'v Content)>,
    ) -> Result<Option<Flaw>, Stop> {
        let nothing = Document::new();
        for (constraints, value) in values {
            for constraint in constraints {
                if !self.member_scope(&nothing).keeps(&constraint.rule, value)? {
                    return Ok(Some(Flaw::Constraint(constraint)));
                }
            }
        }
        Ok(None)
    }
}

/// Whether two elements of a list are children with one id.
fn duplicate(element: &Type, items: &[Content]) -> bool {
    let Type::Record(record) = element else { return false };
    let Some(id) = record.id else { return false };
    let twice = |(index, item): (usize, &Content)| {
        let same = |other: &Content| {
            matches!(
                (item.member(id), other.member(id)),
                (Some(one), Some(other)) if super::compare::equal(&one, &other) == Ok(true)
            )
        };
        items.iter().take(index).any(same)
    };
    items.iter().enumerate().any(twice)
}

impl Scope<'_> {
    /// Whether a value keeps a rule. An absent value keeps every rule.
    ///
    /// # Errors
    /// When the rule cannot be judged.
    pub fn keeps(&mut self, rule: &Rule, value: &Content) -> Result<bool, Stop> {
        let value = match value {
            Content::Absent => return Ok(true),
            Content::Present(value) => return self.keeps(rule, value),
            other => other,
        };
        match rule {
            Rule::Range { least, greatest, inclusive } => {
                let above = self.compares(value, least.as_ref(), std::cmp::Ordering::is_ge)?;
                let within = if *inclusive { std::cmp::Ordering::is_le } else { std::cmp::Ordering::is_lt };
                Ok(above && self.compares(value, greatest.as_ref(), within)?)
            }
            Rule::Length { least, greatest } => {
                let length = match value {
                    Content::Text(text) => text.chars().count(),
                    Content::Bytes(bytes) => bytes.len(),
                    Content::List(items) | Content::Set(items) => items.len(),
                    other => return Err(Stop::opaque(format!("the length of {}", other.kind()))),
                };
                let length = u32::try_from(length).unwrap_or(u32::MAX);
                Ok(length >= *least && greatest.is_none_or(|greatest| length <= greatest))
            }
            Rule::Pattern(source) => match value {
                Content::Text(text) => self.names.matches(source, text),
                Content::Currency(currency) => self.names.matches(source, currency.code()),
                other => Err(Stop::opaque(format!("a pattern on {}", other.kind()))),
            },
            Rule::Check(condition) => self.truth(condition),
        }
    }

    fn compares(
        &mut self,
        value: &Content,
        bound: Option<&Expr>,
        permitted: fn(std::cmp::Ordering) -> bool,
    ) -> Result<bool, Stop> {
        let Some(bound) = bound else { return Ok(true) };
        let bound = self.evaluate(bound)?;
        let order = match (value, &bound) {
            // The bounds of money are amounts.
            (Content::Money(money), Content::Decimal(_)) => order(&Content::Decimal(money.amount), &bound)?,
            _ => order(value, &bound)?,
        };
        Ok(order.is_some_and(permitted))
    }
}
